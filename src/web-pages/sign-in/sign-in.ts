import { getMessages, type PageContext } from '../../i18n/index.ts';
import type { SignInPage } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { PASSKEY_SCRIPTS, PASSWORD_SCRIPTS } from '../assets.ts';
import { errorSummary, hiddenField, pageTitle, textField } from '../forms.ts';
import { layout } from '../layout.ts';
import { passkeyForm } from '../passkey-form.ts';

/** Renders the sign-in page. It offers a passkey first if the browser supports passkeys, and a password in any case. */
export function signInPage(page: SignInPage, pageContext: PageContext): Html {
  const { signIn } = getMessages(pageContext.language);
  const { errors } = page;
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${signIn.title}</h1>
${page.appName === undefined ? '' : html`<p class="lead">${signIn.fromAppHtml(page.appName)}</p>`}
${passkeySection(page, pageContext)}
<form method="post" action="/sign-in">
  ${hiddenField('csrf', page.csrf)}${hiddenField('return_to', page.returnTo)}
  ${textField(pageContext, { name: 'username', label: signIn.username, value: page.username, autocomplete: 'username webauthn', maxlength: 254 }, errors)}
  ${textField(pageContext, { name: 'password', label: signIn.password, type: 'password', autocomplete: 'current-password', maxlength: 200 }, [])}
  <button>${signIn.button}</button>
</form>
<p class="after"><a href="/forgot">${signIn.forgot}</a></p>
<p class="after">${signIn.firstTime} <a href="/enroll">${signIn.enroll}</a></p>
${page.sandbox ? sandboxHint(pageContext) : ''}`;
  return layout(pageContext, {
    title: pageTitle(pageContext, errors, signIn.title),
    body,
    scripts: [...PASSKEY_SCRIPTS, ...PASSWORD_SCRIPTS],
  });
}

function passkeySection({ csrf, returnTo }: SignInPage, pageContext: PageContext): Html {
  const { signIn } = getMessages(pageContext.language);
  const form = passkeyForm(pageContext, {
    action: '/sign-in/passkey',
    kind: 'use',
    options: { path: '/sign-in/options' },
    fields: { csrf, return_to: returnTo },
    button: signIn.passkeyButton,
    hint: signIn.passkeyHint,
    autofill: true,
  });
  return html`${form}<h2 class="divider" data-with-passkey hidden>${signIn.orPassword}</h2>`;
}

function sandboxHint({ language }: PageContext): Html {
  const { title, textHtml, patient, guardian, staff, desk, developer, administrator } =
    getMessages(language).signIn.sandbox;
  return html`
<aside class="note"><h2>${title}</h2>
<p>${textHtml}</p>
<dl>
  <dt><code>patientapitest</code></dt><dd>${patient}</dd>
  <dt><code>guardianapitest</code></dt><dd>${guardian}</dd>
  <dt><code>staffapitest</code></dt><dd>${staff}</dd>
  <dt><code>deskapitest</code></dt><dd>${desk}</dd>
  <dt><code>developerapitest</code></dt><dd>${developer}</dd>
  <dt><code>adminapitest</code></dt><dd>${administrator}</dd>
</dl></aside>`;
}
