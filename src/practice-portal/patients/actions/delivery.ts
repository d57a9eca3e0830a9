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
  'You wrote another address below, and did not choose it. Choose “E-mail it to another address”, or press Invite again to keep your choice';

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
      label: `E-mail it to ${email}`,
      hint: 'From the chart.',
    })),
    { value: 'other', label: 'E-mail it to another address', hint: 'Write it below, as the person says it now.' },
    { value: 'letter', label: 'Print a letter', hint: 'With a code and a QR code, to hand over or to post.' },
  ].map((choice) => ({ ...choice, checked: choice.value === chosen }));
  const languages = LANGUAGES.map((one) => ({
    value: one,
    label: LANGUAGE_NAMES[one],
    checked: one === (form['language'] ?? language),
  }));
  const fields = [
    hiddenField(OTHER_ADDRESS_SHOWN, form['other'] ?? ''),
    choiceField(
      pageContext,
      { name: 'way', legend: 'How does the invitation get there?', kind: 'radio', choices },
      errors,
    ),
    textField(
      pageContext,
      {
        name: 'other',
        label: 'The other e-mail address',
        hint: 'Leave it empty if you chose another way. It is not written to the chart.',
        value: form['other'] ?? '',
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 254,
      },
      errors,
    ),
    choiceField(
      pageContext,
      { name: 'language', legend: 'In which language?', kind: 'radio', choices: languages },
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
  if (!isLanguage(language)) return { errors: [{ field: 'language', message: 'Choose the language' }] };
  const changedAddress =
    trimmedField(form, 'other') !== trimmedField(form, OTHER_ADDRESS_SHOWN) && trimmedField(form, 'other') !== '';
  if (way !== 'other' && changedAddress) return { errors: [{ field: 'way', message: UNSELECTED_ADDRESS_TEXT }] };
  if (way === 'letter') return { email: undefined, language };
  if (way === 'other') {
    const email = trimmedField(form, 'other');
    if (isEmailAddress(email)) return { email, language };
    const message =
      email === '' ? 'Write the e-mail address' : 'Write the whole e-mail address, such as ann@example.org';
    return { errors: [{ field: 'other', message }] };
  }
  const email = emails.find((one) => way === `${EMAIL_PREFIX}${one}`);
  if (email !== undefined) return { email, language };
  return { errors: [{ field: 'way', message: 'Choose how the invitation gets there' }] };
}
