import type { Html } from '../../../kernel/index.ts';
import { type FormFieldError, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';
import type { PatientAdminContext } from './patient-action.ts';

/** Maximum length of a reason in code points. Reasons are stored in the audit log. */
const MAX_LENGTH = 64;

/** Puts the reason on one line and removes invisible and directional characters. */
const sanitizeLine = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/**
 * Parses the reason that staff entered for an action.
 * @returns the reason, or the error of the form
 */
export function parseReason(
  { messages }: PatientAdminContext,
  form: FormFields,
): { readonly reason: string } | { readonly errors: readonly FormFieldError[] } {
  const { missing, tooLong } = messages.patientAccount.reason;
  const reason = sanitizeLine(trimmedField(form, 'reason'));
  if (reason === '') return { errors: [{ field: 'reason', message: missing }] };
  if ([...reason].length > MAX_LENGTH) return { errors: [{ field: 'reason', message: tooLong(MAX_LENGTH) }] };
  return { reason };
}

export const reasonField = (
  { pageContext, messages }: PatientAdminContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  hint: string,
): Html =>
  textField(
    pageContext,
    {
      name: 'reason',
      label: messages.patientAccount.reason.label,
      hint: `${hint} ${messages.patientAccount.reason.limit}`,
      value: form['reason'] ?? '',
      autocomplete: 'off',
    },
    errors,
  );

/** Translates a recorded reason that this server wrote itself. Returns a reason that a person typed unchanged. */
export function translateReason({ messages }: Pick<PatientAdminContext, 'messages'>, reason: string): string {
  const { recordedReasons } = messages.patientPage;
  return (Object.hasOwn(recordedReasons, reason) ? recordedReasons[reason] : undefined) ?? reason;
}
