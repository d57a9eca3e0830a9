import type { PageContext } from '../../../i18n/index.ts';
import type { Html } from '../../../kernel/index.ts';
import { type FormFieldError, textField } from '../../../web-pages/index.ts';
import { type FormFields, trimmedField } from '../../parse-fields.ts';

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
  form: FormFields,
): { readonly reason: string } | { readonly errors: readonly FormFieldError[] } {
  const reason = sanitizeLine(trimmedField(form, 'reason'));
  if (reason === '') return { errors: [{ field: 'reason', message: 'Enter a reason' }] };
  if ([...reason].length > MAX_LENGTH)
    return { errors: [{ field: 'reason', message: `Enter a reason of at most ${MAX_LENGTH} characters` }] };
  return { reason };
}

export const reasonField = (
  pageContext: PageContext,
  form: FormFields,
  errors: readonly FormFieldError[],
  hint: string,
): Html =>
  textField(
    pageContext,
    {
      name: 'reason',
      label: 'Reason',
      hint: `${hint} At most 64 characters.`,
      value: form['reason'] ?? '',
      autocomplete: 'off',
    },
    errors,
  );
