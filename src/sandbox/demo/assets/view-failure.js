import { button, el } from './dom.js';

/** Shows an error in words, with the request id that support asks for. */
export function failureView(failure, retry) {
  const denied = failure.code === 'access_denied';
  return el(
    'div',
    { class: denied ? 'note' : 'note wrong', role: 'alert' },
    el('p', { class: 'title' }, denied ? 'Nothing was shared' : 'That did not work'),
    el(
      'p',
      {},
      denied
        ? 'You did not allow access, so the app has read nothing. You can connect whenever you want.'
        : failure.message,
    ),
    failure.requestId ? el('p', { class: 'quiet' }, 'Request ', el('code', {}, failure.requestId)) : null,
    retry ? button('Try again', retry) : null,
  );
}
