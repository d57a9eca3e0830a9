import { html } from 'ghtml';
import type {
  ClosePage,
  EmailPage,
  LanguagePage,
  NewPasswordPage,
  PeopleFrame,
  RecoverPage,
} from '../../people/index.ts';
import { LANGUAGE_NAMES, LANGUAGES, wordsIn } from '../../words/index.ts';
import { choiceField, textField } from '../forms.ts';
import { hiddenFields, stepPage } from '../steps.ts';
import { keptUsername } from './factors.ts';

/** NIST SP 800-63B-4 §3.1.1.2: password managers and pasting work, and only the length is restricted. */
const newPasswordField = (frame: PeopleFrame, least: number, faults: NewPasswordPage['faults']): string => {
  const { newPassword, newPasswordHint } = wordsIn(frame.language).signIn;
  const field = { name: 'password', label: newPassword, hint: newPasswordHint(least), maxlength: 200 };
  return textField(frame, { ...field, type: 'password', autocomplete: 'new-password' }, faults);
};

export function newPasswordPage(page: NewPasswordPage, frame: PeopleFrame): string {
  const body = html`
!${page.lead.map((line) => html`<p>${line}</p>`).join('')}
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${keptUsername(page.username)}
  !${newPasswordField(frame, page.least, page.faults)}
  <button>${page.button}</button>
</form>`;
  return stepPage(frame, { title: page.title, body, faults: page.faults, back: page.back });
}

export function emailPage(page: EmailPage, frame: PeopleFrame): string {
  const field = { name: 'email', label: page.field, value: page.email, maxlength: 254 };
  const body = html`
<p class="lead">${page.lead}</p>
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${textField(frame, { ...field, type: 'email', autocomplete: 'email', inputmode: 'email' }, page.faults)}
  <button>${page.button}</button>
</form>
!${page.more === undefined ? '' : html`<p class="quiet">${page.more}</p>`}`;
  return stepPage(frame, { title: page.title, body, faults: page.faults, back: page.back });
}

export function recoverPage(page: RecoverPage, frame: PeopleFrame): string {
  const words = wordsIn(frame.language).signIn.recover;
  const current = { name: 'password', label: words.password, type: 'password', maxlength: 200 } as const;
  const body = html`
<p class="lead">${words.lead}</p>
<p>${words.removed}</p>
<ul>!${page.removed.map((one) => html`<li>${one}</li>`).join('')}</ul>
!${page.hasPassword ? '' : html`<p>${words.noPassword}</p>`}
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${keptUsername(page.username)}
  !${page.hasPassword ? textField(frame, { ...current, autocomplete: 'current-password' }, page.faults) : newPasswordField(frame, page.least, page.faults)}
  <button>${words.button}</button>
</form>`;
  return stepPage(frame, { title: words.title, body, faults: page.faults });
}

/** Offers the languages, each by its own name. */
export function languagePage(page: LanguagePage, frame: PeopleFrame): string {
  const { title, hint, button } = wordsIn(frame.language).security.language;
  const choices = LANGUAGES.map((language) => ({
    value: language,
    label: LANGUAGE_NAMES[language],
    checked: language === page.language,
  }));
  const body = html`
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${choiceField(frame, { name: 'language', legend: hint, kind: 'radio', choices }, page.faults)}
  <button>${button}</button>
</form>`;
  return stepPage(frame, { title, body, faults: page.faults, back: page.back });
}

export function closePage(page: ClosePage, frame: PeopleFrame): string {
  const { title, points, staff, developer, again, sure, button, name } = wordsIn(frame.language).security.close;
  const pointsByKind = {
    patient: points,
    staff: [points[1], points[3], staff],
    developer: [points[1], points[3], developer],
  };
  const field = { name: 'sure', legend: name, kind: 'checkbox', choices: [{ value: 'yes', label: sure }] } as const;
  const body = html`
<ul>!${pointsByKind[page.kind].map((point) => html`<li>${point ?? ''}</li>`).join('')}</ul>
!${page.kind === 'patient' ? html`<p>${again}</p>` : ''}
<form method="post" action="${page.action}">
  !${hiddenFields(page)}
  !${choiceField(frame, field, page.faults)}
  <button>${button}</button>
</form>`;
  return stepPage(frame, { title, body, faults: page.faults, back: page.back });
}
