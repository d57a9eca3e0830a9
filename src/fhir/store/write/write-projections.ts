import { type Executor, statement } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { lowerRecordsVersionSql } from '../../../practices/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type {
  Projection,
  ProjectionContext,
  ProjectionDependencies,
  ProjectionResult,
} from '../../model/projection.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../model/resource-key.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { createBatchStatement, runBatches, valuesListSql } from './batch-statements.ts';
import { findUnresolvedKeys, resolveTargets, type StoredResourceText } from './reference-targets.ts';

const CASTS = ['bigint', 'text', 'text', 'uuid', 'int', 'text', 'text', 'uuid[]'];
const COLUMNS = 'record_id, name, type, id, maker, content, hidden_by, asked';

const upsert = createBatchStatement(
  'fhir.project',
  (count) => `insert into projection (${COLUMNS}) values ${valuesListSql(count, CASTS)}
    on conflict (record_id, name, type, id) do update
      set maker = excluded.maker, content = excluded.content, hidden_by = excluded.hidden_by, asked = excluded.asked`,
);

/**
 * Lowers `converted_by` of a patient record to the converter version of this release if it is higher. A newer release
 * then converts the record again.
 */
const lowerConvertedBy = statement(
  'fhir.lower-converted',
  {},
  `with lowered as (
     update record set converted_by = $2 where record_id = $1 and converted_by > $2
     returning practice_id, converted_by as version)
   ${lowerRecordsVersionSql('converted_by', 'lowered')}`,
);

/**
 * Converts resources of a patient record to other FHIR versions and stores the results, in the transaction that stores
 * the resources.
 * @param fresh other resources that are being stored, by `Type/id`
 */
export async function writeProjections(
  tx: Executor,
  recordId: RecordId,
  stored: readonly StoredResourceText[],
  projections: readonly Projection[],
  fresh: ReadonlyMap<string, Resource> = new Map(),
): Promise<void> {
  for (const [neighbours, group] of Map.groupBy(projections, (one) => one.dependencies)) {
    const around = await resolveReferences(tx, recordId, stored, neighbours, fresh);
    const rows = group.flatMap((projection) =>
      stored.flatMap(({ resource }, at) => {
        const { placed, referencedIds } = around(at);
        const row = projectionValues(projection, resource, { referenceTargets: placed, embedded: [] });
        return row === undefined ? [] : [[recordId, ...row, referencedIds]];
      }),
    );
    await runBatches(tx, upsert, rows);
  }
  await tx.query(lowerConvertedBy, [
    recordId,
    Math.max(0, ...projections.map(({ converterVersion }) => converterVersion)),
  ]);
}

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
    const ids = (references[at] ?? []).map(({ id }) => id);
    return { placed, referencedIds: ids.length === 0 ? null : ids };
  };
}

/**
 * Finds the dependent resources through a database index. PostgreSQL compares each row of the index scan with all given
 * ids, so this statement is used only for a few ids; see `FEW`.
 */
const dependentOnFew = statement(
  'fhir.dependent-on-few',
  { type: 'text', id: 'uuid' },
  'select distinct type, id from projection where record_id = $1 and asked && $2::uuid[]',
);
const dependentOnAny = statement(
  'fhir.dependent-on-any',
  { type: 'text', id: 'uuid', asked: '_text' },
  'select type, id, asked::text[] from projection where record_id = $1 and asked is not null',
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
  if (ids.length <= FEW) return tx.query(dependentOnFew, [recordId, ids]);
  const among = new Set(ids);
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
    await writeProjections(tx, recordId, stored.slice(start, start + ROWS_AT_ONCE), projections);
  return stored.length;
}

/**
 * Converts a resource and returns the values of the columns `name` to `hidden_by` of the projection table. Undefined if
 * the FHIR version has no such type.
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
