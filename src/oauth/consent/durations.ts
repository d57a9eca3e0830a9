import { days, later, Problem } from '../../kernel/index.ts';
import type { DurationChoice } from '../ports.ts';

/** How long a grant holds, every token of it included. By ISO 8601 durations; the first is the default. */
const CHOICES: readonly (DurationChoice & { readonly days: number | null })[] = [
  { value: '', label: 'Until I stop it', days: null },
  { value: 'P1D', label: 'One day', days: 1 },
  { value: 'P30D', label: '30 days', days: 30 },
  { value: 'P90D', label: '90 days', days: 90 },
  { value: 'P1Y', label: 'One year', days: 365 },
];

export const durationsFor = (): readonly DurationChoice[] => CHOICES.map(({ value, label }) => ({ value, label }));

/** When a grant given now ends; null: not before somebody ends it. @param value as the form sends it */
export function expiryOf(value: string | undefined, now: Date): Date | null {
  const choice = CHOICES.find((candidate) => candidate.value === (value ?? ''));
  if (choice === undefined) {
    throw new Problem('bad-request', {
      status: 400,
      message: 'Choose for how long from the list, then allow again.',
    });
  }
  return choice.days === null ? null : later(now, days(choice.days));
}
