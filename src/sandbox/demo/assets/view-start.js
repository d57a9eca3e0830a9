import { button, el, show } from './dom.js';
import { w } from './messages.js';

/**
 * The first screen, also shown after a failed or ended connection.
 * @param options.failure why there is no connection
 * @param options.disconnected whether the user has just disconnected the app
 */
export function showStart(config, { connect, failure, disconnected }) {
  const text = w.start;
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
          el('p', { class: 'title' }, w.disconnected.title),
          el('p', {}, w.disconnected.happened),
          el('p', {}, w.disconnected.next),
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
      el('h1', {}, w.failure.noRecord),
      failureView(failure, again),
      el(
        'p',
        {},
        back && [button(w.failure.back, back), ' '],
        button(w.bar.disconnect, disconnect, { class: 'plain' }),
      ),
    ),
  );

/** Shows an error in words, with the request id that support asks for. */
export function failureView(failure, retry) {
  const denied = failure.code === 'access_denied';
  return el(
    'div',
    { class: denied ? 'note' : 'note wrong', role: 'alert' },
    el('p', { class: 'title' }, denied ? w.failure.denied : w.failure.title),
    el('p', {}, denied ? w.failure.deniedText : failure.message),
    failure.requestId && el('p', { class: 'quiet' }, w.failure.requestId, el('code', {}, failure.requestId)),
    retry && button(w.failure.again, retry),
  );
}
