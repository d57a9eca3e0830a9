import { type FieldFault, textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** In code points. Reasons are stored in the audit log. */
const LONGEST = 64;

/** Reduces the text to one line and removes invisible and directional characters. */
const visible = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** Parses the reason. @returns the reason, or the error of the form */
export function reasonIn(form: Fields): { readonly reason: string } | { readonly faults: readonly FieldFault[] } {
  const reason = visible(typed(form, 'reason'));
  if (reason === '') return { faults: [{ field: 'reason', message: 'Write in a few words why' }] };
  if ([...reason].length > LONGEST)
    return { faults: [{ field: 'reason', message: `The reason may have ${LONGEST} characters at most` }] };
  return { reason };
}

export const reasonField = (pageContext: Frame, form: Fields, errors: readonly FieldFault[], hint: string): string =>
  textField(
    pageContext,
    {
      name: 'reason',
      label: 'Why?',
      hint: `${hint} 64 characters at most.`,
      value: form['reason'] ?? '',
      autocomplete: 'off',
    },
    errors,
  );
