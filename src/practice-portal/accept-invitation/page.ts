import type { StaffInvitation } from '../../enrollment/index.ts';
import type { PageContext } from '../../i18n/index.ts';
import { MIN_PASSWORD_LENGTH } from '../../identity/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import { errorSummary, type FormFieldError, hiddenField, layout, pageTitle, textField } from '../../web-pages/index.ts';
import { formatRoles } from '../staff/role-names.ts';

export interface JoinPage {
  readonly path: string;
  readonly csrf: string;
  readonly invitation: StaffInvitation;
  readonly brandName: string;
  /**
   * Name of the signed-in person, whose account can accept the invitation. undefined if no staff member is signed in.
   */
  readonly person: string | undefined;
  /** Values of the form as the person typed them. */
  readonly displayName: string;
  readonly username: string;
  readonly errors: readonly FormFieldError[];
}

/** Renders the page on which an invited person creates an account or accepts with an existing one. */
export function renderJoinPage(pageContext: PageContext, page: JoinPage): Html {
  const { invitation, errors, person } = page;
  const title = invitation.practice === undefined ? `Administer ${page.brandName}` : `Join ${invitation.practice.name}`;
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${renderGreeting(invitation)}
${person === undefined ? renderSignInLink(page) : renderAcceptForm(page, person)}
${renderAccountForm(pageContext, page)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

/** Renders the link to the sign-in page, which returns to the invitation. */
const renderSignInLink = ({ path }: JoinPage): Html => html`
<p>Do you sign in to a desk here already? <a href="/sign-in?${new URLSearchParams({ return_to: path })}">Sign in, and use that account</a></p>
<h2>If not, make your account</h2>`;

function renderAcceptForm({ path, csrf, invitation }: JoinPage, person: string): Html {
  const subject = invitation.practice === undefined ? 'this' : `the work at ${invitation.practice.name}`;
  return html`
<form method="post" action="${path}/accept">${hiddenField('csrf', csrf)}
  <p>You are signed in as <b>${person}</b>. You can take on ${subject} with that account: you sign in as before, and choose where to work.</p>
  <button id="account">Take it on as ${person}</button>
</form>
<h2>Or make another account</h2>
<p class="quiet">If you are not ${person}: you are signed out of their account by it.</p>`;
}

function renderAccountForm(pageContext: PageContext, page: JoinPage): Html {
  const { invitation, errors, person } = page;
  return html`
<form method="post" action="${page.path}" autocomplete="on">
  ${hiddenField('csrf', page.csrf)}
  ${invitation.name === '' ? renderNameField(pageContext, page) : ''}
  ${textField(
    pageContext,
    {
      name: 'username',
      label: 'Choose a username',
      hint: 'At least 3 letters or digits. You sign in with it; it can’t be changed.',
      value: page.username,
      autocomplete: 'username',
      maxlength: 100,
    },
    errors,
  )}
  ${textField(
    pageContext,
    {
      name: 'password',
      label: 'Choose a password',
      hint: `At least ${MIN_PASSWORD_LENGTH} characters. Three or four words that don’t belong together are easy to remember and hard to guess.`,
      type: 'password',
      autocomplete: 'new-password',
      maxlength: 200,
    },
    errors,
  )}
  <p class="quiet">On the next page you add a passkey or an authenticator app. Nobody who works here signs in with a password alone.</p>
  <button ${attribute('class', person !== undefined && 'second')}>Continue</button>
</form>`;
}

const renderNameField = (pageContext: PageContext, { displayName, errors }: JoinPage): Html =>
  textField(
    pageContext,
    {
      name: 'name',
      label: 'Your name',
      hint: 'As others here know you.',
      value: displayName,
      autocomplete: 'name',
      maxlength: 100,
    },
    errors,
  );

function renderGreeting({ name, practice, roles }: StaffInvitation): Html {
  const welcome = name === '' ? '' : html`<p class="lead">Welcome, <b>${name}</b>.</p>`;
  return practice === undefined
    ? html`
${welcome}<p>As an administrator you make practices, invite the people who work there, and review apps. You don’t see patients by it.</p>`
    : html`
${welcome}<p>You are invited as <b>${formatRoles(roles)}</b>. If that is not you, close this page.</p>`;
}
