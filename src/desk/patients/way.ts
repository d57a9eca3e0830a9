import type { Chart } from '../../enrollment/index.ts';
import { isAddress } from '../../mail/index.ts';
import { type Choice, choiceField, type FieldFault, hidden, textField } from '../../pages/index.ts';
import { type Frame, isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** Destination and language of an invitation. */
export interface Way {
  /** undefined: a letter is printed. */
  readonly email: string | undefined;
  readonly language: Language;
}

const MAIL = 'mail ';
/** Hidden field with the value that the other-address field had when the page was rendered. */
const SEEN = 'other-seen';
const WRITTEN =
  'You wrote another address below, and did not choose it. Choose “E-mail it to another address”, or press Invite again to keep your choice';

/** @param emails the invitee's addresses on the chart */
export function wayFields(
  pageContext: Frame,
  form: Fields,
  errors: readonly FieldFault[],
  { emails, language }: { readonly emails: readonly string[]; readonly language: Chart['language'] },
): string {
  const chosen = form['way'] ?? (emails[0] === undefined ? 'letter' : `${MAIL}${emails[0]}`);
  const choices: readonly Choice[] = [
    ...emails.map((email) => ({ value: `${MAIL}${email}`, label: `E-mail it to ${email}`, hint: 'From the chart.' })),
    { value: 'other', label: 'E-mail it to another address', hint: 'Write it below, as the person says it now.' },
    { value: 'letter', label: 'Print a letter', hint: 'With a code and a QR code, to hand over or to post.' },
  ].map((choice) => ({ ...choice, checked: choice.value === chosen }));
  const languages = LANGUAGES.map((one) => ({
    value: one,
    label: LANGUAGE_NAMES[one],
    checked: one === (form['language'] ?? language),
  }));
  return [
    hidden(SEEN, form['other'] ?? ''),
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
  ].join('');
}

/**
 * Parses the delivery. An address that the form presents as being on the chart must really be there, since forms can be
 * forged.
 */
export function wayIn(form: Fields, emails: readonly string[]): Way | { readonly faults: readonly FieldFault[] } {
  const { way = '', language } = form;
  if (!isLanguage(language)) return { faults: [{ field: 'language', message: 'Choose the language' }] };
  const changedAddress = typed(form, 'other') !== typed(form, SEEN) && typed(form, 'other') !== '';
  if (way !== 'other' && changedAddress) return { faults: [{ field: 'way', message: WRITTEN }] };
  if (way === 'letter') return { email: undefined, language };
  if (way === 'other') {
    const email = typed(form, 'other');
    if (isAddress(email)) return { email, language };
    const message =
      email === '' ? 'Write the e-mail address' : 'Write the whole e-mail address, such as ann@example.org';
    return { faults: [{ field: 'other', message }] };
  }
  const email = emails.find((one) => way === `${MAIL}${one}`);
  if (email !== undefined) return { email, language };
  return { faults: [{ field: 'way', message: 'Choose how the invitation gets there' }] };
}
