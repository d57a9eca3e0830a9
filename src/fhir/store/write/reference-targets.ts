import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { ProjectionContext, ProjectionDependencies, ReferenceTarget } from '../../model/projection.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../model/resource-key.ts';

/** A stored resource, as an object and as its JSON text. */
export interface StoredResourceText {
  readonly resource: Resource;
  readonly text: string;
}

/** Reads resources by their keys, from a patient record and from the directory of its practice. */
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

/** SQL: the resource `r` of patient record $1 has a converted text in the projection `k.name`. */
const IS_SHOWN_SQL = `case when strpos(k.name, '/') = 0 then r.converted is not null else exists (
     select 1 from conversion c where c.record_id = $1 and c.name = k.name collate "C" and c.type = r.type
       and c.id = r.id and c.difference is not null) end`;

const visibility = statement(
  'fhir.neighbours-shown',
  { type: 'text', id: 'uuid', name: 'text', shown: 'bool' },
  `with k (type, id, name, maker) as (select * from unnest($2::text[], $3::uuid[], $4::text[], $5::int[]))
   select k.type, k.id, k.name, ${IS_SHOWN_SQL} as shown from k join resource r on r.record_id = $1
     and r.type = k.type collate "C" and r.id = k.id and r.converted_with = k.maker
   union all
   select k.type, k.id, k.name, p.content is not null from k join record o on o.record_id = $1
     join shared_projection p on p.practice_id = o.practice_id
     and p.name = k.name collate "C" and p.type = k.type collate "C" and p.id = k.id and p.maker = k.maker`,
);

const patterns = new WeakMap<readonly string[], RegExp>();

/**
 * Finds those references of a resource whose conversion to another FHIR version depends on the content of the resource
 * they point to.
 */
export function findUnresolvedKeys(
  { resource, text }: StoredResourceText,
  { targetDependentTypes, targetDependentTypesIn = {} }: ProjectionDependencies,
): readonly ResourceKey[] {
  const types = targetDependentTypesIn[resource.resourceType] ?? targetDependentTypes;
  const pattern = patterns.get(types) ?? buildReferencePattern(types);
  patterns.set(types, pattern);
  return uniqueKeys([...text.matchAll(pattern)].map(([, type = '', id = '']) => ({ type, id })));
}

const buildReferencePattern = (types: readonly string[]): RegExp =>
  new RegExp(`"(${types.join('|')})/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"`, 'g');

/**
 * Returns the reference by which another FHIR version refers to a stored resource. Undefined if that version has no
 * such resource, or if the resource can't be converted.
 */
export function resolveTarget(neighbours: ProjectionDependencies, resource: Resource): ReferenceTarget | undefined {
  try {
    return neighbours.resolveTarget(resource);
  } catch {
    return undefined;
  }
}

/**
 * Determines the references that replace stored references in another FHIR version. All references are determined at
 * once, with resources from the patient record and from the directory of its practice.
 * @param fresh resources that are being stored, by `Type/id`; some of them aren't in the database yet
 */
export async function resolveTargets(
  tx: Executor,
  recordId: RecordId,
  neighbours: ProjectionDependencies,
  requested: readonly ResourceKey[],
  fresh: ReadonlyMap<string, Resource>,
): Promise<ProjectionContext['referenceTargets']> {
  const keys = uniqueKeys(requested);
  if (keys.length === 0) return new Map();
  const known = keys.flatMap((key) => fresh.get(toReferenceText(key)) ?? []);
  const others = keys.filter((key) => !fresh.has(toReferenceText(key)));
  const stored = await resolveStoredTargets(tx, recordId, neighbours, others);
  const absent = others.filter((key) => !stored.has(toReferenceText(key)));
  const rows = absent.length === 0 ? [] : await tx.query(found, [recordId, ...toKeyArrays(absent)]);
  const resources = [...known, ...rows.map(({ content }) => parseJson(content) as Resource)];
  const targets = resources.flatMap((one): readonly (readonly [string, ReferenceTarget])[] => {
    const target = resolveTarget(neighbours, one);
    return target === undefined ? [] : [[`${one.resourceType}/${one.id}`, target]];
  });
  const needed = uniqueKeys(targets.flatMap(([, { requires }]) => requires ?? []));
  const missing = needed.filter((key) => !fresh.has(toReferenceText(key)));
  const existing = missing.length === 0 ? [] : await tx.query(there, [recordId, ...toKeyArrays(missing)]);
  const names = new Set([...needed.filter((key) => fresh.has(toReferenceText(key))), ...existing].map(toReferenceText));
  const resolved = targets.flatMap(([name, { reference, requires: of }]) =>
    of === undefined || names.has(toReferenceText(of)) ? [[name, reference] as const] : [],
  );
  return new Map<string, string | undefined>([
    ...keys.map((key) => [toReferenceText(key), undefined] as const),
    ...stored,
    ...resolved,
  ]);
}

/**
 * Determines converted references from stored conversions. This works for a resource if all of its conversions are
 * stored and up to date; its content needn't be read then.
 */
async function resolveStoredTargets(
  tx: Executor,
  recordId: RecordId,
  neighbours: ProjectionDependencies,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const formsOf = ({ type }: ResourceKey) => neighbours.storedVariants.get(type) ?? [];
  const variants = keys.flatMap((key) =>
    formsOf(key).map(({ name, converterVersion }) => ({ ...key, name, maker: converterVersion })),
  );
  if (variants.length === 0) return new Map();
  const columns = [...toKeyArrays(variants), variants.map(({ name }) => name), variants.map(({ maker }) => maker)];
  const rows = Map.groupBy(await tx.query(visibility, [recordId, ...columns]), toReferenceText);
  return new Map(
    keys.flatMap((key): readonly (readonly [string, string | undefined])[] => {
      const forms = formsOf(key);
      const made = rows.get(toReferenceText(key)) ?? [];
      if (made.length === 0 || made.length < forms.length) return [];
      const form = forms.find(({ name }) => made.some((row) => row.name === name && row.shown));
      return [[toReferenceText(key), form && `${form.referencePrefix}${key.id}`]];
    }),
  );
}
