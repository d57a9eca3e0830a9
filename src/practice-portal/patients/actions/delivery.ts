import type { PatientChart } from '../../../enrollment/index.ts';
import { isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language, type PageContext } from '../../../i18n/index.ts';
import { type Html, html, isEmailAddress } from '../../../kernel/index.ts';
import { choiceField, type FormChoice, type FormFieldError, hiddenField, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';

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
const UNSELECTED_ADDRESS_TEXT =
  'You entered another address below but didn’t choose it. Choose “Email to another address”, or submit again to keep your choice';

/**
 * Renders the form fields for the delivery of an invitation.
 * @param emails the invitee's email addresses on the chart
 */
export function deliveryFields(
  pageContext: PageContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  { emails, language }: { readonly emails: readonly string[]; readonly language: PatientChart['language'] },
): Html {
  const chosen = form['way'] ?? (emails[0] === undefined ? 'letter' : `${EMAIL_PREFIX}${emails[0]}`);
  const choices: readonly FormChoice[] = [
    ...emails.map((email) => ({
      value: `${EMAIL_PREFIX}${email}`,
      label: `Email to ${email}`,
      hint: 'From the chart.',
    })),
    {
      value: 'other',
      label: 'Email to another address',
      hint: 'Enter below the address that the person gives you now.',
    },
    { value: 'letter', label: 'Print a letter', hint: 'With a code and a QR code, to hand over or mail.' },
  ].map((choice) => ({ ...choice, checked: choice.value === chosen }));
  const languages = LANGUAGES.map((one) => ({
    value: one,
    label: LANGUAGE_NAMES[one],
    checked: one === (form['language'] ?? language),
  }));
  const fields = [
    hiddenField(OTHER_ADDRESS_SHOWN, form['other'] ?? ''),
    choiceField(pageContext, { name: 'way', legend: 'Delivery method', kind: 'radio', choices }, errors),
    textField(
      pageContext,
      {
        name: 'other',
        label: 'Other email address',
        hint: 'Leave this empty if you chose another delivery method. The address is not saved to the chart.',
        value: form['other'] ?? '',
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 254,
      },
      errors,
    ),
    choiceField(
      pageContext,
      { name: 'language', legend: 'Language of the invitation', kind: 'radio', choices: languages },
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
  form: FormFields,
  emails: readonly string[],
): InvitationDelivery | { readonly errors: readonly FormFieldError[] } {
  const { way = '', language } = form;
  if (!isLanguage(language)) return { errors: [{ field: 'language', message: 'Choose a language' }] };
  const changedAddress =
    trimmedField(form, 'other') !== trimmedField(form, OTHER_ADDRESS_SHOWN) && trimmedField(form, 'other') !== '';
  if (way !== 'other' && changedAddress) return { errors: [{ field: 'way', message: UNSELECTED_ADDRESS_TEXT }] };
  if (way === 'letter') return { email: undefined, language };
  if (way === 'other') {
    const email = trimmedField(form, 'other');
    if (isEmailAddress(email)) return { email, language };
    const message = email === '' ? 'Enter the email address' : 'Enter a valid email address, such as ann@example.org';
    return { errors: [{ field: 'other', message }] };
  }
  const email = emails.find((one) => way === `${EMAIL_PREFIX}${one}`);
  if (email !== undefined) return { email, language };
  return { errors: [{ field: 'way', message: 'Choose a delivery method' }] };
}
