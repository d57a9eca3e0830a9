import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { lowerConversionVersionSql } from '../../../practices/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import {
  isMainProjection,
  type Projection,
  type ProjectionContext,
  type ProjectionDependencies,
  type ProjectionResult,
} from '../../model/projection.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../model/resource-key.ts';
import { dependencyToken, indexedDependencies, TYPE_WITH_INDEXED_DEPENDENCIES } from '../index/indexed-dependencies.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { findDifference } from '../text-difference.ts';
import { createBatchStatement, runBatches, valuesListSql } from './batch-statements.ts';
import { findUnresolvedKeys, resolveTargets, type StoredResourceText } from './reference-targets.ts';
import { conversionValues, type RowConversion, SAME_KEY_SQL } from './write-rows.ts';

const CASTS = ['bigint', 'text', 'text', 'uuid', 'text', 'text', 'uuid[]'];
const COLUMNS = 'record_id, name, type, id, difference, hidden_by, asked';

const insertConversions = createBatchStatement(
  'fhir.convert',
  {},
  (count) => `insert into conversion (${COLUMNS}) values ${valuesListSql(count, CASTS)}
    on conflict (record_id, name, type, id) do update
      set difference = excluded.difference, hidden_by = excluded.hidden_by, asked = excluded.asked`,
);

/** Deletes what the table `conversion` has of resources, and what an earlier release has stored of them. */
const deleteConversions = statement(
  'fhir.drop-conversions',
  {},
  `with earlier as (
     delete from projection r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY_SQL})
   delete from conversion r using unnest($2::text[], $3::uuid[]) as k (type, id) where r.record_id = $1 and ${SAME_KEY_SQL}`,
);

const ROW_CASTS = ['bigint', 'text', 'uuid', 'text', 'int'];
/**
 * Stores the main conversion of resources of one patient record in their rows. Rows that have it already aren't written.
 */
const updateRows = createBatchStatement(
  'fhir.convert-rows',
  {},
  (count) => `update resource r set converted = v.converted, converted_with = v.converted_with
    from (values ${valuesListSql(count, ROW_CASTS)}) as v (record_id, type, id, converted, converted_with)
    where r.record_id = $1::bigint and r.type = v.type collate "C" and r.id = v.id
      and (r.converted, r.converted_with) is distinct from (v.converted, v.converted_with)`,
);

/**
 * Lowers the converter version of a patient record to that of this release if it is higher. A newer release then
 * converts the record again. So does an earlier release that stores converted resources elsewhere.
 */
const lowerVersion = statement(
  'fhir.lower-converted',
  {},
  `with lowered as (
     update record set conversion_version = least(conversion_version, $2), converted_by = 0
     where record_id = $1 and (conversion_version > $2 or converted_by > 0)
     returning practice_id, conversion_version as version)
   ${lowerConversionVersionSql('lowered')}`,
);

/** The conversions of one resource to other FHIR versions. */
export interface ConvertedResource extends ResourceKey, RowConversion {
  /**
   * Values of the rows of the table `conversion`: conversions to further types, and main conversions that are hidden or
   * depend on other resources.
   */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Converts resources of a patient record to other FHIR versions. The result has their order.
 * @param fresh other resources that are being stored, by `Type/id`
 */
export async function convertResources(
  tx: Executor,
  recordId: RecordId,
  stored: readonly StoredResourceText[],
  projections: readonly Projection[],
  fresh: ReadonlyMap<string, Resource> = new Map(),
): Promise<readonly ConvertedResource[]> {
  const groups = await Promise.all(
    [...Map.groupBy(projections, (one) => one.dependencies)].map(async ([neighbours, group]) => ({
      group,
      around: await resolveReferences(tx, recordId, stored, neighbours, fresh),
    })),
  );
  return stored.map((one, at) => {
    const { resourceType: type, id = '' } = one.resource;
    const rows: unknown[][] = [];
    let converted: string | null = null;
    for (const { group, around } of groups) {
      const { placed, referencedIds } = around(at);
      for (const projection of group) {
        const made = projectSafely(projection, one.resource, { referenceTargets: placed, embedded: [] });
        if (made === undefined) continue;
        const difference = 'content' in made ? findDifference(one.text, made.content) : null;
        const hiddenBy = 'hiddenBy' in made ? made.hiddenBy : null;
        const isMain = isMainProjection(projection.name);
        if (isMain) converted = difference;
        if (!isMain || hiddenBy !== null || referencedIds !== null)
          rows.push([recordId, projection.name, type, id, isMain ? null : difference, hiddenBy, referencedIds]);
      }
    }
    const isConverted = projections.some(({ types }) => types.includes(type));
    return { type, id, converted, convertedWith: isConverted ? converterVersion(projections) : null, rows };
  });
}

/**
 * Stores the conversions that aren't in the rows of the resources.
 * @param earlier resources that may have conversions, because the patient record has or had them before
 */
export async function writeConversions(
  tx: Executor,
  { recordId, projections }: { readonly recordId: RecordId; readonly projections: readonly Projection[] },
  converted: readonly ConvertedResource[],
  earlier: readonly ResourceKey[] = converted,
): Promise<void> {
  // PostgreSQL executes the statements in the order in which they are sent.
  await awaitAll([
    earlier.length === 0 ? undefined : tx.query(deleteConversions, [recordId, ...toKeyArrays(earlier)]),
    runBatches(
      tx,
      insertConversions,
      converted.flatMap(({ rows }) => rows),
    ),
    tx.query(lowerVersion, [recordId, converterVersion(projections)]),
  ]);
}

/** Converts stored resources of a patient record again. */
export async function convertAgain(
  tx: Executor,
  recordId: RecordId,
  stored: readonly StoredResourceText[],
  projections: readonly Projection[],
): Promise<void> {
  const converted = await convertResources(tx, recordId, stored, projections);
  const rows = converted.map(({ type, id, ...one }) => [recordId, type, id, ...conversionValues(one)]);
  await awaitAll([runBatches(tx, updateRows, rows), writeConversions(tx, { recordId, projections }, converted)]);
}

/** Waits until no statement is running, and throws the error of the first one that failed. */
async function awaitAll(sent: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  await Promise.allSettled(sent);
  await Promise.all(sent);
}

/**
 * Returns the highest version number among all converters. Conversions by a lower version are outdated, so a converter
 * that changes needs a number above all others.
 */
export const converterVersion = (projections: readonly Projection[]): number =>
  Math.max(0, ...projections.map(({ converterVersion: maker }) => maker));

/** Determines the converted references of several resources at once. */
async function resolveReferences(
  tx: Executor,
  recordId: RecordId,
  stored: readonly StoredResourceText[],
  neighbours: ProjectionDependencies | undefined,
  fresh: ReadonlyMap<string, Resource>,
): Promise<
  (at: number) => {
    readonly placed: ProjectionContext['referenceTargets'];
    readonly referencedIds: readonly string[] | null;
  }
> {
  const references = stored.map((one) => (neighbours === undefined ? [] : findUnresolvedKeys(one, neighbours)));
  const placed =
    neighbours === undefined ? new Map() : await resolveTargets(tx, recordId, neighbours, references.flat(), fresh);
  return (at) => {
    const indexed = indexedDependencies((stored[at] as StoredResourceText).resource);
    const ids = (references[at] ?? []).map(({ id }) => id).filter((id) => !indexed.has(id));
    return { placed, referencedIds: ids.length === 0 ? null : ids };
  };
}

/**
 * Finds the dependent resources through database indexes. PostgreSQL compares each row of the index scan with all given
 * ids, so this statement is used only for a few ids; see `FEW`. The condition on the type hides the column from indexes.
 * Otherwise PostgreSQL expects few Provenance in a record, and reads all of them to find those that have a code.
 */
const dependentOnFew = statement(
  'fhir.dependent-on-few',
  { type: 'text', id: 'uuid' },
  `select type, id from conversion where record_id = $1 and asked && $2::uuid[]
   union select type, id from resource
   where record_id = $1 and type || '' = '${TYPE_WITH_INDEXED_DEPENDENCIES}' and codes && $3::int8[]`,
);
const dependentOnAny = statement(
  'fhir.dependent-on-any',
  { type: 'text', id: 'uuid', asked: '_text' },
  `select type, id, asked::text[] from conversion where record_id = $1 and asked is not null
   union all select type, id, codes::text[] from resource
   where record_id = $1 and type = '${TYPE_WITH_INDEXED_DEPENDENCIES}'`,
);
const contents = statement(
  'fhir.contents-by-key',
  { type: 'text', id: 'uuid', content: 'text' },
  `select r.type, r.id, r.content from unnest($2::text[], $3::uuid[]) as k (type, id)
   join resource r on r.record_id = $1 and r.type = k.type collate "C" and r.id = k.id`,
);
const FEW = 32;

/**
 * Finds resources whose conversion depended on one of the given resources. It also finds resources whose conversion
 * depended on the fact that a given resource didn't exist.
 */
async function findDependents(
  tx: Executor,
  recordId: RecordId,
  ids: readonly string[],
): Promise<readonly ResourceKey[]> {
  const tokens = ids.map(dependencyToken);
  if (ids.length <= FEW) return tx.query(dependentOnFew, [recordId, ids, tokens]);
  const among = new Set<string>([...ids, ...tokens]);
  const rows = await tx.query(dependentOnAny, [recordId]);
  return uniqueKeys(rows.filter(({ asked }) => asked.some((id) => among.has(id))));
}

/**
 * Converts resources again whose conversion depends on one of the given resources. Called after the given resources
 * have changed.
 * @param except `Type/id` of resources that are converted anyway
 * @returns the number of resources that were converted
 */
export async function reprojectDependents(
  tx: Executor,
  recordId: RecordId,
  ids: readonly string[],
  projections: readonly Projection[],
  except: ReadonlySet<string> = new Set(),
): Promise<number> {
  const dependent = ids.length === 0 ? [] : await findDependents(tx, recordId, ids);
  const keys = dependent.filter((key) => !except.has(toReferenceText(key)));
  const rows = keys.length === 0 ? [] : await tx.query(contents, [recordId, ...toKeyArrays(keys)]);
  const stored = rows.map(({ content }) => ({ resource: parseJson(content) as Resource, text: content }));
  for (let start = 0; start < stored.length; start += ROWS_AT_ONCE)
    await convertAgain(tx, recordId, stored.slice(start, start + ROWS_AT_ONCE), projections);
  return stored.length;
}

/**
 * Converts a directory resource and returns the values of the columns `name` to `hidden_by` of the table
 * `shared_projection`. Undefined if the FHIR version has no such type.
 */
export function projectionValues(
  projection: Projection,
  resource: Resource,
  around: ProjectionContext,
): readonly unknown[] | undefined {
  const made = projectSafely(projection, resource, around);
  if (made === undefined) return undefined;
  const content = 'content' in made ? made.content : null;
  const hiddenBy = 'hiddenBy' in made ? made.hiddenBy : null;
  return [projection.name, resource.resourceType, resource.id, projection.converterVersion, content, hiddenBy];
}

/**
 * Converts a resource to another FHIR version. If that fails, the resource is hidden in that version, so that one
 * malformed resource doesn't stop the import of a patient record.
 */
function projectSafely(
  projection: Projection,
  resource: Resource,
  around: ProjectionContext,
): ProjectionResult | undefined {
  try {
    return projection.project(resource, around);
  } catch {
    return projection.types.includes(resource.resourceType) ? { hiddenBy: 'conversion-failed' } : undefined;
  }
}
