import { type Html, html } from '../../../kernel/index.ts';
import { choiceField, type FormChoice, type FormFieldError, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';
import type { PatientAdminContext } from './patient-action.ts';

/** Ways in which staff verified a person's identity. */
const PROOF_METHODS = ['driver-license', 'passport', 'other-photo-id', 'other'] as const;
type ProofMethod = (typeof PROOF_METHODS)[number];
const isProofMethod = (text: string): text is ProofMethod => PROOF_METHODS.some((method) => method === text);

const PROOF_LOCATIONS = ['desk', 'video', 'elsewhere'] as const;
type ProofLocation = (typeof PROOF_LOCATIONS)[number];
const isProofLocation = (text: string): text is ProofLocation => PROOF_LOCATIONS.some((place) => place === text);

export interface IdentityProof {
  readonly check: ProofMethod;
  /** Description of the evidence if the method is `other`. */
  readonly what: string;
  readonly place: ProofLocation;
  /** Name of the staff member who verified the identity. */
  readonly who: string;
}

const MAX_LENGTH = 64;

/**
 * Renders the questions about how staff verified a person's identity. The default answer to who verified it is the
 * signed-in staff member.
 */
export function proofFields(context: PatientAdminContext, form: FormFields, errors: readonly FormFieldError[]): Html {
  const { identityProofing: messages } = context.messages.patientAccount;
  const text = (name: string, label: string, hint: string, value = '') =>
    textField(
      context.pageContext,
      { name, label, hint, value: form[name] ?? value, autocomplete: 'off', maxlength: MAX_LENGTH },
      errors,
    );
  const fields = [
    radioField(context, form, errors, {
      name: 'check',
      legend: messages.method,
      choices: PROOF_METHODS.map((value) => ({ value, label: messages.methods[value] })),
    }),
    text('what', messages.what, messages.whatHint),
    radioField(context, form, errors, {
      name: 'place',
      legend: messages.location,
      choices: PROOF_LOCATIONS.map((value) => ({ value, label: messages.locations[value] })),
    }),
    text('who', messages.who, messages.whoHint, context.session.displayName),
  ];
  return html`${fields}`;
}

/** Renders a group of radio buttons with the submitted answer selected. */
export const radioField = (
  { pageContext }: PatientAdminContext,
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

/**
 * Parses the answers to the identity proofing questions.
 * @returns the proof, or the errors of the form
 */
export function parseProof(
  { messages }: PatientAdminContext,
  form: FormFields,
): IdentityProof | readonly FormFieldError[] {
  const { errors: texts } = messages.patientAccount.identityProofing;
  const { check = '', place = '' } = form;
  const [what, who] = [trimmedField(form, 'what'), trimmedField(form, 'who')];
  const checks: readonly (readonly [boolean, string, string])[] = [
    [!isProofMethod(check), 'check', texts.method],
    [check === 'other' && what === '', 'what', texts.what],
    [what.length > MAX_LENGTH, 'what', texts.whatTooLong(MAX_LENGTH)],
    [!isProofLocation(place), 'place', texts.location],
    [who === '' || who.length > MAX_LENGTH, 'who', texts.who(MAX_LENGTH)],
  ];
  const errors = checks.filter(([failed]) => failed).map(([, field, message]) => ({ field, message }));
  return isProofMethod(check) && isProofLocation(place) && errors.length === 0 ? { check, what, place, who } : errors;
}
