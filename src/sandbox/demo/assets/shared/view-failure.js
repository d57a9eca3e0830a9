import { button, el, show } from './dom.js';
import { messages } from './messages.js';

export const showWaiting = (text) => show(el('p', { class: 'waiting', role: 'status' }, text));

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

/** Real data can be stranger than any code expects, so a part that can't be rendered must not take down the others. */
export function safely(make) {
  try {
    return make();
  } catch (error) {
    console.error(error);
    return el('p', { class: 'note wrong', role: 'alert' }, messages.failure.section);
  }
}
