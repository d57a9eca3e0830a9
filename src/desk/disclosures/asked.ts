import { type ClientId, days, later, minutes } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import { fieldOf } from '../given.ts';
import { instantOf } from './local-time.ts';

/** As they stand in the form. */
export interface AskedFields {
  readonly app: string;
  readonly from: string;
  readonly to: string;
}

/** What a privacy officer asks: what an app read from one time until another. */
export interface Asked {
  readonly clientId: ClientId;
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
  /** The first is 1. */
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

/** @param zone the practice's: times are those of its clocks, and the minute that is named last is looked at too */
export function readAsked(
  query: unknown,
  { zone, known }: { readonly zone: string; readonly known: ReadonlySet<string> },
): Asked | readonly FieldFault[] {
  const { app, from: first, to: last } = fieldsIn(query);
  const from = instantOf(first, zone, 'earlier');
  const to = instantOf(last, zone, 'later');
  const faults: FieldFault[] = [];
  if (!known.has(app)) faults.push({ field: 'app', message: 'Choose an app' });
  if (from === undefined) faults.push({ field: 'from', message: 'Enter the day and time to begin at' });
  if (to === undefined) faults.push({ field: 'to', message: 'Enter the day and time to end at' });
  if (from !== undefined && to !== undefined) {
    if (to < from) faults.push({ field: 'to', message: 'The end must be after the beginning' });
    if (to.getTime() - from.getTime() > LONGEST)
      faults.push({ field: 'to', message: 'The two times may be at most one year apart' });
  }
  if (faults.length > 0 || from === undefined || to === undefined) return faults;
  return { clientId: app as ClientId, from, until: later(to, minutes(1)), page: pageIn(query) };
}

function pageIn(query: unknown): number {
  const page = Number(fieldOf(query, 'page') || '1');
  return Number.isInteger(page) && page >= 1 && page <= LAST_PAGE ? page : 1;
}
