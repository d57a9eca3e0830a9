import { html } from 'ghtml';
import {
  errorSummary,
  type FieldFault,
  hidden,
  layout,
  PASSKEY_SCRIPTS,
  passkeyForm,
  textField,
  titleWith,
} from '../../pages/index.ts';
import { SHORTEST_PASSWORD } from '../../people/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { Opened } from '../patient/opened.ts';

export interface KeyPage {
  readonly csrf: string;
  readonly username: string;
  /** WebAuthn registration options, as JSON. */
  readonly options: unknown;
  readonly faults: readonly FieldFault[];
}

/** Asks how the person will sign in. Without JavaScript only a password is offered. */
export function keyPage({ frame, path }: Opened, { csrf, username, options, faults }: KeyPage): string {
  const { key } = wordsIn(frame.language).enrollment;
  const secret = { type: 'password', autocomplete: 'new-password', maxlength: 500 } as const;
  const hint = key.passwordHint(SHORTEST_PASSWORD);
  const body = html`
!${errorSummary(frame, faults)}
<h1>${key.title}</h1>
<p>${key.username(username)} <a href="${path}/account">${key.changeUsername}</a></p>
<div data-with-passkey hidden>
  <h2>${key.passkey}</h2>
  <p>${key.passkeyAbout}</p>
</div>
!${passkeyForm(frame, {
    action: `${path}/key`,
    kind: 'create',
    options: { json: options },
    fields: { csrf },
    button: key.passkeyButton,
  })}
<form method="post" action="${path}/key">
  <h2>${key.password}</h2>
  !${hidden('csrf', csrf)}
  <input name="username" value="${username}" autocomplete="username" hidden>
  !${textField(frame, { name: 'password', label: key.newPassword, hint, ...secret }, faults)}
  !${textField(frame, { name: 'repeat', label: key.repeat, ...secret }, faults)}
  <button>${key.button}</button>
</form>`;
  return layout(frame, { title: titleWith(frame, faults, key.title), body, scripts: PASSKEY_SCRIPTS });
}
