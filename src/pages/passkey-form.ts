import { html } from 'ghtml';
import { type Frame, wordsIn } from '../words/index.ts';
import { hidden } from './forms.ts';

export interface PasskeyForm {
  readonly action: string;
  /** Make one, or sign with one. */
  readonly kind: 'create' | 'use';
  /** WebAuthn's options as JSON; or the path that gives them, to a POST with the form's `csrf`. */
  readonly options: { readonly json: unknown } | { readonly path: string };
  /** `csrf` among them. */
  readonly fields: Readonly<Record<string, string>>;
  readonly button: string;
  readonly hint?: string;
  /** Passkeys are offered in the page's field with `autocomplete="username webauthn"` too. */
  readonly autofill?: boolean;
}

/**
 * A form that `PASSKEY_SCRIPTS` shows where the browser knows passkeys. It is sent like any other, with what the
 * authenticator answered in the field `passkey`.
 */
export function passkeyForm(frame: Frame, form: PasskeyForm): string {
  const fields = Object.entries({ ...form.fields, passkey: '' }).map(([name, value]) => hidden(name, value));
  const { options, autofill = false } = form;
  const from =
    'json' in options
      ? html`data-options="${JSON.stringify(options.json)}"`
      : html`data-options-path="${options.path}"`;
  return html`
<form method="post" action="${form.action}" data-passkey="${form.kind}" !${from} !${autofill ? 'data-autofill' : ''} hidden>
  !${fields.join('')}
  <p class="wrong" role="alert" data-fault hidden>${wordsIn(frame.language).signIn.passkeyFailed}</p>
  <button>${form.button}</button>
  !${form.hint === undefined ? '' : html`<p class="hint">${form.hint}</p>`}
</form>`;
}
