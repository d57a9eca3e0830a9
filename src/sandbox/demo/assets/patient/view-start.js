import { button, el, show } from '../shared/dom.js';
import { failureView } from '../shared/view-failure.js';
import { messages } from './messages.js';

/**
 * The first screen, also shown after a failed or ended connection.
 * @param options.failure why there is no connection
 * @param options.disconnected whether the user has just disconnected the app here
 * @param options.ended whether the app found out that its access has ended
 */
export function showStart(config, { connect, failure, disconnected, ended }) {
  const text = messages.start;
  const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, el('code', {}, value)));
  show(
    el(
      'div',
      { class: 'start' },
      failure && failureView(failure),
      ended && el('div', { class: 'note', role: 'status' }, el('p', {}, messages.connection.ended)),
      disconnected &&
        el(
          'div',
          { class: 'note', role: 'status' },
          el('p', { class: 'title' }, messages.disconnected.title),
          el('p', {}, messages.disconnected.happened),
          el('p', {}, messages.disconnected.next),
        ),
      el('h1', {}, text.title),
      el('p', { class: 'lead' }, text.lead),
      button(text.connect, connect, { class: 'big' }),
      el(
        'section',
        { class: 'hint', 'aria-labelledby': 'hint' },
        el('h2', { id: 'hint' }, text.hint),
        el('dl', {}, row(text.username, config.hint.username), row(text.password, config.hint.password)),
        el('p', { class: 'quiet' }, text.others),
      ),
      el('h2', {}, text.how),
      el(
        'ol',
        { class: 'steps' },
        text.steps.map((step) => el('li', {}, step)),
      ),
    ),
  );
}

/** Shows an error when there is nothing else to show. */
export const showFailure = (failure, { again, back, disconnect }) =>
  show(
    el(
      'div',
      { class: 'start' },
      el('h1', {}, messages.connection.noRecord),
      failureView(failure, again),
      el(
        'p',
        {},
        back && [button(messages.connection.back, back), ' '],
        button(messages.bar.disconnect, disconnect, { class: 'plain' }),
      ),
    ),
  );
