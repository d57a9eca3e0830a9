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
        'This app asks your practice for your record, with your permission, and shows it to you. It keeps nothing: close the tab and it has forgotten you.',
      ),
      main,
      el(
        'section',
        { class: 'hint', 'aria-labelledby': 'hint' },
        el('h2', { id: 'hint' }, 'To try it, sign in as a made-up patient'),
        el(
          'dl',
          {},
          el('div', {}, el('dt', {}, 'Username'), el('dd', {}, el('code', {}, config.hint.username))),
          el('div', {}, el('dt', {}, 'Password'), el('dd', {}, el('code', {}, config.hint.password))),
        ),
        el(
          'p',
          { class: 'quiet' },
          'There are twenty-two more, patient02 to patient23, with the same password: patient02 has the largest record, patient04 is a child, patient23 has records at two practices.',
        ),
      ),
      el('h2', {}, 'What happens'),
      el(
        'ol',
        { class: 'steps' },
        el('li', {}, 'You sign in at the practice. The app never sees your password.'),
        el('li', {}, 'You choose what to share. What you leave out, the app can’t read.'),
        el(
          'li',
          {},
          'The app reads your record. You can end its access here at any time; it ends by itself when you sign out at the practice, and after twelve hours.',
        ),
      ),
    ),
  );
}
