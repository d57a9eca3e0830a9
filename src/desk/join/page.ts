import { html } from 'ghtml';
import { errorSummary, type FieldFault, hidden, layout, textField, titleWith } from '../../pages/index.ts';
import { SHORTEST_PASSWORD } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';
import type { StaffInvitation } from '../invitations/store.ts';
import { rolesInWords } from '../staff/words.ts';

export interface JoinPage {
  readonly path: string;
  readonly csrf: string;
  readonly invitation: StaffInvitation;
  readonly brandName: string;
  /** Who is signed in, with an account that can take this on; undefined: nobody. */
  readonly person: string | undefined;
  /** As they were typed. */
  readonly displayName: string;
  readonly username: string;
  readonly faults: readonly FieldFault[];
}

/** Somebody who was invited chooses how they sign in, or takes it on with the account they have. */
export function joinPage(frame: Frame, page: JoinPage): string {
  const { invitation, faults, person } = page;
  const title = invitation.practice === undefined ? `Administer ${page.brandName}` : `Join ${invitation.practice.name}`;
  const body = html`
!${errorSummary(frame, faults)}
<h1>${title}</h1>
!${greeting(invitation)}
!${person === undefined ? haveOne(page) : takeOn(page, person)}
!${accountForm(frame, page)}`;
  return layout(frame, { title: titleWith(frame, faults, title), body });
}

/** Leads back here, when it is sure who they are. */
const haveOne = ({ path }: JoinPage): string => html`
<p>Do you sign in to a desk here already? <a href="/sign-in?${new URLSearchParams({ return_to: path })}">Sign in, and use that account</a></p>
<h2>If not, make your account</h2>`;

function takeOn({ path, csrf, invitation }: JoinPage, person: string): string {
  const what = invitation.practice === undefined ? 'this' : `the work at ${invitation.practice.name}`;
  return html`
<form method="post" action="${path}/accept">!${hidden('csrf', csrf)}
  <p>You are signed in as <b>${person}</b>. You can take on ${what} with that account: you sign in as before, and choose where to work.</p>
  <button id="account">Take it on as ${person}</button>
</form>
<h2>Or make another account</h2>
<p class="quiet">If you are not ${person}: you are signed out of their account by it.</p>`;
}

function accountForm(frame: Frame, page: JoinPage): string {
  const { invitation, faults, person } = page;
  return html`
<form method="post" action="${page.path}" autocomplete="on">
  !${hidden('csrf', page.csrf)}
  !${invitation.name === '' ? nameField(frame, page) : ''}
  !${textField(
    frame,
    {
      name: 'username',
      label: 'Choose a username',
      hint: 'At least 3 letters or digits. You sign in with it; it can’t be changed.',
      value: page.username,
      autocomplete: 'username',
      maxlength: 100,
    },
    faults,
  )}
  !${textField(
    frame,
    {
      name: 'password',
      label: 'Choose a password',
      hint: `At least ${SHORTEST_PASSWORD} characters. Three or four words that don’t belong together are easy to remember and hard to guess.`,
      type: 'password',
      autocomplete: 'new-password',
      maxlength: 200,
    },
    faults,
  )}
  <p class="quiet">On the next page you add a passkey or an authenticator app. Nobody who works here signs in with a password alone.</p>
  <button !${person === undefined ? '' : 'class="second"'}>Continue</button>
</form>`;
}

const nameField = (frame: Frame, { displayName, faults }: JoinPage): string =>
  textField(
    frame,
    {
      name: 'name',
      label: 'Your name',
      hint: 'As others here know you.',
      value: displayName,
      autocomplete: 'name',
      maxlength: 100,
    },
    faults,
  );

function greeting({ name, practice, roles }: StaffInvitation): string {
  const whom = name === '' ? '' : html`<p class="lead">Welcome, <b>${name}</b>.</p>`;
  return practice === undefined
    ? html`
!${whom}<p>As an administrator you make practices, invite the people who work there, and review apps. You don’t see patients by it.</p>`
    : html`
!${whom}<p>You are invited as <b>${rolesInWords(roles)}</b>. If that is not you, close this page.</p>`;
}
