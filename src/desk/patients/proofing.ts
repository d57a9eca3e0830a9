import { type Choice, choiceField, type FieldFault, textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** Ways in which staff verified a person's identity. */
const CHECKS = {
  'driver-license': 'Driver’s license or state ID',
  passport: 'Passport',
  'other-photo-id': 'Another photo ID',
  other: 'Something else',
} as const;
type Check = keyof typeof CHECKS;
const isCheck = (text: string): text is Check => Object.hasOwn(CHECKS, text);

const PLACES = { desk: 'At the desk', video: 'On a video call', elsewhere: 'Somewhere else' } as const;
type Place = keyof typeof PLACES;
const isPlace = (text: string): text is Place => Object.hasOwn(PLACES, text);

export interface Proof {
  readonly check: Check;
  /** Description of the evidence when the method is `other`. */
  readonly what: string;
  readonly place: Place;
  /** Name of the staff member who verified it. */
  readonly who: string;
}

const LONGEST = 64;

/** Introduction above the proofing questions, for every action that asks them. */
export const MAKE_SURE =
  'First make sure that it is them: a household knows birth date, address and phone. What you write here is kept in the audit trail.';

/** @param staff name of the signed-in staff member, as the default answer */
export function proofFields(pageContext: Frame, form: Fields, errors: readonly FieldFault[], staff: string): string {
  const text = (name: string, label: string, hint: string, value = '') =>
    textField(
      pageContext,
      { name, label, hint, value: form[name] ?? value, autocomplete: 'off', maxlength: LONGEST },
      errors,
    );
  return [
    radios(pageContext, form, errors, { name: 'check', legend: 'What did you look at?', choices: listed(CHECKS) }),
    text(
      'what',
      'If it was something else: what?',
      'In a few words. No numbers of documents, and nothing about health.',
    ),
    radios(pageContext, form, errors, { name: 'place', legend: 'Where?', choices: listed(PLACES) }),
    text('who', 'Who looked?', 'You, or a colleague.', staff),
  ].join('');
}

/** A radio group with the submitted answer selected. */
export const radios = (
  pageContext: Frame,
  form: Fields,
  errors: readonly FieldFault[],
  { name, legend, choices }: { readonly name: string; readonly legend: string; readonly choices: readonly Choice[] },
): string => {
  const marked = choices.map((choice) => ({ ...choice, checked: choice.value === form[name] }));
  return choiceField(pageContext, { name, legend, kind: 'radio', choices: marked }, errors);
};

const listed = (names: Readonly<Record<string, string>>): readonly Choice[] =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

/** Parses the proofing answers. @returns the proof, or the errors of the form */
export function proofIn(form: Fields): Proof | readonly FieldFault[] {
  const { check = '', place = '' } = form;
  const [what, who] = [typed(form, 'what'), typed(form, 'who')];
  const checks: readonly (readonly [boolean, string, string])[] = [
    [!isCheck(check), 'check', 'Choose what you looked at'],
    [check === 'other' && what === '', 'what', 'Write in a few words what made you sure'],
    [what.length > LONGEST, 'what', `It may have ${LONGEST} characters at most`],
    [!isPlace(place), 'place', 'Choose where it was'],
    [who === '' || who.length > LONGEST, 'who', 'Write the name of whoever looked'],
  ];
  const errors = checks.filter(([failed]) => failed).map(([, field, message]) => ({ field, message }));
  return isCheck(check) && isPlace(place) && errors.length === 0 ? { check, what, place, who } : errors;
}
