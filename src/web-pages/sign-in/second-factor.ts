import { getMessages, type PageContext } from '../../i18n/index.ts';
import type { SecondFactorPage, StepPage } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { PASSKEY_SCRIPTS } from '../assets.ts';
import { choiceField, errorSummary, hiddenField, pageTitle, signOutForm, textField } from '../forms.ts';
import { layout } from '../layout.ts';
import { passkeyForm } from '../passkey-form.ts';
import { hiddenFields } from '../step-page.ts';

const withReturnTo = (to: string, returnTo: string): string => `${to}?${new URLSearchParams({ return_to: returnTo })}`;

/** Renders the page that asks for the second factor: a code, a passkey or a recovery code. */
export function secondFactorPage(page: SecondFactorPage, pageContext: PageContext): Html {
  const { secondFactor: messages } = getMessages(pageContext.language).signIn;
  const { errors, hasAuthenticator, passkey } = page;
  const title = hasAuthenticator ? messages.title : messages.passkeyTitle;
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<p class="lead">${hasAuthenticator ? messages.lead : messages.passkeyLead}</p>
${passkey ? passkeySection(page, pageContext) : ''}
${hasAuthenticator ? codeSection(page, pageContext) : html`<noscript><p>${messages.noScript}</p></noscript>`}
${page.recoveryCodes ? html`<p class="after"><a href="${withReturnTo('/sign-in/recovery-code', page.returnTo)}">${messages.recovery}</a></p>` : ''}
<details><summary>${messages.nothingLeft}</summary><p>${messages.nothingLeftText}</p></details>
${signOutForm(pageContext, page.csrf)}`;
  const scripts = passkey ? PASSKEY_SCRIPTS : [];
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body, scripts });
}

function passkeySection({ csrf, returnTo }: SecondFactorPage, pageContext: PageContext): Html {
  return passkeyForm(pageContext, {
    action: '/sign-in/second-factor/passkey',
    kind: 'use',
    options: { path: '/sign-in/second-factor/options' },
    fields: { csrf, return_to: returnTo },
    button: getMessages(pageContext.language).signIn.passkeyButton,
  });
}

/**
 * Renders the field for a code. With `autocomplete="one-time-code"`, phones can fill in the code (HTML §4.10.18.7.1).
 */
function codeSection({ csrf, returnTo, errors }: SecondFactorPage, pageContext: PageContext): Html {
  const { code, hint, button } = getMessages(pageContext.language).signIn.secondFactor;
  return html`
<form method="post" action="/sign-in/second-factor">
  ${hiddenField('csrf', csrf)}${hiddenField('return_to', returnTo)}
  ${textField(pageContext, { name: 'code', label: code, hint, autocomplete: 'one-time-code', inputmode: 'numeric', narrow: true }, errors)}
  <button>${button}</button>
</form>`;
}

export function recoveryCodePage(page: StepPage, pageContext: PageContext): Html {
  const { title, lead, code, hint, button, back } = getMessages(pageContext.language).signIn.recoveryCode;
  const { errors } = page;
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${title}</h1>
<p class="lead">${lead}</p>
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${textField(pageContext, { name: 'code', label: code, hint, autocomplete: 'off', narrow: true }, errors)}
  <button>${button}</button>
</form>
<p class="after"><a href="${page.back ?? '/sign-in'}">${back}</a></p>
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, title), body });
}

/** Renders the page on which staff choose their second factor. */
export function setUpSecondFactorPage(page: StepPage, pageContext: PageContext): Html {
  const messages = getMessages(pageContext.language).signIn.setUp;
  const { errors } = page;
  const choices = [
    { value: 'passkey', label: messages.passkey, hint: messages.passkeyHint },
    { value: 'app', label: messages.app, hint: messages.appHint },
  ];
  const body = html`
${errorSummary(pageContext, errors)}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  <h1>${messages.title}</h1>
  ${choiceField(pageContext, { name: 'way', legend: messages.lead, kind: 'radio', choices }, errors)}
  <button>${messages.button}</button>
</form>
${signOutForm(pageContext, page.csrf)}`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, messages.title), body });
}
