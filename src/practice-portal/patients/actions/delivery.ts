import type { PatientChart } from '../../../enrollment/index.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from '../../../i18n/index.ts';
import { type Html, html, isEmailAddress } from '../../../kernel/index.ts';
import { choiceField, type FormChoice, type FormFieldError, hiddenField, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';
import type { PatientAdminContext } from './patient-action.ts';

/** How an invitation gets to the person, and in which language. */
export interface InvitationDelivery {
  /** Email address that the invitation is sent to. undefined if a letter is printed instead. */
  readonly email: string | undefined;
  readonly language: Language;
}

const EMAIL_PREFIX = 'mail ';
/**
 * Name of a hidden field. It holds the text that the field for another email address had when the page was rendered. If
 * staff changed the text but did not select that address, the form is shown again with an error.
 */
const OTHER_ADDRESS_SHOWN = 'other-seen';

/**
 * Renders the form fields for the delivery of an invitation.
 * @param emails the invitee's email addresses on the chart
 */
export function deliveryFields(
  { pageContext, messages: { patientInvitation } }: PatientAdminContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  { emails, language }: { readonly emails: readonly string[]; readonly language: PatientChart['language'] },
): Html {
  const { delivery: messages } = patientInvitation;
  const chosen = form['way'] ?? (emails[0] === undefined ? 'letter' : `${EMAIL_PREFIX}${emails[0]}`);
  const choices: readonly FormChoice[] = [
    ...emails.map((email) => ({
      value: `${EMAIL_PREFIX}${email}`,
      label: messages.email(email),
      hint: messages.emailHint,
    })),
    {
      value: 'other',
      label: messages.other,
      hint: messages.otherHint,
    },
    { value: 'letter', label: messages.letter, hint: messages.letterHint },
  ].map((choice) => ({ ...choice, checked: choice.value === chosen }));
  const languages = LANGUAGES.map((one) => ({
    value: one,
    label: LANGUAGE_NAMES[one],
    checked: one === (form['language'] ?? language),
  }));
  const fields = [
    hiddenField(OTHER_ADDRESS_SHOWN, form['other'] ?? ''),
    choiceField(pageContext, { name: 'way', legend: messages.legend, kind: 'radio', choices }, errors),
    html`<div class="other-address">${textField(
      pageContext,
      {
        name: 'other',
        label: messages.otherAddress,
        hint: messages.otherAddressHint,
        value: form['other'] ?? '',
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 254,
      },
      errors,
    )}</div>`,
    choiceField(
      pageContext,
      { name: 'language', legend: messages.language, kind: 'radio', choices: languages },
      errors,
    ),
  ];
  return html`${fields}`;
}

/**
 * Parses the form fields for the delivery of an invitation. An email address that the form presents as being on the
 * chart must really be there, since forms can be forged.
 */
export function parseDelivery(
  { messages }: PatientAdminContext,
  form: FormFields,
  emails: readonly string[],
): InvitationDelivery | { readonly errors: readonly FormFieldError[] } {
  const errorTexts = messages.patientInvitation.delivery.errors;
  const { way = '', language } = form;
  if (!isLanguage(language)) return { errors: [{ field: 'language', message: errorTexts.language }] };
  const changedAddress =
    trimmedField(form, 'other') !== trimmedField(form, OTHER_ADDRESS_SHOWN) && trimmedField(form, 'other') !== '';
  if (way !== 'other' && changedAddress) return { errors: [{ field: 'way', message: errorTexts.unselectedAddress }] };
  if (way === 'letter') return { email: undefined, language };
  if (way === 'other') {
    const email = trimmedField(form, 'other');
    if (isEmailAddress(email)) return { email, language };
    const message = email === '' ? errorTexts.noAddress : errorTexts.invalidAddress;
    return { errors: [{ field: 'other', message }] };
  }
  const email = emails.find((one) => way === `${EMAIL_PREFIX}${one}`);
  if (email !== undefined) return { email, language };
  return { errors: [{ field: 'way', message: errorTexts.noMethod }] };
}
