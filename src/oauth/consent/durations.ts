import { days, later, seconds } from '../../kernel/index.ts';
import { type Language, type Words, wordsIn } from '../../words/index.ts';
import type { AccessTerm, ConsentPage, DurationChoice } from '../ports.ts';

type Duration = keyof Words['consent']['duration']['choices'];

/** How long a grant holds, every token of it included, in days. By ISO 8601 durations; the first is the default. */
const CHOICES: readonly (readonly [Duration, days: number | null])[] = [
  ['', null],
  ['P1D', 1],
  ['P30D', 30],
  ['P90D', 90],
  ['P1Y', 365],
];

/** @param last as it was chosen the last time */
export function durationsFor(language: Language, last: string | undefined): readonly DurationChoice[] {
  const start = CHOICES.some(([value]) => value === last) ? last : CHOICES[0]?.[0];
  const { choices } = wordsIn(language).consent.duration;
  return CHOICES.map(([value]) => ({ value, label: choices[value], chosen: value === start }));
}

/** Whether access can last as long as any of the choices. Without a refresh token it never does. */
export const canChooseDuration = (offline: ConsentPage['offline'], term: AccessTerm): boolean =>
  offline !== undefined || term.kind === 'rolling';

/** When access ends: at the time that was chosen (null: none), or before that by itself. */
export function endOf(chosen: Date | null, term: AccessTerm, now: Date): Date | null {
  if (term.kind === 'rolling') return chosen;
  const end = later(now, seconds(term.seconds));
  return chosen !== null && chosen < end ? chosen : end;
}

/** When a grant given now ends; null: not before somebody ends it; undefined: this can't be chosen. @param value as the form sends it */
export function expiryOf(value: string, now: Date): Date | null | undefined {
  const choice = CHOICES.find(([candidate]) => candidate === value);
  if (choice === undefined) return undefined;
  const [, length] = choice;
  return length === null ? null : later(now, days(length));
}
