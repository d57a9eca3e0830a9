import type { PageContext } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { choiceField, type FormChoice, type FormFieldError, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';

/** Ways in which staff verified a person's identity. */
const PROOF_METHODS = {
  'driver-license': 'Driver’s license or state ID',
  passport: 'Passport',
  'other-photo-id': 'Another photo ID',
  other: 'Something else',
} as const;
type ProofMethod = keyof typeof PROOF_METHODS;
const isProofMethod = (text: string): text is ProofMethod => Object.hasOwn(PROOF_METHODS, text);

const PROOF_LOCATIONS = { desk: 'At the front desk', video: 'On a video call', elsewhere: 'Somewhere else' } as const;
type ProofLocation = keyof typeof PROOF_LOCATIONS;
const isProofLocation = (text: string): text is ProofLocation => Object.hasOwn(PROOF_LOCATIONS, text);

export interface IdentityProof {
  readonly check: ProofMethod;
  /** Description of the evidence if the method is `other`. */
  readonly what: string;
  readonly place: ProofLocation;
  /** Name of the staff member who verified the identity. */
  readonly who: string;
}

const MAX_LENGTH = 64;

/** Text above the questions about identity proofing, for every action that asks them. */
export const VERIFY_IDENTITY_TEXT =
  'First verify the person’s identity. Don’t rely on birth date, address or phone number, because family members know them. Your answers are recorded in the audit log.';

/**
 * Renders the questions about how staff verified a person's identity.
 * @param staff name of the signed-in staff member, as the default answer
 */
export function proofFields(
  pageContext: PageContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  staff: string,
): Html {
  const text = (name: string, label: string, hint: string, value = '') =>
    textField(
      pageContext,
      { name, label, hint, value: form[name] ?? value, autocomplete: 'off', maxlength: MAX_LENGTH },
      errors,
    );
  const fields = [
    radioField(pageContext, form, errors, {
      name: 'check',
      legend: 'What did you check?',
      choices: toChoices(PROOF_METHODS),
    }),
    text(
      'what',
      'If you chose “Something else”, what was it?',
      'A few words. Don’t enter document numbers or health information.',
    ),
    radioField(pageContext, form, errors, {
      name: 'place',
      legend: 'Where did you check it?',
      choices: toChoices(PROOF_LOCATIONS),
    }),
    text('who', 'Who checked it?', 'Your name or a colleague’s name.', staff),
  ];
  return html`${fields}`;
}

/** Renders a group of radio buttons with the submitted answer selected. */
export const radioField = (
  pageContext: PageContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  {
    name,
    legend,
    choices,
  }: { readonly name: string; readonly legend: string; readonly choices: readonly FormChoice[] },
): Html => {
  const marked = choices.map((choice) => ({ ...choice, checked: choice.value === form[name] }));
  return choiceField(pageContext, { name, legend, kind: 'radio', choices: marked }, errors);
};

const toChoices = (names: Readonly<Record<string, string>>): readonly FormChoice[] =>
  Object.entries(names).map(([value, label]) => ({ value, label }));

/**
 * Parses the answers to the identity proofing questions.
 * @returns the proof, or the errors of the form
 */
export function parseProof(form: FormFields): IdentityProof | readonly FormFieldError[] {
  const { check = '', place = '' } = form;
  const [what, who] = [trimmedField(form, 'what'), trimmedField(form, 'who')];
  const checks: readonly (readonly [boolean, string, string])[] = [
    [!isProofMethod(check), 'check', 'Choose what you checked'],
    [check === 'other' && what === '', 'what', 'Enter what you checked'],
    [what.length > MAX_LENGTH, 'what', `Enter at most ${MAX_LENGTH} characters`],
    [!isProofLocation(place), 'place', 'Choose where you checked it'],
    [
      who === '' || who.length > MAX_LENGTH,
      'who',
      `Enter the name of the person who checked, in at most ${MAX_LENGTH} characters`,
    ],
  ];
  const errors = checks.filter(([failed]) => failed).map(([, field, message]) => ({ field, message }));
  return isProofMethod(check) && isProofLocation(place) && errors.length === 0 ? { check, what, place, who } : errors;
}
