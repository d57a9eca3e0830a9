import { getMessages, type Language, type Messages } from '../../i18n/index.ts';
import { days, later, seconds } from '../../kernel/index.ts';
import type { AccessTerm } from '../lifetimes.ts';

/** A duration that the person can choose for the app's access. */
export interface ConsentDurationOption {
  readonly value: string;
  readonly label: string;
  readonly selected: boolean;
}

type ConsentDuration = keyof Messages['consent']['duration']['choices'];

/**
 * Selectable durations of a grant and of all its tokens: the ISO 8601 duration that the form sends, and days (null: no
 * limit). The first one is the default.
 */
const DURATION_CHOICES: readonly (readonly [ConsentDuration, days: number | null])[] = [
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
export function listDurationOptions(language: Language, last: string | undefined): readonly ConsentDurationOption[] {
  const selected = DURATION_CHOICES.some(([value]) => value === last) ? last : DURATION_CHOICES[0]?.[0];
  const { choices } = getMessages(language).consent.duration;
  return DURATION_CHOICES.map(([value]) => ({ value, label: choices[value], selected: value === selected }));
}

/** Time at which access ends: the chosen time (null: no limit), or earlier when the access itself ends earlier. */
export function getAccessEnd(chosen: Date | null, term: AccessTerm, now: Date): Date | null {
  if (term.kind === 'rolling') return chosen;
  const end = later(now, seconds(term.seconds));
  return chosen !== null && chosen < end ? chosen : end;
}

/**
 * Time at which a grant given now ends. Returns null for no end date and undefined for an invalid choice.
 * @param value value of the form field
 */
export function parseDurationEnd(value: string, now: Date): Date | null | undefined {
  const choice = DURATION_CHOICES.find(([candidate]) => candidate === value);
  if (choice === undefined) return undefined;
  const [, length] = choice;
  return length === null ? null : later(now, days(length));
}
