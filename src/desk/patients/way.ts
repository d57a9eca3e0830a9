import type { Chart } from '../../enrollment/index.ts';
import { isAddress } from '../../mail/index.ts';
import { type Choice, choiceField, type FieldFault, hidden, textField } from '../../pages/index.ts';
import { type Frame, isLanguage, LANGUAGE_NAMES, LANGUAGES, type Language } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** Where an invitation goes, and in which language it is. */
export interface Way {
  /** undefined: a letter is printed. */
  readonly email: string | undefined;
  readonly language: Language;
}

const MAIL = 'mail ';
/** What stood in the field of the other address when the page was shown. */
const SEEN = 'other-seen';
const WRITTEN =
  'You wrote another address below, and did not choose it. Choose “E-mail it to another address”, or press Invite again to keep your choice';

/** @param emails on the chart, of whom the invitation is for */
export function wayFields(
  frame: Frame,
  form: Fields,
  faults: readonly FieldFault[],
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
    choiceField(frame, { name: 'way', legend: 'How does the invitation get there?', kind: 'radio', choices }, faults),
    textField(
      frame,
      {
        name: 'other',
        label: 'The other e-mail address',
        hint: 'Leave it empty if you chose another way. It is not written to the chart.',
        value: form['other'] ?? '',
        inputmode: 'email',
        autocomplete: 'off',
        maxlength: 254,
      },
      faults,
    ),
    choiceField(frame, { name: 'language', legend: 'In which language?', kind: 'radio', choices: languages }, faults),
  ].join('');
}

/** A form can be made up: an address that is said to be on the chart has to be there. */
export function wayIn(form: Fields, emails: readonly string[]): Way | { readonly faults: readonly FieldFault[] } {
  const { way = '', language } = form;
  if (!isLanguage(language)) return { faults: [{ field: 'language', message: 'Choose the language' }] };
  const unseen = typed(form, 'other') !== typed(form, SEEN) && typed(form, 'other') !== '';
  if (way !== 'other' && unseen) return { faults: [{ field: 'way', message: WRITTEN }] };
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
