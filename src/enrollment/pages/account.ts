import { html } from 'ghtml';
import { choiceField, errorSummary, type FieldFault, hidden, layout, textField, titleWith } from '../../pages/index.ts';
import { LANGUAGE_NAMES, LANGUAGES, wordsIn } from '../../words/index.ts';
import type { Chosen } from '../patient/choose.ts';
import type { Opened } from '../patient/opened.ts';

export interface AccountPage {
  readonly csrf: string;
  readonly chosen: Chosen;
  /** Suggested usernames that are available. */
  readonly free: readonly string[];
  readonly errors: readonly FieldFault[];
}

export const signInPath = ({ path }: Pick<Opened, 'path'>): string =>
  `/sign-in?${new URLSearchParams({ return_to: `${path}/add` })}`;

/** Asks for the username, email address and language of the new account. */
export function accountPage(opened: Opened, { csrf, chosen, free, errors }: AccountPage): string {
  const { pageContext, path, invitation } = opened;
  const { account } = wordsIn(pageContext.language).enrollment;
  const others = free.filter((name) => name !== chosen.username);
  const hint = others.length === 0 ? account.usernameHint : `${account.usernameHint} ${account.free(others)}`;
  const username = { name: 'username', label: account.username, hint, value: chosen.username, maxlength: 100 };
  const languages = LANGUAGES.map((language) => ({
    value: language,
    label: LANGUAGE_NAMES[language],
    checked: language === chosen.language,
  }));
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${account.title}</h1>
<form method="post" action="${path}/account">
  !${hidden('csrf', csrf)}
  !${textField(pageContext, { ...username, autocomplete: 'username' }, errors)}
  !${invitation.email === undefined ? emailField(opened, chosen, errors) : html`<p>${account.emailIs(invitation.email)}</p>`}
  !${choiceField(pageContext, { name: 'language', legend: account.language, kind: 'radio', choices: languages }, errors)}
  <button>${account.button}</button>
</form>
<p><a href="${signInPath(opened)}">${account.signIn}</a></p>`;
  return layout(pageContext, { title: titleWith(pageContext, errors, account.title), body });
}

function emailField({ pageContext }: Opened, chosen: Chosen, errors: readonly FieldFault[]): string {
  const { account } = wordsIn(pageContext.language).enrollment;
  const about = { label: account.email, hint: account.emailHint, value: chosen.email, maxlength: 254 };
  const email = { name: 'email', type: 'email', inputmode: 'email', autocomplete: 'email' } as const;
  return textField(pageContext, { ...email, ...about }, errors);
}

/** Shown when the invitation's address already belongs to an account: the person should sign in to it. */
export function existingPage(opened: Opened, email: string): string {
  const { pageContext } = opened;
  const { existing } = wordsIn(pageContext.language).enrollment;
  const body = html`
<h1>${existing.title}</h1>
<p class="lead">${existing.text(email)}</p>
<form method="get" action="/sign-in">!${hidden('return_to', `${opened.path}/add`)}<button>${existing.button}</button></form>
<p>${existing.notYours(pageContext.brand.name, pageContext.brand.phone)}</p>`;
  return layout(pageContext, { title: existing.title, body });
}
