import { type FieldFault, textField } from '../../pages/index.ts';
import type { Frame } from '../../words/index.ts';
import { type Fields, typed } from '../form.ts';

/** Short, for whoever looks at the trail later. */
const LONGEST = 64;

/** One line, without what can't be seen or turns the direction of what stands beside it. */
const visible = (text: string): string =>
  text
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** @returns the reason, or what is wrong with it */
export function reasonIn(form: Fields): { readonly reason: string } | { readonly faults: readonly FieldFault[] } {
  const reason = visible(typed(form, 'reason'));
  if (reason === '') return { faults: [{ field: 'reason', message: 'Write in a few words why' }] };
  if ([...reason].length > LONGEST)
    return { faults: [{ field: 'reason', message: `The reason may have ${LONGEST} characters at most` }] };
  return { reason };
}

export const reasonField = (frame: Frame, form: Fields, faults: readonly FieldFault[], hint: string): string =>
  textField(
    frame,
    {
      name: 'reason',
      label: 'Why?',
      hint: `${hint} 64 characters at most.`,
      value: form['reason'] ?? '',
      autocomplete: 'off',
    },
    faults,
  );
