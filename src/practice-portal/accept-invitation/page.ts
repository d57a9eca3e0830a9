import type { StaffInvitation } from '../../enrollment/index.ts';
import { formatLongDateTime, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { MIN_PASSWORD_LENGTH } from '../../identity/index.ts';
import { attribute, emptyHtml, type Html, html } from '../../kernel/index.ts';
import {
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  PASSWORD_SCRIPTS,
  pageTitle,
  textField,
} from '../../web-pages/index.ts';
import { capitalize } from '../staff/fields.ts';

/**
 * The person who is signed in, and whether that account can accept the invitation. `member`: the account already has
 * what the invitation gives, so accepting would change nothing.
 */
export interface JoinVisitor {
  readonly name: string;
  readonly account: 'can-accept' | 'member' | 'can-not-accept';
}

export interface JoinPage {
  readonly path: string;
  readonly csrf: string;
  readonly invitation: StaffInvitation;
  readonly brandName: string;
  /** IANA time zone in which the page shows when the invitation expires. */
  readonly timeZone: string;
  /** undefined if no one is signed in. */
  readonly visitor: JoinVisitor | undefined;
  /** Values of the form as the person typed them. */
  readonly displayName: string;
  readonly username: string;
  readonly errors: readonly FormFieldError[];
}

/** Renders the page on which an invited person creates an account or accepts with an existing one. */
export function renderJoinPage(pageContext: PageContext, page: JoinPage): Html {
  const { invitation, errors } = page;
  const { language } = pageContext;
  const messages = joinMessages(language);
  const title =
    invitation.practice === undefined
      ? messages.titleOfInstallation(page.brandName)
      : messages.titleOfPractice(invitation.practice.name);
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
${renderInvitation(language, page)}
${renderWays(pageContext, page)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body, scripts: PASSWORD_SCRIPTS });
}

const joinMessages = (language: Language) => getMessages(language).practicePortal.acceptInvitation;

/** Renders whom the invitation is for, what it gives, and until when it is valid. */
function renderInvitation(language: Language, { invitation, timeZone }: JoinPage): Html {
  const { name, practice, roles, expiresAt } = invitation;
  const messages = joinMessages(language);
  const { shared, staff } = getMessages(language).practicePortal;
  const roleItems = roles.map(
    (role) => html`<li><b>${capitalize(shared.roles[role])}</b>: ${staff.assignment.roleHints[role]}</li>`,
  );
  return html`
${name === '' ? '' : html`<p class="lead">${messages.welcomeHtml(name)}</p>`}
${practice === undefined ? html`<p>${messages.asAdministrator}</p>` : html`<p>${messages.asStaff}</p><ul>${roleItems}</ul>`}
<p>${messages.validUntil(formatLongDateTime(language, expiresAt, timeZone))} ${name === '' ? '' : messages.notForYou}</p>`;
}

/** Renders the ways to accept the invitation: those that the signed-in person most likely wants first. */
function renderWays(pageContext: PageContext, page: JoinPage): Html {
  const { language } = pageContext;
  const messages = joinMessages(language);
  const { visitor, errors } = page;
  if (visitor === undefined || visitor.account === 'can-not-accept')
    return html`
${visitor === undefined ? '' : html`<div class="note"><p>${messages.otherAccountHtml(visitor.name)}</p></div>`}
<h2>${messages.createAccount}</h2>
${renderAccountForm(pageContext, page)}
<h2>${messages.haveAccount}</h2>
<p><a class="button secondary" href="/sign-in?${new URLSearchParams({ return_to: page.path })}">${messages.signIn}</a></p>`;
  const { name, account } = visitor;
  const isOpen = errors.some(({ field }) => field !== 'account');
  return html`
${account === 'member' ? renderMember(language, page, name) : renderAcceptForm(language, page, name)}
<details ${attribute('open', isOpen)}><summary>${messages.createAnother}</summary>
<p>${messages.notYou(name)}</p>
${renderAccountForm(pageContext, page)}
</details>`;
}

function renderMember(language: Language, { invitation }: JoinPage, name: string): Html {
  const messages = joinMessages(language);
  const text =
    invitation.practice === undefined
      ? messages.alreadyAdministratorHtml(name)
      : messages.alreadyStaffHtml(name, invitation.practice.name);
  return html`
<div class="note" id="account"><p>${text}</p></div>
<p class="after"><a class="button" href="/practice">${messages.goToStaffPages}</a></p>`;
}

function renderAcceptForm(language: Language, { path, csrf, invitation }: JoinPage, person: string): Html {
  const messages = joinMessages(language);
  const { practice } = invitation;
  return html`
<form method="post" action="${path}/accept">${hiddenField('csrf', csrf)}
  <p>${practice === undefined ? messages.acceptHtml(person) : messages.acceptAtHtml(person, practice.name)}</p>
  <button id="account">${messages.acceptButton(person)}</button>
</form>`;
}

function renderAccountForm(pageContext: PageContext, page: JoinPage): Html {
  const { invitation, errors, visitor } = page;
  const messages = joinMessages(pageContext.language);
  const isAlternative = visitor !== undefined && visitor.account !== 'can-not-accept';
  return html`
<form method="post" action="${page.path}" autocomplete="on">
  ${hiddenField('csrf', page.csrf)}
  ${invitation.name === '' ? renderNameField(pageContext, page) : emptyHtml}
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
  <button ${attribute('class', isAlternative && 'secondary')}>${messages.button}</button>
  <p class="hint">${messages.secondFactor}</p>
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
