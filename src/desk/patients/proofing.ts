import { type Choice, choiceField, type FieldFault, textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** How staff made sure of who somebody is. */
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
  /** In words, where the check is none of those that have a name. */
  readonly what: string;
  readonly place: Place;
  /** Who looked. */
  readonly who: string;
}

const LONGEST = 64;

/** What stands above the questions, whatever they are asked for. */
export const MAKE_SURE =
  'First make sure that it is them: a household knows birth date, address and phone. What you write here is kept in the audit trail.';

/** @param staff name of whoever is signed in */
export function proofFields(frame: Frame, form: Fields, faults: readonly FieldFault[], staff: string): string {
  const text = (name: string, label: string, hint: string, value = '') =>
    textField(
      frame,
      { name, label, hint, value: form[name] ?? value, autocomplete: 'off', maxlength: LONGEST },
      faults,
    );
  return [
    radios(frame, form, faults, { name: 'check', legend: 'What did you look at?', choices: listed(CHECKS) }),
    text(
      'what',
      'If it was something else: what?',
      'In a few words. No numbers of documents, and nothing about health.',
    ),
    radios(frame, form, faults, { name: 'place', legend: 'Where?', choices: listed(PLACES) }),
    text('who', 'Who looked?', 'You, or a colleague.', staff),
  ].join('');
}

/** A question, with the answer that was given. */
export const radios = (
  frame: Frame,
  form: Fields,
  faults: readonly FieldFault[],
  { name, legend, choices }: { readonly name: string; readonly legend: string; readonly choices: readonly Choice[] },
): string => {
  const marked = choices.map((choice) => ({ ...choice, checked: choice.value === form[name] }));
  return choiceField(frame, { name, legend, kind: 'radio', choices: marked }, faults);
};

const listed = (names: Readonly<Record<string, string>>): readonly Choice[] =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

/** @returns the proof, or what is wrong with it */
export function proofIn(form: Fields): Proof | readonly FieldFault[] {
  const { check = '', place = '' } = form;
  const [what, who] = [typed(form, 'what'), typed(form, 'who')];
  const wrong: readonly (readonly [boolean, string, string])[] = [
    [!isCheck(check), 'check', 'Choose what you looked at'],
    [check === 'other' && what === '', 'what', 'Write in a few words what made you sure'],
    [what.length > LONGEST, 'what', `It may have ${LONGEST} characters at most`],
    [!isPlace(place), 'place', 'Choose where it was'],
    [who === '' || who.length > LONGEST, 'who', 'Write the name of whoever looked'],
  ];
  const faults = wrong.filter(([is]) => is).map(([, field, message]) => ({ field, message }));
  return isCheck(check) && isPlace(place) && faults.length === 0 ? { check, what, place, who } : faults;
}
