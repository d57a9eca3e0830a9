import type { LogFilter, LogPosition, OwnFamilies } from '../../audit/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import type { AccountDeps } from '../deps.ts';
import { type Place, single } from '../place.ts';

/** Fields of the search form, as submitted. */
export interface LogFields {
  readonly app: string;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
}

export interface AskedLog {
  readonly fields: LogFields;
  readonly faults: readonly FieldFault[];
  readonly filter: LogFilter;
  readonly after: LogPosition | undefined;
}

type Query = Readonly<Record<string, unknown>>;

/** Parses the search form. If there are errors, the caller must not run the search. */
export function readFilter(
  { types }: Pick<AccountDeps, 'types'>,
  { words: messages, record }: Pick<Place, 'words' | 'record'>,
  query: Query,
  visibleFamilies: OwnFamilies | undefined,
): AskedLog {
  const field = (name: keyof LogFields): string => (single(query[name]) ?? '').trim();
  const fields = { app: field('app'), kind: field('kind'), from: field('from'), to: field('to') };
  const { app, kind, from, to } = fields;
  const known = kind === '' || types.names.includes(kind);
  const invalidDates = (['from', 'to'] as const).filter((name) => fields[name] !== '' && !isDay(fields[name]));
  const errors = [
    ...(POSSIBLE_APP.test(app) ? [] : [{ field: 'app', message: messages.reads.badChoice }]),
    ...(known ? [] : [{ field: 'kind', message: messages.reads.badChoice }]),
    ...invalidDates.map((name) => ({ field: name, message: messages.reads.badDate })),
    ...(invalidDates.length === 0 && from !== '' && to !== '' && from > to
      ? [{ field: 'from', message: messages.reads.badOrder }]
      : []),
  ];
  const filter = {
    zone: record.timeZone,
    own: visibleFamilies,
    app: app === '' ? undefined : app,
    types: kind === '' ? undefined : namesOf(kind, types.aliases),
    from: from === '' ? undefined : from,
    to: to === '' ? undefined : to,
  };
  return { fields, faults: errors, filter, after: readPosition(single(query['before'])) };
}

/** RFC 6749 appendix A.1: a client_id consists of printable ASCII characters. */
const POSSIBLE_APP = /^[\u0020-\u007e]{0,200}$/;

/** A stored type has other names in other FHIR versions, and log entries carry the name that the client used. */
const namesOf = (stored: string, aliases: Readonly<Record<string, string>>): readonly string[] => [
  stored,
  ...Object.entries(aliases).flatMap(([alias, name]) => (name === stored ? [alias] : [])),
];

/** Whether the text is an existing calendar date in a plausible year. */
function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Milliseconds and id of the last entry on the previous page. */
export const printPosition = ({ at, id }: LogPosition): string => `${at.getTime()}-${id}`;

function readPosition(text: string | undefined): LogPosition | undefined {
  const [, time = '', id = ''] = /^(\d{1,14})-(.{36})$/.exec(text ?? '') ?? [];
  return isUuid(id) ? { at: new Date(Number(time)), id } : undefined;
}

/** Query string that repeats the search. @param before last entry of the page before the one to link to */
export function searchOf(fields: LogFields, before?: LogPosition): string {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  if (before !== undefined) query.set('before', printPosition(before));
  return query.size === 0 ? '' : `?${query}`;
}
