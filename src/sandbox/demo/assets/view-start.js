import { button, el, show } from './dom.js';
import { messages } from './messages.js';

/**
 * The first screen, also shown after a failed or ended connection.
 * @param options.failure why there is no connection
 * @param options.disconnected whether the user has just disconnected the app
 */
export function showStart(config, { connect, failure, disconnected }) {
  const text = messages.start;
  const row = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, el('code', {}, value)));
  show(
    el(
      'div',
      { class: 'start' },
      failure && failureView(failure),
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

export const showWaiting = (text) => show(el('p', { class: 'waiting', role: 'status' }, text));

/** Shows an error when there is nothing else to show. */
export const showFailure = (failure, { again, back, disconnect }) =>
  show(
    el(
      'div',
      { class: 'start' },
      el('h1', {}, messages.failure.noRecord),
      failureView(failure, again),
      el(
        'p',
        {},
        back && [button(messages.failure.back, back), ' '],
        button(messages.bar.disconnect, disconnect, { class: 'plain' }),
      ),
    ),
  );

/** Shows an error in words, with the request id that support asks for. */
export function failureView(failure, retry) {
  const denied = failure.code === 'access_denied';
  return el(
    'div',
    { class: denied ? 'note' : 'note wrong', role: 'alert' },
    el('p', { class: 'title' }, denied ? messages.failure.denied : messages.failure.title),
    el('p', {}, denied ? messages.failure.deniedText : failure.message),
    failure.requestId && el('p', { class: 'quiet' }, messages.failure.requestId, el('code', {}, failure.requestId)),
    retry && button(messages.failure.again, retry),
  );
}
