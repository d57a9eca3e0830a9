import { getMessages, type Language } from '../../i18n/index.ts';
import { type ClientId, days, hours } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import { formField } from '../form-fields.ts';
import { parseLocalTime } from './local-time.ts';
import { addDays, DEFAULT_PERIOD, periodDays, REPORT_PERIODS } from './periods.ts';

/** Fields of the report form as submitted. If a period was chosen, `from` and `to` are its first and last day. */
export interface DisclosureFields {
  /** A client_id. Empty for all apps. */
  readonly app: string;
  /** First and last day as ISO 8601 dates. */
  readonly from: string;
  readonly to: string;
}

/** A privacy officer's query: whose data did an app, or any app, read in a period? */
export interface DisclosureQuery {
  /** undefined for all apps. */
  readonly clientId: ClientId | undefined;
  /** The first day begins. */
  readonly from: Date;
  /** The last day ends. Reads at this time are not included. */
  readonly until: Date;
}

/** Maximum length of the period: 366 days, so that a leap year fits, and one hour, because clocks may be set back. */
const MAX_PERIOD = days(366) + hours(1);
/** Maximum length for all apps: the longest month. */
const MAX_PERIOD_OF_ALL_APPS = days(31) + hours(1);

/**
 * Returns the submitted fields. A button of a period replaces the two days of the form. Without days, such as when the
 * page is opened from the menu, the period is the default one.
 */
export function disclosureFields(query: unknown, now: Date, zone: string): DisclosureFields {
  const chosen = formField(query, 'period');
  const hasDays = ['from', 'to'].some((name) => Object.hasOwn(Object(query), name));
  const period = REPORT_PERIODS.find((known) => known === chosen) ?? (hasDays ? undefined : DEFAULT_PERIOD);
  // Links of earlier releases have local times.
  const day = (name: string): string => formField(query, name).replace(/^(\d{4}-\d\d-\d\d)T\d\d:\d\d$/, '$1');
  const entered = { from: day('from'), to: day('to') };
  return { app: formField(query, 'app'), ...(period === undefined ? entered : periodDays(period, now, zone)) };
}

/**
 * Parses the submitted form of the report. The period includes the day that was entered as its end.
 * @param zone time zone of the practice, in which days begin and end
 * @param language language of the error messages
 * @returns the query, or the errors of the form
 */
export function parseDisclosureQuery(
  query: unknown,
  {
    now,
    zone,
    known: isKnown,
    language,
  }: {
    readonly now: Date;
    readonly zone: string;
    readonly known: ReadonlySet<string>;
    readonly language: Language;
  },
): DisclosureQuery | readonly FormFieldError[] {
  const { app, from: first, to: last } = disclosureFields(query, now, zone);
  const from = startOfDay(first, zone);
  const until = startOfDay(last, zone) && startOfDay(addDays(last, 1), zone);
  const messages = getMessages(language).practicePortal.disclosures.errors;
  const errors: FormFieldError[] = [];
  if (app !== '' && !isKnown.has(app)) errors.push({ field: 'app', message: messages.app });
  if (from === undefined) errors.push({ field: 'from', message: messages.from });
  if (until === undefined) errors.push({ field: 'to', message: messages.to });
  if (from !== undefined && until !== undefined) {
    if (until <= from) errors.push({ field: 'to', message: messages.order });
    const [max, message] =
      app === '' ? [MAX_PERIOD_OF_ALL_APPS, messages.allAppsPeriod] : [MAX_PERIOD, messages.period];
    if (until.getTime() - from.getTime() > max) errors.push({ field: 'to', message });
  }
  if (errors.length > 0 || from === undefined || until === undefined) return errors;
  return { clientId: app === '' ? undefined : (app as ClientId), from, until };
}

const startOfDay = (day: string, zone: string): Date | undefined => parseLocalTime(`${day}T00:00`, zone, 'earlier');
