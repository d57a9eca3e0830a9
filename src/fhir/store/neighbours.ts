import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Around, Neighbours, Place } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';

/** A stored resource and its JSON text. */
export interface Stored {
  readonly resource: Resource;
  readonly text: string;
}
export interface Key {
  readonly type: string;
  readonly id: string;
}
export const nameOf = ({ type, id }: Key): string => `${type}/${id}`;
export const keysOf = (keys: readonly Key[]) => [keys.map(({ type }) => type), keys.map(({ id }) => id)];
export const distinctKeys = (keys: readonly Key[]): readonly Key[] => [
  ...new Map(keys.map((key) => [nameOf(key), key])).values(),
];

/** Selects resources from the record and from its practice's directory. */
const found = statement(
  'fhir.neighbours',
  { type: 'text', id: 'uuid', content: 'text' },
  `with k (type, id) as (select * from unnest($2::text[], $3::uuid[]))
   select r.type, r.id, r.content from k join resource r on r.record_id = $1 and r.type = k.type collate "C" and r.id = k.id
   union all
   select s.type, s.id, s.content from k join record o on o.record_id = $1
     join shared_resource s on s.practice_id = o.practice_id and s.type = k.type collate "C" and s.id = k.id`,
);
const there = statement(
  'fhir.neighbours-there',
  { type: 'text', id: 'uuid' },
  `with k (type, id) as (select * from unnest($2::text[], $3::uuid[]))
   select r.type, r.id from k join resource r on r.record_id = $1 and r.type = k.type collate "C" and r.id = k.id
   union all
   select s.type, s.id from k join record o on o.record_id = $1
     join shared_resource s on s.practice_id = o.practice_id and s.type = k.type collate "C" and s.id = k.id`,
);

const shown = statement(
  'fhir.neighbours-shown',
  { type: 'text', id: 'uuid', name: 'text', shown: 'bool' },
  `with k (type, id, name, maker) as (select * from unnest($2::text[], $3::uuid[], $4::text[], $5::int[]))
   select k.type, k.id, k.name, p.content is not null as shown from k join projection p on p.record_id = $1
     and p.name = k.name collate "C" and p.type = k.type collate "C" and p.id = k.id and p.maker = k.maker
   union all
   select k.type, k.id, k.name, p.content is not null from k join record o on o.record_id = $1
     join shared_projection p on p.practice_id = o.practice_id
     and p.name = k.name collate "C" and p.type = k.type collate "C" and p.id = k.id and p.maker = k.maker`,
);

const patterns = new WeakMap<readonly string[], RegExp>();

/**
 * Finds a resource's references to stored types for which the reference alone doesn't determine the target in the FHIR
 * version.
 */
export function askedIn({ resource, text }: Stored, { placed, placedIn = {} }: Neighbours): readonly Key[] {
  const types = placedIn[resource.resourceType] ?? placed;
  const pattern = patterns.get(types) ?? patternOf(types);
  patterns.set(types, pattern);
  return distinctKeys([...text.matchAll(pattern)].map(([, type = '', id = '']) => ({ type, id })));
}

const patternOf = (types: readonly string[]): RegExp =>
  new RegExp(`"(${types.join('|')})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"`, 'g');

/**
 * Returns the target that a reference to this resource has in the FHIR version; undefined if there is none or the
 * resource can't be converted.
 */
export function placeOf(neighbours: Neighbours, resource: Resource): Place | undefined {
  try {
    return neighbours.placeOf(resource);
  } catch {
    return undefined;
  }
}

/**
 * Resolves references to their targets in the FHIR version, for all keys at once, looking in the record and in its
 * directory.
 * @param fresh resources that are being stored, by `Type/id`; some are not in the database yet
 */
export async function placesOf(
  tx: Executor,
  recordId: RecordId,
  neighbours: Neighbours,
  requested: readonly Key[],
  fresh: ReadonlyMap<string, Resource>,
): Promise<Around['placed']> {
  const keys = distinctKeys(requested);
  if (keys.length === 0) return new Map();
  const known = keys.flatMap((key) => fresh.get(nameOf(key)) ?? []);
  const others = keys.filter((key) => !fresh.has(nameOf(key)));
  const stored = await placesKept(tx, recordId, neighbours, others);
  const absent = others.filter((key) => !stored.has(nameOf(key)));
  const rows = absent.length === 0 ? [] : await tx.query(found, [recordId, ...keysOf(absent)]);
  const resources = [...known, ...rows.map(({ content }) => parseJson(content) as Resource)];
  const places = resources.flatMap((one): readonly (readonly [string, Place])[] => {
    const place = placeOf(neighbours, one);
    return place === undefined ? [] : [[`${one.resourceType}/${one.id}`, place]];
  });
  const needed = distinctKeys(places.flatMap(([, { of }]) => of ?? []));
  const missing = needed.filter((key) => !fresh.has(nameOf(key)));
  const existing = missing.length === 0 ? [] : await tx.query(there, [recordId, ...keysOf(missing)]);
  const names = new Set([...needed.filter((key) => fresh.has(nameOf(key))), ...existing].map(nameOf));
  const resolved = places.flatMap(([name, { reference, of }]) =>
    of === undefined || names.has(nameOf(of)) ? [[name, reference] as const] : [],
  );
  return new Map<string, string | undefined>([
    ...keys.map((key) => [nameOf(key), undefined] as const),
    ...stored,
    ...resolved,
  ]);
}

/**
 * Resolves the keys whose variants all have up-to-date stored projections, which makes reading their contents
 * unnecessary.
 */
async function placesKept(
  tx: Executor,
  recordId: RecordId,
  neighbours: Neighbours,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const formsOf = ({ type }: Key) => neighbours.kept.get(type) ?? [];
  const variants = keys.flatMap((key) => formsOf(key).map(({ name, maker }) => ({ ...key, name, maker })));
  if (variants.length === 0) return new Map();
  const columns = [...keysOf(variants), variants.map(({ name }) => name), variants.map(({ maker }) => maker)];
  const rows = Map.groupBy(await tx.query(shown, [recordId, ...columns]), nameOf);
  return new Map(
    keys.flatMap((key): readonly (readonly [string, string | undefined])[] => {
      const forms = formsOf(key);
      const made = rows.get(nameOf(key)) ?? [];
      if (made.length === 0 || made.length < forms.length) return [];
      const form = forms.find(({ name }) => made.some((row) => row.name === name && row.shown));
      return [[nameOf(key), form && `${form.address}${key.id}`]];
    }),
  );
}
