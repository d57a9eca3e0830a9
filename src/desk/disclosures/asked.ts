import { type ClientId, days, later, minutes } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { fieldOf } from '../given.ts';
import { instantOf } from './local-time.ts';

/** Form fields as submitted. */
export interface AskedFields {
  readonly app: string;
  readonly from: string;
  readonly to: string;
}

/** A privacy officer's query: data that an app read in a period. */
export interface Asked {
  readonly clientId: ClientId;
  readonly from: Date;
  /** End of the period, exclusive. */
  readonly until: Date;
  /** Page number, starting at 1. */
  readonly page: number;
}

/** A leap year. */
const LONGEST = days(366);
const LAST_PAGE = 10_000;

export const fieldsIn = (query: unknown): AskedFields => ({
  app: fieldOf(query, 'app'),
  from: fieldOf(query, 'from'),
  to: fieldOf(query, 'to'),
});

/**
 * Parses the query.
 * @param zone time zone of the practice, in which the times are entered. The last minute is included.
 * @returns the query, or the errors of the form
 */
export function readAsked(
  query: unknown,
  { zone, known: isKnown }: { readonly zone: string; readonly known: ReadonlySet<string> },
): Asked | readonly FieldFault[] {
  const { app, from: first, to: last } = fieldsIn(query);
  const from = instantOf(first, zone, 'earlier');
  const to = instantOf(last, zone, 'later');
  const errors: FieldFault[] = [];
  if (!isKnown.has(app)) errors.push({ field: 'app', message: 'Choose an app' });
  if (from === undefined) errors.push({ field: 'from', message: 'Enter the day and time to begin at' });
  if (to === undefined) errors.push({ field: 'to', message: 'Enter the day and time to end at' });
  if (from !== undefined && to !== undefined) {
    if (to < from) errors.push({ field: 'to', message: 'The end must be after the beginning' });
    if (to.getTime() - from.getTime() > LONGEST)
      errors.push({ field: 'to', message: 'The two times may be at most one year apart' });
  }
  if (errors.length > 0 || from === undefined || to === undefined) return errors;
  return { clientId: app as ClientId, from, until: later(to, minutes(1)), page: pageIn(query) };
}

function pageIn(query: unknown): number {
  const page = Number(fieldOf(query, 'page') || '1');
  return Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1;
}
