import { AUDIT_KINDS, type AuditKind, type AuditLogFilter, type AuditLogPosition } from '../../audit/index.ts';
import { days, isUuid, later, Problem } from '../../kernel/index.ts';
import type { AuditLogQuery } from '../../portal-api/index.ts';

/** Value of the filter `kind` for all reads, whatever their kind. */
export const ALL_READS = 'all-reads';
const DEFAULT_PERIOD = days(30);
/**
 * Maximum period of one query in milliseconds. The audit log has one table for each month, and a
 * longer period would read them all.
 */
const MAX_PERIOD = days(400);

export interface AuditLogSelection extends AuditLogFilter {
  /** Last day of the period, inclusive, as an ISO 8601 date. */
  readonly lastDay: string;
}

/** Parses the filters of the audit log. Throws `fields-invalid` if one isn't valid. */
export function parseAuditQuery(query: AuditLogQuery, now: Date): AuditLogSelection {
  const lastDay = query.to ?? now.toISOString().slice(0, 10);
  const to = later(parseDay('to', lastDay), days(1));
  const from = query.from === undefined ? later(to, -DEFAULT_PERIOD) : parseDay('from', query.from);
  if (from >= to) throw invalid('from', 'must not be after the last day');
  if (to.getTime() - from.getTime() > MAX_PERIOD) throw invalid('from', 'must be within 400 days of the last day');
  const { outcome, app, account, request } = query;
  return {
    from,
    to,
    lastDay,
    ...parseKinds(query.kind),
    outcome,
    clientId: app,
    accountId: account,
    requestId: request,
  };
}

/**
 * Returns the command with which an operator searches the archive of the audit log with the same filters, ready to be
 * pasted into a shell.
 * @param from first day, and `to` last day of the period, as ISO 8601 dates
 */
export function formatSearchCommand(
  { kind, outcome, app, account, request }: AuditLogQuery,
  { from, to }: { readonly from: string; readonly to: string },
): string {
  const options = Object.entries({ from, to, kind, outcome, client: app, account, request }).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`--${name} ${quoteForShell(value)}`],
  );
  return `patient-access audit search ${options.join(' ')}`;
}

/** A filter can come from a link, so what a shell would interpret is quoted. */
const quoteForShell = (text: string): string =>
  /^[\w.,:@-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

function parseDay(field: string, text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  if (!isDay || text < '2000' || text > '9000') throw invalid(field, 'must be a date, such as 2026-01-31');
  return day;
}

function parseKinds(text: string | undefined): Pick<AuditLogFilter, 'kinds' | 'allReads'> {
  if (text === undefined || text === '') return {};
  const names = text.split(',');
  const kinds = names.filter((name) => name !== ALL_READS);
  const unknown = kinds.filter((kind) => !AUDIT_KINDS.some((known) => known === kind));
  if (unknown.length > 0) throw invalid('kind', `must be one of: ${[ALL_READS, ...AUDIT_KINDS].join(', ')}`);
  return { kinds: kinds as AuditKind[], allReads: names.includes(ALL_READS) };
}

export const formatAuditCursor = (last: AuditLogPosition | undefined): string | null =>
  last === undefined ? null : `${last.at.toISOString()}_${last.id}`;

/**
 * Parses the cursor of a page of the audit log. Returns undefined for the first page, which has no
 * cursor. Throws `fields-invalid` if the cursor has another form.
 */
export function parseAuditCursor(text: string | undefined): { readonly at: Date; readonly id: string } | undefined {
  if (text === undefined) return undefined;
  const [moment = '', id = ''] = text.split('_');
  const at = new Date(moment);
  if (Number.isNaN(at.getTime()) || !isUuid(id))
    throw invalid('after', 'must be the value of next from the previous page');
  return { at, id };
}

const invalid = (field: string, message: string): Problem =>
  new Problem('fields-invalid', {
    status: 400,
    message: `Some fields are not valid. ${field}: ${message}`,
    fieldErrors: [{ field, message }],
  });
