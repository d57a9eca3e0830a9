import { getMessages, type PageContext } from '../i18n/index.ts';
import { attribute, type Html, html } from '../kernel/index.ts';
import { hiddenField } from './forms.ts';

export interface PasskeyForm {
  readonly action: string;
  /** Whether the form creates a passkey or uses an existing one. */
  readonly kind: 'create' | 'use';
  /** WebAuthn options: either the JSON value itself, or a path that returns it for a POST with the form's `csrf`. */
  readonly options: { readonly json: unknown } | { readonly path: string };
  /** Hidden fields of the form by name, including `csrf`. */
  readonly fields: Readonly<Record<string, string>>;
  readonly button: string;
  readonly hint?: string;
  /**
   * Whether the browser also suggests passkeys in the field of the page that has `autocomplete="username webauthn"`.
   */
  readonly autofill?: boolean;
}

/**
 * Renders a form to create or use a passkey. It is hidden until the scripts in `PASSKEY_SCRIPTS` have found that the
 * browser supports passkeys. It is submitted like any other form, with the authenticator's response in the field
 * `passkey`.
 */
export function passkeyForm(pageContext: PageContext, form: PasskeyForm): Html {
  const fields = Object.entries({ ...form.fields, passkey: '' }).map(([name, value]) => hiddenField(name, value));
  const { options, autofill = false } = form;
  const optionsAttribute =
    'json' in options
      ? attribute('data-options', JSON.stringify(options.json))
      : attribute('data-options-path', options.path);
  return html`
<form method="post" action="${form.action}" data-passkey="${form.kind}" ${optionsAttribute} ${attribute('data-autofill', autofill)} hidden>
  ${fields}
  <p class="field-error" role="alert" data-error hidden>${getMessages(pageContext.language).signIn.passkeyFailed}</p>
  <button>${form.button}</button>
  ${form.hint === undefined ? '' : html`<p class="hint">${form.hint}</p>`}
</form>`;
}
