import type { LogFilter, LogPosition, OwnFamilies } from '../../audit/index.ts';
import { isUuid } from '../../kernel/index.ts';
import type { FieldFault } from '../../pages/index.ts';
import type { AccountDeps } from '../deps.ts';
import { type Place, single } from '../place.ts';

/** The fields of the search, as they came. */
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

/** What of the list is asked for. With a fault nothing is looked for. */
export function readFilter(
  { types }: Pick<AccountDeps, 'types'>,
  { words, record }: Pick<Place, 'words' | 'record'>,
  query: Query,
  own: OwnFamilies | undefined,
): AskedLog {
  const field = (name: keyof LogFields): string => (single(query[name]) ?? '').trim();
  const fields = { app: field('app'), kind: field('kind'), from: field('from'), to: field('to') };
  const { app, kind, from, to } = fields;
  const known = kind === '' || types.names.includes(kind);
  const badDay = (['from', 'to'] as const).filter((name) => fields[name] !== '' && !isDay(fields[name]));
  const faults = [
    ...(POSSIBLE_APP.test(app) ? [] : [{ field: 'app', message: words.reads.badChoice }]),
    ...(known ? [] : [{ field: 'kind', message: words.reads.badChoice }]),
    ...badDay.map((name) => ({ field: name, message: words.reads.badDate })),
    ...(badDay.length === 0 && from !== '' && to !== '' && from > to
      ? [{ field: 'from', message: words.reads.badOrder }]
      : []),
  ];
  const filter = {
    zone: record.timeZone,
    own,
    app: app === '' ? undefined : app,
    types: kind === '' ? undefined : namesOf(kind, types.aliases),
    from: from === '' ? undefined : from,
    to: to === '' ? undefined : to,
  };
  return { fields, faults, filter, after: readPosition(single(query['before'])) };
}

/** RFC 6749 appendix A.1: printable ASCII is all that a client_id can be. */
const POSSIBLE_APP = /^[\u0020-\u007e]{0,200}$/;

/** A type has other names in other versions of FHIR. */
const namesOf = (stored: string, aliases: Readonly<Record<string, string>>): readonly string[] => [
  stored,
  ...Object.entries(aliases).flatMap(([alias, name]) => (name === stored ? [alias] : [])),
];

/** A day that there is, in a year that an entry can be of. */
function isDay(text: string): boolean {
  if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Milliseconds and id of the last entry of the page before. */
export const printPosition = ({ at, id }: LogPosition): string => `${at.getTime()}-${id}`;

function readPosition(text: string | undefined): LogPosition | undefined {
  const [, time = '', id = ''] = /^(\d{1,14})-(.{36})$/.exec(text ?? '') ?? [];
  return isUuid(id) ? { at: new Date(Number(time)), id } : undefined;
}

/** The address of the same search. */
export function searchOf(fields: LogFields, before?: LogPosition): string {
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  if (before !== undefined) query.set('before', printPosition(before));
  return query.size === 0 ? '' : `?${query}`;
}
