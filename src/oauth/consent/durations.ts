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
 * Durations that a person can choose for a grant and all its tokens. Each has the ISO 8601 duration that the form
 * sends, and a number of days (null: no limit). The first one is the default.
 */
const DURATION_CHOICES: readonly (readonly [ConsentDuration, days: number | null])[] = [
  ['', null],
  ['P1D', 1],
  ['P30D', 30],
  ['P90D', 90],
  ['P1Y', 365],
];

/**
 * Lists the durations that the consent page offers, in the language of the page.
 * @param last the duration that the person chose last time
 */
export function listDurationOptions(language: Language, last: string | undefined): readonly ConsentDurationOption[] {
  const selected = DURATION_CHOICES.some(([value]) => value === last) ? last : DURATION_CHOICES[0]?.[0];
  const { choices } = getMessages(language).consent.duration;
  return DURATION_CHOICES.map(([value]) => ({ value, label: choices[value], selected: value === selected }));
}

/**
 * Returns the time at which access ends. That is the time that the person chose (null: no limit), or an earlier one if
 * the granted scopes give shorter access.
 */
export function getAccessEnd(chosen: Date | null, term: AccessTerm, now: Date): Date | null {
  if (term.kind === 'rolling') return chosen;
  const end = later(now, seconds(term.seconds));
  return chosen !== null && chosen < end ? chosen : end;
}

/**
 * Converts the duration in the form to the time at which access ends, counted from now. Returns null for no end date
 * and undefined for an invalid choice.
 * @param value value of the form field
 */
export function parseDurationEnd(value: string, now: Date): Date | null | undefined {
  const choice = DURATION_CHOICES.find(([candidate]) => candidate === value);
  if (choice === undefined) return undefined;
  const [, length] = choice;
  return length === null ? null : later(now, days(length));
}
