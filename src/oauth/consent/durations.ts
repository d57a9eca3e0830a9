import { days, later, seconds } from '../../kernel/index.ts';
import { type Language, type Words, wordsIn } from '../../words/index.ts';
import type { AccessTerm, ConsentPage, DurationChoice } from '../ports.ts';

type Duration = keyof Words['consent']['duration']['choices'];

/**
 * Selectable durations of a grant and of all its tokens: the ISO 8601 duration that the form sends, and days (null: no
 * limit). The first one is the default.
 */
const CHOICES: readonly (readonly [Duration, days: number | null])[] = [
  ['', null],
  ['P1D', 1],
  ['P30D', 30],
  ['P90D', 90],
  ['P1Y', 365],
];

/**
 * Choices for the consent page, in its language.
 * @param last the duration that the person chose last time
 */
export function durationsFor(language: Language, last: string | undefined): readonly DurationChoice[] {
  const selected = CHOICES.some(([value]) => value === last) ? last : CHOICES[0]?.[0];
  const { choices } = wordsIn(language).consent.duration;
  return CHOICES.map(([value]) => ({ value, label: choices[value], chosen: value === selected }));
}

/** Whether access could last as long as the choices. It can't without a refresh token. */
export const canChooseDuration = (offline: ConsentPage['offline'], term: AccessTerm): boolean =>
  offline !== undefined || term.kind === 'rolling';

/** Time at which access ends: the chosen time (null: no limit), or earlier when the access itself ends earlier. */
export function endOf(chosen: Date | null, term: AccessTerm, now: Date): Date | null {
  if (term.kind === 'rolling') return chosen;
  const end = later(now, seconds(term.seconds));
  return chosen !== null && chosen < end ? chosen : end;
}

/**
 * Time at which a grant given now ends. Returns null for no end date and undefined for an invalid choice.
 * @param value value of the form field
 */
export function expiryOf(value: string, now: Date): Date | null | undefined {
  const choice = CHOICES.find(([candidate]) => candidate === value);
  if (choice === undefined) return undefined;
  const [, length] = choice;
  return length === null ? null : later(now, days(length));
}
