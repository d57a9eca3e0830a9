import { button, el, show } from './dom.js';
import { failureView } from './view-failure.js';

export const showWaiting = (text) => show(el('p', { class: 'waiting', role: 'status' }, text));

/** Shows an error when there is nothing else to show. */
export const showFailure = (failure, { again, back, disconnect }) =>
  show(
    el(
      'div',
      { class: 'start' },
      el('h1', {}, 'The app can’t open your record right now'),
      failureView(failure, again),
      el('p', {}, back ? button('Back to R4', back) : null, ' ', button('Disconnect', disconnect, { class: 'plain' })),
    ),
  );
