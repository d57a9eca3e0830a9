import { getMessages, LANGUAGE_NAMES, LANGUAGES } from '../../i18n/index.ts';
import type {
  AccountPageContext,
  ClosePage,
  EmailPage,
  LanguagePage,
  MfaResetPage,
  NewPasswordPage,
} from '../../identity/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { PASSWORD_SCRIPTS } from '../assets.ts';
import { choiceField, textField } from '../forms.ts';
import { hiddenFields, stepPage } from '../step-page.ts';
import { hiddenUsername } from './factors.ts';

/**
 * Renders the field for a new password. Password managers and pasting work, and only the length is restricted (NIST SP
 * 800-63B-4 §3.1.1.2).
 */
const newPasswordField = (
  pageContext: AccountPageContext,
  minLength: number,
  errors: NewPasswordPage['errors'],
): Html => {
  const { newPassword, newPasswordHint } = getMessages(pageContext.language).signIn;
  const field = { name: 'password', label: newPassword, hint: newPasswordHint(minLength), maxlength: 200 };
  return textField(pageContext, { ...field, type: 'password', autocomplete: 'new-password' }, errors);
};

export function newPasswordPage(page: NewPasswordPage, pageContext: AccountPageContext): Html {
  const body = html`
${page.lead.map((line) => html`<p>${line}</p>`)}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${hiddenUsername(page.username)}
  ${newPasswordField(pageContext, page.minLength, page.errors)}
  <button>${page.button}</button>
</form>`;
  return stepPage(pageContext, {
    title: page.title,
    body,
    errors: page.errors,
    back: page.back,
    scripts: PASSWORD_SCRIPTS,
  });
}

export function emailPage(page: EmailPage, pageContext: AccountPageContext): Html {
  const field = { name: 'email', label: page.field, value: page.email, maxlength: 254 };
  const body = html`
<p class="lead">${page.lead}</p>
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${textField(pageContext, { ...field, type: 'email', autocomplete: 'email', inputmode: 'email' }, page.errors)}
  <button>${page.button}</button>
</form>
${page.more === undefined ? '' : html`<p class="muted">${page.more}</p>`}`;
  return stepPage(pageContext, { title: page.title, body, errors: page.errors, back: page.back });
}

export function mfaResetPage(page: MfaResetPage, pageContext: AccountPageContext): Html {
  const messages = getMessages(pageContext.language).signIn.resetMfa;
  const current = { name: 'password', label: messages.password, type: 'password', maxlength: 200 } as const;
  const body = html`
<p class="lead">${messages.lead}</p>
<p>${messages.removed}</p>
<ul>${page.removed.map((one) => html`<li>${one}</li>`)}</ul>
${page.hasPassword ? '' : html`<p>${messages.noPassword}</p>`}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${hiddenUsername(page.username)}
  ${page.hasPassword ? textField(pageContext, { ...current, autocomplete: 'current-password' }, page.errors) : newPasswordField(pageContext, page.minLength, page.errors)}
  <button>${messages.button}</button>
</form>`;
  return stepPage(pageContext, { title: messages.title, body, errors: page.errors, scripts: PASSWORD_SCRIPTS });
}

/** Renders the page on which a person chooses a language. Each language is listed by its own name. */
export function languagePage(page: LanguagePage, pageContext: AccountPageContext): Html {
  const { title, hint, button } = getMessages(pageContext.language).security.language;
  const choices = LANGUAGES.map((language) => ({
    value: language,
    label: LANGUAGE_NAMES[language],
    checked: language === page.language,
  }));
  const body = html`
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${choiceField(pageContext, { name: 'language', legend: hint, kind: 'radio', choices }, page.errors)}
  <button>${button}</button>
</form>`;
  return stepPage(pageContext, { title, body, errors: page.errors, back: page.back });
}

export function closePage(page: ClosePage, pageContext: AccountPageContext): Html {
  const { title, points, staff, developer, again, confirmation, button, name } = getMessages(pageContext.language)
    .security.close;
  const pointsByKind = {
    patient: points,
    staff: [points[1], points[3], staff],
    developer: [points[1], points[3], developer],
  };
  const field = {
    name: 'sure',
    legend: name,
    kind: 'checkbox',
    choices: [{ value: 'yes', label: confirmation }],
  } as const;
  const body = html`
<ul>${pointsByKind[page.kind].map((point) => html`<li>${point ?? ''}</li>`)}</ul>
${page.kind === 'patient' ? html`<p>${again}</p>` : ''}
<form method="post" action="${page.action}">
  ${hiddenFields(page)}
  ${choiceField(pageContext, field, page.errors)}
  <button class="danger">${button}</button>
</form>`;
  return stepPage(pageContext, { title, body, errors: page.errors, back: page.back });
}
