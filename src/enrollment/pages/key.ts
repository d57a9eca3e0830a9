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
  readonly errors: readonly FieldFault[];
}

/** Asks how the person will sign in. Without JavaScript only a password is offered. */
export function keyPage({ pageContext, path }: Opened, { csrf, username, options, errors }: KeyPage): string {
  const { key } = wordsIn(pageContext.language).enrollment;
  const secret = { type: 'password', autocomplete: 'new-password', maxlength: 500 } as const;
  const hint = key.passwordHint(SHORTEST_PASSWORD);
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${key.title}</h1>
<p>${key.username(username)} <a href="${path}/account">${key.changeUsername}</a></p>
<div data-with-passkey hidden>
  <h2>${key.passkey}</h2>
  <p>${key.passkeyAbout}</p>
</div>
!${passkeyForm(pageContext, {
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
  !${textField(pageContext, { name: 'password', label: key.newPassword, hint, ...secret }, errors)}
  !${textField(pageContext, { name: 'repeat', label: key.repeat, ...secret }, errors)}
  <button>${key.button}</button>
</form>`;
  return layout(pageContext, { title: titleWith(pageContext, errors, key.title), body, scripts: PASSKEY_SCRIPTS });
}
