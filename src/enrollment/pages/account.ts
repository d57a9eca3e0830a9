import { getMessages, LANGUAGE_NAMES, LANGUAGES } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import {
  choiceField,
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  pageTitle,
  stepProgress,
  textField,
} from '../../web-pages/index.ts';
import type { AccountChoices } from '../patient/account-choices.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';
import { ENROLLMENT_STEPS } from './steps.ts';

export interface NewAccountPage {
  readonly csrf: string;
  readonly choices: AccountChoices;
  /** Suggested usernames that no account has. */
  readonly suggestions: readonly string[];
  readonly errors: readonly FormFieldError[];
}

export const signInPath = ({ path }: Pick<OpenedInvitation, 'path'>): string =>
  `/sign-in?${new URLSearchParams({ return_to: `${path}/add` })}`;

/** Page that asks for the username, email address and language of the new account. */
export function newAccountPage(opened: OpenedInvitation, { csrf, choices, suggestions, errors }: NewAccountPage): Html {
  const { pageContext, path, invitation } = opened;
  const { account } = getMessages(pageContext.language).enrollment;
  const others = suggestions.filter((name) => name !== choices.username);
  const hint = others.length === 0 ? account.usernameHint : `${account.usernameHint} ${account.free(others)}`;
  const username = { name: 'username', label: account.username, hint, value: choices.username, maxlength: 100 };
  const languages = LANGUAGES.map((language) => ({
    value: language,
    label: LANGUAGE_NAMES[language],
    checked: language === choices.language,
  }));
  const body = html`
${errorSummary(pageContext, errors)}
${stepProgress(pageContext, 2, ENROLLMENT_STEPS)}
<h1>${account.title}</h1>
<form method="post" action="${path}/account">
  ${hiddenField('csrf', csrf)}
  ${textField(pageContext, { ...username, autocomplete: 'username' }, errors)}
  ${invitation.email === undefined ? emailField(opened, choices, errors) : html`<p>${account.emailIs(invitation.email)}</p>`}
  ${choiceField(pageContext, { name: 'language', legend: account.language, kind: 'radio', choices: languages }, errors)}
  <button>${account.button}</button>
</form>
<p><a href="${signInPath(opened)}">${account.signIn}</a></p>`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, account.title), body });
}

function emailField(
  { pageContext }: OpenedInvitation,
  chosen: AccountChoices,
  errors: readonly FormFieldError[],
): Html {
  const { account } = getMessages(pageContext.language).enrollment;
  const about = { label: account.email, hint: account.emailHint, value: chosen.email, maxlength: 254 };
  const email = { name: 'email', type: 'email', inputmode: 'email', autocomplete: 'email' } as const;
  return textField(pageContext, { ...email, ...about }, errors);
}

/**
 * Page for a person whose email address already belongs to an account. It asks the person to sign in to that account.
 */
export function existingAccountPage(opened: OpenedInvitation, email: string): Html {
  const { pageContext } = opened;
  const { existingAccount } = getMessages(pageContext.language).enrollment;
  const body = html`
<h1>${existingAccount.title}</h1>
<p class="lead">${existingAccount.text(email)}</p>
<form method="get" action="/sign-in">${hiddenField('return_to', `${opened.path}/add`)}<button>${existingAccount.button}</button></form>
<p>${existingAccount.notYours(pageContext.brand.name, pageContext.brand.phone)}</p>`;
  return layout(pageContext, { title: existingAccount.title, body });
}
