import { getMessages, type Language } from '../../i18n/index.ts';
import { type ClientId, days, later, minutes } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { formField } from '../form-fields.ts';
import { parseLocalTime } from './local-time.ts';

/** Fields of the report form as submitted. */
export interface DisclosureFields {
  readonly app: string;
  readonly from: string;
  readonly to: string;
}

/** A privacy officer's query: whose data did an app read in a period? */
export interface DisclosureQuery {
  readonly clientId: ClientId;
  readonly from: Date;
  /** End of the period. Reads at this time are not included. */
  readonly until: Date;
  /** Number of the page of the report, starting at 1. */
  readonly page: number;
}

/** Maximum length of the period: 366 days, so that a leap year fits. */
const MAX_PERIOD = days(366);
const MAX_PAGE = 10_000;

export const disclosureFields = (query: unknown): DisclosureFields => ({
  app: formField(query, 'app'),
  from: formField(query, 'from'),
  to: formField(query, 'to'),
});

/**
 * Parses the submitted form of the report. The period includes the minute that was entered as its end.
 * @param zone time zone of the practice, in which the times are entered
 * @param language language of the error messages
 * @returns the query, or the errors of the form
 */
export function parseDisclosureQuery(
  query: unknown,
  {
    zone,
    known: isKnown,
    language,
  }: { readonly zone: string; readonly known: ReadonlySet<string>; readonly language: Language },
): DisclosureQuery | readonly FormFieldError[] {
  const { app, from: first, to: last } = disclosureFields(query);
  const from = parseLocalTime(first, zone, 'earlier');
  const to = parseLocalTime(last, zone, 'later');
  const messages = getMessages(language).practicePortal.disclosures.errors;
  const errors: FormFieldError[] = [];
  if (!isKnown.has(app)) errors.push({ field: 'app', message: messages.app });
  if (from === undefined) errors.push({ field: 'from', message: messages.from });
  if (to === undefined) errors.push({ field: 'to', message: messages.to });
  if (from !== undefined && to !== undefined) {
    if (to < from) errors.push({ field: 'to', message: messages.order });
    if (to.getTime() - from.getTime() > MAX_PERIOD) errors.push({ field: 'to', message: messages.period });
  }
  if (errors.length > 0 || from === undefined || to === undefined) return errors;
  return { clientId: app as ClientId, from, until: later(to, minutes(1)), page: parsePage(query) };
}

function parsePage(query: unknown): number {
  const page = Number(formField(query, 'page') || '1');
  return Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1;
}
