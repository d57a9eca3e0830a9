import { getMessages } from '../../i18n/index.ts';
import { MIN_PASSWORD_LENGTH } from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import {
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  PASSKEY_SCRIPTS,
  PASSWORD_SCRIPTS,
  pageTitle,
  passkeyForm,
  stepProgress,
  textField,
} from '../../web-pages/index.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';
import { ENROLLMENT_STEPS } from './steps.ts';

export interface CredentialPage {
  readonly csrf: string;
  readonly username: string;
  /** WebAuthn options to create a passkey, as JSON. */
  readonly options: unknown;
  readonly errors: readonly FormFieldError[];
}

/** Page that asks for a password or a passkey. Without JavaScript it offers only a password. */
export function credentialPage(
  { pageContext, path }: OpenedInvitation,
  { csrf, username, options, errors }: CredentialPage,
): Html {
  const { signInMethod } = getMessages(pageContext.language).enrollment;
  const secret = { type: 'password', autocomplete: 'new-password', maxlength: 500 } as const;
  const hint = signInMethod.passwordHint(MIN_PASSWORD_LENGTH);
  const body = html`
${errorSummary(pageContext, errors)}
${stepProgress(pageContext, 3, ENROLLMENT_STEPS)}
<h1>${signInMethod.title}</h1>
<p>${signInMethod.username(username)} <a href="${path}/account">${signInMethod.changeUsername}</a></p>
<div data-with-passkey hidden>
  <h2>${signInMethod.passkey}</h2>
  <p>${signInMethod.passkeyAbout}</p>
</div>
${passkeyForm(pageContext, {
  action: `${path}/key`,
  kind: 'create',
  options: { json: options },
  fields: { csrf },
  button: signInMethod.passkeyButton,
})}
<form method="post" action="${path}/key">
  <h2>${signInMethod.password}</h2>
  ${hiddenField('csrf', csrf)}
  <input name="username" value="${username}" autocomplete="username" hidden>
  ${textField(pageContext, { name: 'password', label: signInMethod.newPassword, hint, ...secret }, errors)}
  ${textField(pageContext, { name: 'repeat', label: signInMethod.repeat, ...secret }, errors)}
  <button>${signInMethod.button}</button>
</form>`;
  return layout(pageContext, {
    title: pageTitle(pageContext, errors, signInMethod.title),
    body,
    scripts: [...PASSKEY_SCRIPTS, ...PASSWORD_SCRIPTS],
  });
}
