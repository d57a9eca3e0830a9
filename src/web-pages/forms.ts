import type { FormFieldError } from '../domain/index.ts';
import { getMessages, type PageContext } from '../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, joinHtml } from '../kernel/index.ts';

/**
 * Renders the error summary at the top of a page. Each error links to its field. Empty if there are no errors. The
 * browser focuses the summary when the page has loaded, so screen readers announce its name and its description once. A
 * live region such as an alert would repeat them.
 */
export function errorSummary(pageContext: PageContext, errors: readonly FormFieldError[]): Html {
  if (errors.length === 0) return emptyHtml;
  const items = errors.map(({ field, message }) => html`<li><a href="#${field}">${message}</a></li>`);
  return html`
<div class="error-summary" id="error-summary" role="group" aria-labelledby="error-summary-title" aria-describedby="error-list" tabindex="-1" autofocus><h2 id="error-summary-title">${getMessages(pageContext.language).common.problem}</h2><ul id="error-list">${items}</ul></div>`;
}

/** Returns the title of a page. If the form on the page has errors, the title starts with "Error". */
export const pageTitle = (pageContext: PageContext, errors: readonly FormFieldError[], title: string): string =>
  errors.length === 0 ? title : getMessages(pageContext.language).common.errorTitle(title);

export interface TextField {
  /** Name of the form field. It is also the id of the input. */
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value?: string;
  readonly type?: 'text' | 'password' | 'email' | 'tel' | 'date' | 'url' | 'search';
  /** Value of the HTML attribute `autocomplete`, for browsers and password managers. */
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'email' | 'tel' | 'url';
  readonly maxlength?: number;
  /** Whether the input is narrow, for short values such as codes and dates. */
  readonly narrow?: boolean;
}

/**
 * Renders a labeled text input with its hint and error. A password has a button that shows it, for which the page needs
 * `PASSWORD_SCRIPTS`. The input is never `required`, because the server's messages
 * are clearer than the browser's and the same in every browser.
 */
export function textField(pageContext: PageContext, field: TextField, errors: readonly FormFieldError[]): Html {
  const { name, type = 'text' } = field;
  const error = errors.find((one) => one.field === name);
  const inputAttributes = joinHtml(
    [
      describedByAttributes(name, field.hint, error),
      attribute('autocomplete', field.autocomplete),
      attribute('inputmode', field.inputmode),
      attribute('maxlength', field.maxlength),
      attribute('class', field.narrow === true && 'narrow'),
    ],
    ' ',
  );
  const input = html`<input id="${name}" name="${name}" type="${type}" value="${field.value ?? ''}" autocapitalize="none" spellcheck="false" ${inputAttributes}>`;
  return html`
  <label for="${name}">${field.label}</label>
  ${hintText(name, field.hint)}${fieldErrorText(pageContext, name, error)}
  ${type === 'password' ? html`<div class="password-field">${input}${showPasswordButton(pageContext, name)}</div>` : input}`;
}

/** Renders the button that shows the password in a field. Browsers without JavaScript don't show it. */
function showPasswordButton({ language }: PageContext, id: string): Html {
  const { show, hide, showLabel, hideLabel, shown, hidden } = getMessages(language).common.password;
  return html`<button type="button" data-password="${id}" data-show="${show}" data-hide="${hide}" data-hide-label="${hideLabel}" data-shown="${shown}" data-hidden="${hidden}" aria-label="${showLabel}" aria-controls="${id}" hidden>${show}</button>`;
}

export interface FormChoice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
  readonly checked?: boolean;
}

export interface ChoiceField {
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly kind: 'radio' | 'checkbox';
  readonly choices: readonly FormChoice[];
}

/**
 * Renders a group of radio buttons or checkboxes. The id of the first one is the field's name, so that the error
 * summary can link to it.
 */
export function choiceField(pageContext: PageContext, field: ChoiceField, errors: readonly FormFieldError[]): Html {
  const { name, kind } = field;
  const error = errors.find((one) => one.field === name);
  const items = field.choices.map(({ value, label, hint, checked = false }, index) => {
    const id = index === 0 ? name : `${name}-${index}`;
    return html`
    <div class="${kind}-row">
      <input type="${kind}" id="${id}" name="${name}" value="${value}" ${attribute('aria-describedby', hint !== undefined && `hint-${id}`)} ${attribute('checked', checked)}>
      <label for="${id}">${label}</label>
      ${hint === undefined ? '' : html`<p id="hint-${id}">${hint}</p>`}
    </div>`;
  });
  const about = [field.hint === undefined ? '' : `about-${name}`, error === undefined ? '' : `error-${name}`];
  const ids = about.filter((id) => id !== '').join(' ');
  return html`
  <fieldset ${attribute('aria-describedby', ids !== '' && ids)}><legend>${field.legend}</legend>
    ${field.hint === undefined ? '' : html`<p class="hint" id="about-${name}">${field.hint}</p>`}${fieldErrorText(pageContext, name, error)}
    ${items}
  </fieldset>`;
}

const hintText = (name: string, hint: string | undefined): Html =>
  hint === undefined ? emptyHtml : html`<p class="hint" id="about-${name}">${hint}</p>`;

const fieldErrorText = (pageContext: PageContext, name: string, fieldError: FormFieldError | undefined): Html =>
  fieldError === undefined
    ? emptyHtml
    : html`<p class="field-error" id="error-${name}"><b>${getMessages(pageContext.language).common.error}:</b> ${fieldError.message}</p>`;

function describedByAttributes(name: string, hint: string | undefined, error: FormFieldError | undefined): Html {
  const ids = [...(hint === undefined ? [] : [`about-${name}`]), ...(error === undefined ? [] : [`error-${name}`])];
  return html`${attribute('aria-describedby', ids.length > 0 && ids.join(' '))} ${attribute('aria-invalid', error !== undefined && 'true')}`;
}

/** Renders a hidden form field. */
export const hiddenField = (name: string, value: string): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`;

/** Renders the name of the signed-in person, with a link to sign in as someone else. */
export function signedInAs(
  pageContext: PageContext,
  person: { readonly name: string; readonly switchPath: string },
): Html {
  const { common } = getMessages(pageContext.language);
  return html`
<p class="subtitle">${common.signedInAs} <b>${person.name}</b>. <a href="${person.switchPath}">${common.notYou}</a></p>`;
}

/** Renders a form that has only the sign-out button. */
export const signOutForm = (pageContext: PageContext, csrf: string): Html => html`
<form method="post" action="/sign-out">${hiddenField('csrf', csrf)}<button class="link-button">${getMessages(pageContext.language).common.signOut}</button></form>`;
