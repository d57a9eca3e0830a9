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
<p>Do you already have a staff account? <a href="/sign-in?${new URLSearchParams({ return_to: path })}">Sign in and use that account</a></p>
<h2>Or create an account</h2>`;

function renderAcceptForm({ path, csrf, invitation }: JoinPage, person: string): Html {
  const subject = invitation.practice === undefined ? 'this role' : `this role at ${invitation.practice.name}`;
  return html`
<form method="post" action="${path}/accept">${hiddenField('csrf', csrf)}
  <p>You are signed in as <b>${person}</b>. You can accept ${subject} with that account. You sign in as before and then choose where to work.</p>
  <button id="account">Accept as ${person}</button>
</form>
<h2>Or create another account</h2>
<p class="quiet">Do this if you are not ${person}. You will be signed out of their account.</p>`;
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
      hint: 'At least 3 letters or digits. You sign in with this username and can’t change it.',
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
      hint: `At least ${MIN_PASSWORD_LENGTH} characters. Three or four unrelated words are easy to remember and hard to guess.`,
      type: 'password',
      autocomplete: 'new-password',
      maxlength: 200,
    },
    errors,
  )}
  <p class="quiet">On the next page, you add a passkey or an authenticator app. Staff can’t sign in with only a password.</p>
  <button ${attribute('class', person !== undefined && 'second')}>Continue</button>
</form>`;
}

const renderNameField = (pageContext: PageContext, { displayName, errors }: JoinPage): Html =>
  textField(
    pageContext,
    {
      name: 'name',
      label: 'Your name',
      hint: 'The name your colleagues know.',
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
${welcome}<p>As an administrator, you create practices, invite their staff and review apps. This role doesn’t give you access to patient records.</p>`
    : html`
${welcome}<p>You are invited as <b>${formatRoles(roles)}</b>. If this invitation isn’t for you, close this page.</p>`;
}
