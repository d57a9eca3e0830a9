import { button, el, show } from './dom.js';
import { failureView } from './view-failure.js';

/** The first screen, also shown after a failed or ended connection. */
export function showStart(config, { connect, failure, notice }) {
  const main = button('Connect my record', () => connect(main), { class: 'big' });
  show(
    el(
      'div',
      { class: 'start' },
      failure ? failureView(failure) : null,
      notice ? el('p', { class: 'note', role: 'status' }, notice) : null,
      el('h1', {}, 'Your health record, where you want it'),
      el(
        'p',
        { class: 'lead' },
        'This app gets your record from your practice, with your permission, and shows it to you. It doesn’t store health data. When you close the tab, your connection is deleted.',
      ),
      main,
      el(
        'section',
        { class: 'hint', 'aria-labelledby': 'hint' },
        el('h2', { id: 'hint' }, 'Try it with a test patient'),
        el(
          'dl',
          {},
          el('div', {}, el('dt', {}, 'Username'), el('dd', {}, el('code', {}, config.hint.username))),
          el('div', {}, el('dt', {}, 'Password'), el('dd', {}, el('code', {}, config.hint.password))),
        ),
        el(
          'p',
          { class: 'quiet' },
          'There are twenty-two more, patient02 to patient23, with the same password. patient02 has the largest record. patient04 is a child. patient23 has records at two practices.',
        ),
      ),
      el('h2', {}, 'How it works'),
      el(
        'ol',
        { class: 'steps' },
        el('li', {}, 'You sign in at the practice. The app never sees your password.'),
        el('li', {}, 'You choose what to share. The app can’t read anything else.'),
        el(
          'li',
          {},
          'The app reads your record. You can disconnect it here at any time. Its access also ends when you sign out at the practice, or after 12 hours.',
        ),
      ),
    ),
  );
}
