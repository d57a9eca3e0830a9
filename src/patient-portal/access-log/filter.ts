import type { AccessLogFilter, AuditLogPosition, VisibleFamilyIds } from '../../audit/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { FormFieldError } from '../../web-pages/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import { type PatientPortalContext, singleValue } from '../portal-context.ts';

/** Fields of the search form of the access log, as submitted. */
export interface AccessLogFields {
  readonly app: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

export interface AccessLogRequest {
  readonly fields: AccessLogFields;
  readonly errors: readonly FormFieldError[];
  readonly filter: AccessLogFilter;
  readonly after: AuditLogPosition | undefined;
}

type AccessLogQuery = Readonly<Record<string, unknown>>;

/** Parses the search form of the access log. If there are errors, the caller must not run the search. */
export function parseFilter(
  { types }: Pick<PatientPortalDeps, 'types'>,
  { messages, record }: Pick<PatientPortalContext, 'messages' | 'record'>,
  query: AccessLogQuery,
  visibleFamilies: VisibleFamilyIds | undefined,
): AccessLogRequest {
  const field = (name: keyof AccessLogFields): string => (singleValue(query[name]) ?? '').trim();
  const fields = { app: field('app'), kind: field('kind'), from: field('from'), to: field('to') };
  const { app, kind, from, to } = fields;
  const known = kind === '' || types.names.includes(kind);
  const invalidDates = (['from', 'to'] as const).filter((name) => fields[name] !== '' && !isCalendarDate(fields[name]));
  const errors = [
    ...(CLIENT_ID.test(app) ? [] : [{ field: 'app', message: messages.accessLog.badChoice }]),
    ...(known ? [] : [{ field: 'kind', message: messages.accessLog.badChoice }]),
    ...invalidDates.map((name) => ({ field: name, message: messages.accessLog.badDate })),
    ...(invalidDates.length === 0 && from !== '' && to !== '' && from > to
      ? [{ field: 'from', message: messages.accessLog.badOrder }]
      : []),
  ];
  const filter = {
    zone: record.timeZone,
    visibleFamilies,
    app: app === '' ? undefined : app,
    types: kind === '' ? undefined : typeNames(kind, types.aliases),
    from: from === '' ? undefined : from,
    to: to === '' ? undefined : to,
  };
  return { fields, errors, filter, after: parsePosition(singleValue(query['before'])) };
}

/** RFC 6749 appendix A.1: a client_id consists of printable ASCII characters. */
const CLIENT_ID = /^[\u0020-\u007e]{0,200}$/;

/**
 * Returns all names of a resource type. A type may have other names in other FHIR versions, and log entries contain the
 * name that the client used.
 */
const typeNames = (stored: string, aliases: Readonly<Record<string, string>>): readonly string[] => [
  stored,
  ...Object.entries(aliases).flatMap(([alias, name]) => (name === stored ? [alias] : [])),
];

/** Whether the text is an existing calendar date in a plausible year. */
function isCalendarDate(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * Formats the position of a log entry for the URL, as milliseconds since 1970 and id. The next page starts after this
 * entry.
 */
export const formatPosition = ({ at, id }: AuditLogPosition): string => `${at.getTime()}-${id}`;

function parsePosition(text: string | undefined): AuditLogPosition | undefined {
  const [, time = '', id = ''] = /^(\d{1,14})-(.{36})$/.exec(text ?? '') ?? [];
  return isUuid(id) ? { at: new Date(Number(time)), id } : undefined;
}

/**
 * Builds the query string that repeats the search.
 * @param before last entry of the page before the one to link to; undefined: the first page
 */
export function toSearchQuery(fields: AccessLogFields, before?: AuditLogPosition): string {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  if (before !== undefined) query.set('before', formatPosition(before));
  return query.size === 0 ? '' : `?${query}`;
}
