import type { StaffInvitation } from '../../enrollment/index.ts';
import { getMessages, type Language, type PageContext } from '../../i18n/index.ts';
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
  const { language } = pageContext;
  const messages = joinMessages(language);
  const title =
    invitation.practice === undefined
      ? messages.titleOfInstallation(page.brandName)
      : messages.titleOfPractice(invitation.practice.name);
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${renderGreeting(language, invitation)}
${person === undefined ? renderSignInLink(language, page) : renderAcceptForm(language, page, person)}
${renderAccountForm(pageContext, page)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

const joinMessages = (language: Language) => getMessages(language).practicePortal.acceptInvitation;

/** Renders the link to the sign-in page, which returns to the invitation. */
function renderSignInLink(language: Language, { path }: JoinPage): Html {
  const { haveAccount, signIn, orCreate } = joinMessages(language);
  return html`
<p>${haveAccount} <a href="/sign-in?${new URLSearchParams({ return_to: path })}">${signIn}</a></p>
<h2>${orCreate}</h2>`;
}

function renderAcceptForm(language: Language, { path, csrf, invitation }: JoinPage, person: string): Html {
  const messages = joinMessages(language);
  const { practice } = invitation;
  return html`
<form method="post" action="${path}/accept">${hiddenField('csrf', csrf)}
  <p>${practice === undefined ? messages.acceptHtml(person) : messages.acceptAtHtml(person, practice.name)}</p>
  <button id="account">${messages.acceptButton(person)}</button>
</form>
<h2>${messages.orCreateAnother}</h2>
<p class="muted">${messages.notYou(person)}</p>`;
}

function renderAccountForm(pageContext: PageContext, page: JoinPage): Html {
  const { invitation, errors, person } = page;
  const messages = joinMessages(pageContext.language);
  return html`
<form method="post" action="${page.path}" autocomplete="on">
  ${hiddenField('csrf', page.csrf)}
  ${invitation.name === '' ? renderNameField(pageContext, page) : ''}
  ${textField(
    pageContext,
    {
      name: 'username',
      label: messages.username,
      hint: messages.usernameHint,
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
      label: messages.password,
      hint: messages.passwordHint(MIN_PASSWORD_LENGTH),
      type: 'password',
      autocomplete: 'new-password',
      maxlength: 200,
    },
    errors,
  )}
  <p class="muted">${messages.secondFactor}</p>
  <button ${attribute('class', person !== undefined && 'secondary')}>${messages.button}</button>
</form>`;
}

function renderNameField(pageContext: PageContext, { displayName, errors }: JoinPage): Html {
  const { name, nameHint } = joinMessages(pageContext.language);
  return textField(
    pageContext,
    {
      name: 'name',
      label: name,
      hint: nameHint,
      value: displayName,
      autocomplete: 'name',
      maxlength: 100,
    },
    errors,
  );
}

function renderGreeting(language: Language, { name, practice, roles }: StaffInvitation): Html {
  const { welcomeHtml, asAdministrator, asStaffHtml } = joinMessages(language);
  const welcome = name === '' ? '' : html`<p class="lead">${welcomeHtml(name)}</p>`;
  return practice === undefined
    ? html`
${welcome}<p>${asAdministrator}</p>`
    : html`
${welcome}<p>${asStaffHtml(formatRoles(language, roles))}</p>`;
}
