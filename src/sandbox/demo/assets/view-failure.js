import { button, el } from './dom.js';

/** Shows an error in words, with the request id that support asks for. */
export function failureView(failure, retry) {
  const denied = failure.code === 'access_denied';
  return el(
    'div',
    { class: denied ? 'note' : 'note wrong', role: 'alert' },
    el('p', { class: 'title' }, denied ? 'Nothing was shared' : 'Something went wrong'),
    el(
      'p',
      {},
      denied
        ? 'You didn’t allow access, so the app didn’t read any data. You can connect at any time.'
        : failure.message,
    ),
    failure.requestId ? el('p', { class: 'quiet' }, 'Request ID: ', el('code', {}, failure.requestId)) : null,
    retry ? button('Try again', retry) : null,
  );
}
