import { renderSVG } from 'uqr';
import { getMessages } from '../../i18n/index.ts';
import type {
  AccountPageContext,
  AuthenticatorPage,
  ConfirmIdentityPage,
  CreateRecoveryCodesPage,
  NewRecoveryCodesPage,
  PasskeyPage,
} from '../../identity/index.ts';
import { emptyHtml, type Html, html, raw } from '../../kernel/index.ts';
import { PASSKEY_SCRIPTS, PASSWORD_SCRIPTS } from '../assets.ts';
import { textField } from '../forms.ts';
import { passkeyForm } from '../passkey-form.ts';
import { hiddenFields, stepPage } from '../step-page.ts';

const otherMethodLink = (path: string | undefined, text: string): Html =>
  path === undefined ? emptyHtml : html`<p class="after"><a href="${path}">${text}</a></p>`;

/**
 * Renders the page that sets up an authenticator app. It shows the secret key as a QR code and as text, for people who
 * can't scan the code.
 */
export function authenticatorPage(page: AuthenticatorPage, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).security.app;
  const { errors } = page;
  const body = html`
<ol class="steps">${messages.steps.map((step) => html`<li>${step}</li>`)}</ol>
<div class="app-qr" role="img" aria-label="${messages.picture}">${raw(renderSVG(page.address, { ecc: 'M', border: 4, pixelSize: 4 }))}</div>
<dl>
  <dt>${messages.account}</dt><dd>${page.username}</dd>
  <dt>${messages.key}</dt><dd><code class="typed">${inGroupsOfFour(page.key)}</code></dd>
</dl>
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${textField(pageContext, { name: 'code', label: messages.code, autocomplete: 'one-time-code', inputmode: 'numeric', narrow: true }, errors)}
  <button>${messages.button}</button>
</form>
${otherMethodLink(page.otherPath, messages.other)}`;
  return stepPage(pageContext, { title: messages.title, body, errors, back: page.back });
}

const inGroupsOfFour = (key: string): string => key.match(/.{1,4}/g)?.join(' ') ?? key;

export function passkeyPage(page: PasskeyPage, pageContext: AccountPageContext): Html {
  const { passkeys: messages, app } = getMessages(pageContext.language).security;
  const { csrf, fields, errors } = page;
  const form = passkeyForm(pageContext, {
    action: page.action,
    kind: 'create',
    options: { json: page.options },
    fields: { csrf, ...fields },
    button: messages.addButton,
  });
  const body = html`
<p class="lead">${messages.addLead}</p>
<noscript><p>${messages.noScript}</p></noscript>
${form}
${otherMethodLink(page.otherPath, app.add)}`;
  return stepPage(pageContext, { title: messages.addTitle, body, errors, back: page.back, scripts: PASSKEY_SCRIPTS });
}

export function createRecoveryCodesPage(page: CreateRecoveryCodesPage, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).security.recoveryCodes;
  const body = html`
<p class="lead">${messages.lead}</p>
${page.hadCodes ? html`<p>${messages.replacesOld}</p>` : ''}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  <button>${messages.button}</button>
</form>
${page.hadCodes || page.back === undefined ? '' : html`<p class="after"><a href="${page.back}">${messages.later}</a></p>`}`;
  return stepPage(pageContext, { title: messages.title, body, ...(page.hadCodes ? { back: page.back } : {}) });
}

/**
 * Renders new recovery codes, one per line, so that they are copied as lines. If the page is printed, only the codes
 * are printed.
 */
export function newRecoveryCodesPage(page: NewRecoveryCodesPage, pageContext: AccountPageContext): Html {
  const { recoveryCodes: messages, username } = getMessages(pageContext.language).security;
  const body = html`
<p class="lead">${messages.shown}</p>
<p>${pageContext.brand.name}. ${username}: <b>${page.username}</b></p>
<ul class="codes" aria-label="${messages.list}">${page.codes.map((code) => html`<li><code class="typed">${code}</code></li>`)}</ul>
<p class="after"><a href="${page.next}">${messages.saved}</a></p>`;
  return stepPage(pageContext, { title: messages.shownTitle, body });
}

export function confirmIdentityPage(page: ConfirmIdentityPage, pageContext: AccountPageContext): Html {
  const { confirm: messages } = getMessages(pageContext.language).security;
  const fields = { csrf: page.csrf, return_to: page.returnTo };
  const passkey = passkeyForm(pageContext, {
    action: '/account/security/confirm/passkey',
    kind: 'use',
    options: { path: '/account/security/confirm/options' },
    fields,
    button: messages.passkeyButton,
  });
  const password = html`
<form method="post" action="/account/security/confirm">
  ${hiddenFields({ csrf: page.csrf, fields: { return_to: page.returnTo } })}
  ${hiddenUsername(page.username)}
  ${textField(pageContext, { name: 'password', label: messages.password, type: 'password', autocomplete: 'current-password', maxlength: 200 }, page.errors)}
  <button>${messages.button}</button>
</form>`;
  const code = html`
<form method="post" action="/account/security/confirm">
  ${hiddenFields({ csrf: page.csrf, fields: { return_to: page.returnTo } })}
  ${textField(pageContext, { name: 'code', label: messages.code, autocomplete: 'one-time-code', inputmode: 'numeric', narrow: true }, page.errors)}
  <button>${messages.button}</button>
</form>`;
  const isPasskeyOnly = !page.password && !page.code;
  const body = html`
<p class="lead">${messages.lead}</p>
${page.code ? html`<p>${messages.secondFactor}</p>` : ''}
${isPasskeyOnly ? html`<p>${messages.passkeyOnly}</p>` : ''}
${page.passkey ? passkey : ''}
${page.password ? password : ''}
${page.code ? code : ''}`;
  const scripts = [...(page.passkey ? PASSKEY_SCRIPTS : []), ...(page.password ? PASSWORD_SCRIPTS : [])];
  return stepPage(pageContext, {
    title: messages.title,
    body,
    errors: page.errors,
    back: page.returnTo.startsWith('/account/security') ? '/account/security' : page.returnTo,
    scripts,
  });
}

/**
 * Renders a hidden username field, so that the browser's password manager stores the password for this username. The
 * server ignores the field.
 */
export const hiddenUsername = (username: string): Html =>
  html`<input type="text" name="account" value="${username}" autocomplete="username" readonly hidden>`;
