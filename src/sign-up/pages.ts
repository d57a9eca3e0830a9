import { getMessages, type Messages, type PageContext } from '../i18n/index.ts';
import { MIN_PASSWORD_LENGTH } from '../identity/index.ts';
import { emptyHtml, type Html, html } from '../kernel/index.ts';
import {
  COPY_SCRIPTS,
  copyButton,
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  PASSKEY_SCRIPTS,
  PASSWORD_SCRIPTS,
  pageTitle,
  passkeyForm,
  textField,
} from '../web-pages/index.ts';
import { isVisitorAddress } from './email-domain.ts';
import type { OrganisationMatch } from './organisation-match.ts';
import type { SignUp } from './sign-up-store.ts';

const developerMessages = (context: PageContext): Messages['signUp'] => getMessages(context.language).signUp;

export const PATH = '/developer/sign-up';
const SIGN_IN = '/sign-in?return_to=%2Fdeveloper';

interface SignUpFormState {
  readonly csrf: string;
  readonly errors: readonly FormFieldError[];
}

export function requestLinkPage(
  context: PageContext,
  { csrf, errors, email }: SignUpFormState & { readonly email: string },
): Html {
  const messages = developerMessages(context).start;
  const field = { name: 'email', label: messages.field, hint: messages.hint, value: email, maxlength: 254 } as const;
  const kind = { type: 'email', autocomplete: 'email', inputmode: 'email' } as const;
  const body = html`
${errorSummary(context, errors)}
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
<form method="post" action="${PATH}">
  ${hiddenField('csrf', csrf)}
  ${textField(context, { ...field, ...kind }, errors)}
  <button>${messages.button}</button>
</form>
<p class="after">${messages.haveOne} <a href="${SIGN_IN}">${messages.signIn}</a></p>`;
  return layout(context, { title: pageTitle(context, errors, messages.title), body });
}

export function sentPage(context: PageContext, { mailLeaves }: { readonly mailLeaves: boolean }): Html {
  const messages = developerMessages(context).sent;
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
${mailLeaves ? '' : html`<p class="note">${messages.emailNotSent} <a href="/outbox">${messages.outbox}</a>.</p>`}
<p>${messages.more}</p>
<p class="after"><a href="${PATH}">${messages.again}</a></p>`;
  return layout(context, { title: messages.title, body });
}

export function linkExpiredPage(context: PageContext): Html {
  const messages = developerMessages(context).expiredLink;
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
<p class="after"><a href="${SIGN_IN}">${messages.signIn}</a></p>
<p class="after"><a href="${PATH}">${messages.again}</a></p>`;
  return layout(context, { title: messages.title, body });
}

export interface AccountPageInput extends SignUpFormState {
  /** Path of the page, `/developer/sign-up/TOKEN`. */
  readonly path: string;
  readonly signUp: SignUp;
  readonly match: OrganisationMatch;
  /** Name as the person entered it, which the form shows again. */
  readonly name: string;
  readonly organisation: string;
}

export function accountPage(context: PageContext, page: AccountPageInput): Html {
  const { csrf, errors, path, signUp, match } = page;
  const messages = developerMessages(context).account;
  const { invitation } = signUp;
  const title = invitation === undefined ? messages.title : messages.joinTitle(invitation.organisationName);
  const name = { name: 'name', label: messages.name, hint: messages.nameHint, value: page.name } as const;
  const password = {
    name: 'password',
    label: messages.password,
    hint: messages.passwordHint(MIN_PASSWORD_LENGTH),
  } as const;
  const secret = { type: 'password', autocomplete: 'new-password', maxlength: 200 } as const;
  const body = html`
${errorSummary(context, errors)}
<h1>${title}</h1>
${isVisitorAddress(signUp.email) ? visitorAddress(context, signUp.email) : html`<p>${messages.address} <b>${signUp.email}</b></p>`}
${membershipText(context, match)}
<form method="post" action="${path}">
  ${hiddenField('csrf', csrf)}
  <input name="username" value="${signUp.email}" autocomplete="username" hidden>
  ${textField(context, { ...name, autocomplete: 'name', maxlength: 100 }, errors)}
  ${organisationField(context, page)}
  ${textField(context, { ...password, ...secret }, errors)}
  <button>${messages.button}</button>
  <button class="secondary" name="with" value="passkey" data-with-passkey hidden>${messages.passkeyButton}</button>
</form>`;
  return layout(context, {
    title: pageTitle(context, errors, title),
    body,
    scripts: [...PASSKEY_SCRIPTS, ...PASSWORD_SCRIPTS, ...COPY_SCRIPTS],
  });
}

/** Renders the made-up address of a visitor, which they have to save because no email contains it. */
function visitorAddress(context: PageContext, email: string): Html {
  const messages = developerMessages(context).account;
  return html`
<p>${messages.address}</p>
<p><b id="address" class="one-line">${email}</b> ${copyButton(context.language, 'address', messages.copyAddress)}</p>
<p class="hint">${messages.visitorAddress}</p>`;
}

function membershipText(context: PageContext, match: OrganisationMatch): Html {
  const messages = developerMessages(context);
  if (match.kind === 'invited')
    return html`<p class="note">${messages.account.invited(match.organisationName, messages.roles[match.role])}</p>`;
  return match.kind === 'asks'
    ? html`<p class="note">${messages.account.joinsExisting(match.organisationName)}</p>`
    : emptyHtml;
}

function organisationField(context: PageContext, { match, organisation, errors, signUp }: AccountPageInput): Html {
  if (match.kind !== 'founds') return emptyHtml;
  const messages = developerMessages(context).account;
  const withoutDomain = isVisitorAddress(signUp.email) ? messages.visitorOrganization : messages.publicProvider;
  const hint = match.domain === undefined ? withoutDomain : messages.firstOfDomain(match.domain);
  const field = {
    name: 'organisation',
    label: messages.organisation,
    hint,
    value: organisation,
    maxlength: 100,
  } as const;
  return textField(context, { ...field, autocomplete: 'organization' }, errors);
}

export function passkeyPage(context: PageContext, page: AccountPageInput & { readonly options: unknown }): Html {
  const messages = developerMessages(context).passkey;
  const { csrf, errors, path, name, organisation } = page;
  const form = { action: path, kind: 'create', options: { json: page.options }, button: messages.button } as const;
  const body = html`
<p class="back"><a href="${path}">${messages.back}</a></p>
${errorSummary(context, errors)}
<h1>${messages.title}</h1>
<p class="lead">${messages.lead}</p>
<noscript><p class="note">${messages.noScript}</p></noscript>
${passkeyForm(context, { ...form, fields: { csrf, name, organisation } })}`;
  return layout(context, { title: pageTitle(context, errors, messages.title), body, scripts: PASSKEY_SCRIPTS });
}

export interface InvitationPageInput extends SignUpFormState {
  readonly path: string;
  readonly email: string;
  readonly invitation: NonNullable<SignUp['invitation']>;
  /** The signed-in person; undefined if no one is signed in. `isInvited`: the person has the invited email address. */
  readonly person: { readonly name: string; readonly isInvited: boolean } | undefined;
}

/** Renders the page on which the holder of an existing account accepts an invitation. */
export function invitationPage(
  context: PageContext,
  { csrf, path, email, invitation, person }: InvitationPageInput,
): Html {
  const { acceptInvitation, account, roles } = developerMessages(context);
  const title = account.joinTitle(invitation.organisationName);
  const signIn = `/sign-in?${new URLSearchParams({ return_to: path })}`;
  const elsewhere = (text: string, button: string): Html => html`
<p>${text}</p>
<p class="after"><a class="button" href="${signIn}">${button}</a></p>`;
  const join = html`
<form method="post" action="${path}/accept">${hiddenField('csrf', csrf)}
  <p>${acceptInvitation.as(person?.name ?? '')}</p>
  <button>${acceptInvitation.button(invitation.organisationName)}</button>
</form>`;
  const other =
    person?.isInvited === false ? acceptInvitation.other(email, person.name) : acceptInvitation.signIn(email);
  const body = html`
<h1>${title}</h1>
<p class="lead">${acceptInvitation.lead(invitation.organisationName, roles[invitation.role])}</p>
${person?.isInvited === true ? join : elsewhere(other, person === undefined ? acceptInvitation.signInButton : acceptInvitation.otherButton)}`;
  return layout(context, { title, body });
}
