import { type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import type { EmbeddedType } from '../../model/embedded-type.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection, ProjectionContext, ProjectionDependencies } from '../../model/projection.ts';
import { type ResourceKey, toKeyArrays, toReferenceText, uniqueKeys } from '../../model/resource-key.ts';
import { findReferences } from '../index/find-references.ts';
import { referenceToken } from '../index/token-hash.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { valuesListSql } from './batch-statements.ts';
import { withEmbeddedChanges } from './embedded-changes.ts';
import { lockRecord } from './locks.ts';
import { raiseRecordVersion } from './record-version.ts';
import { resolveTarget } from './reference-targets.ts';
import { projectionValues, reprojectDependents } from './write-projections.ts';

/** A change of one resource in the directory of a practice. */
export interface DirectoryChange extends ResourceKey {
  /** Content before the change. Undefined if the resource was created. */
  readonly before: Resource | undefined;
  /** Content after the change. Undefined if the resource was deleted. */
  readonly now: Resource | undefined;
}

const CASTS = ['int', 'text', 'text', 'uuid', 'int', 'text', 'text'];
const COLUMNS = 'practice_id, name, type, id, maker, content, hidden_by';

const contents = statement(
  'fhir.directory-contents',
  { content: 'text' },
  `select s.content from unnest($2::text[], $3::uuid[]) as k (type, id)
   join shared_resource s on s.practice_id = $1 and s.type = k.type collate "C" and s.id = k.id`,
);
const referring = statement(
  'fhir.directory-referring',
  { id: 'uuid', content: 'text' },
  'select id, content from shared_resource where practice_id = $1 and type = $2 and codes && $3::int8[]',
);
const drop = statement(
  'fhir.drop-shared-projections',
  {},
  `delete from shared_projection p using unnest($2::text[], $3::uuid[]) as k (type, id)
   where p.practice_id = $1 and p.type = k.type collate "C" and p.id = k.id`,
);
const dependentRecords = statement(
  'fhir.dependent-records',
  { record_id: 'int8' },
  `with dependent as materialized (select distinct record_id from conversion where asked && $2::uuid[])
   select c.record_id from dependent c
   join record o on o.record_id = c.record_id and o.practice_id = $1 order by c.record_id`,
);

/**
 * Converts resources to other FHIR versions again after the directory of a practice changed, in the same transaction.
 * This concerns the changed resources, directory resources in which they are embedded (as a PractitionerRole in a DSTU2
 * Practitioner), and resources of patient records whose conversion depends on the changed resources. The caller must
 * hold the practice's lock.
 */
export async function projectDirectoryChanges(
  tx: Executor,
  practiceId: PracticeId,
  changes: readonly DirectoryChange[],
  projections: readonly Projection[],
): Promise<void> {
  const deleted = changes.filter(({ now }) => now === undefined);
  if (deleted.length > 0) await tx.query(drop, [practiceId, ...toKeyArrays(deleted)]);
  for (const [neighbours, group] of Map.groupBy(projections, (one) => one.dependencies)) {
    const changed = changes.flatMap(({ now }) => now ?? []);
    const others =
      neighbours === undefined ? [] : await findAffectedParents(tx, practiceId, neighbours.embedded, changes);
    await writeDirectoryProjections(tx, practiceId, [...changed, ...others], group, neighbours);
    if (neighbours === undefined) continue;
    const moved = await findRetargetedIds(tx, practiceId, neighbours, changes);
    if (moved.length > 0) await reprojectRecords(tx, practiceId, moved, group);
  }
}

/** Converts resources of a directory to other FHIR versions and stores the results. */
export async function writeDirectoryProjections(
  tx: Executor,
  practiceId: PracticeId,
  resources: readonly Resource[],
  projections: readonly Projection[],
  neighbours: ProjectionDependencies | undefined,
): Promise<void> {
  for (let start = 0; start < resources.length; start += ROWS_AT_ONCE) {
    const some = resources.slice(start, start + ROWS_AT_ONCE);
    const embeddedByParent =
      neighbours === undefined ? undefined : await findEmbeddedByParent(tx, practiceId, neighbours.embedded, some);
    const dated =
      neighbours === undefined ? some : await withEmbeddedChanges(tx, practiceId, neighbours.embedded, some);
    const rows = projections.flatMap((projection) =>
      dated.flatMap((resource) => {
        const around: ProjectionContext = {
          referenceTargets: new Map(),
          embedded: embeddedByParent?.get(toResourceKey(resource)) ?? [],
        };
        const row = projectionValues(projection, resource, around);
        return row === undefined ? [] : [[practiceId, ...row]];
      }),
    );
    if (rows.length === 0) continue;
    await tx.queryText(
      `insert into shared_projection (${COLUMNS}) values ${valuesListSql(rows.length, CASTS)}
       on conflict (practice_id, name, type, id) do update
         set maker = excluded.maker, content = excluded.content, hidden_by = excluded.hidden_by`,
      rows.flat(),
    );
  }
}

const toResourceKey = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

/**
 * Finds the embedded resources of directory resources, such as the PractitionerRoles that a DSTU2 Practitioner shows.
 * The keys of the result are `Type/id` of the Practitioner (or another parent). Its embedded resources are ordered by
 * id.
 */
async function findEmbeddedByParent(
  tx: Executor,
  practiceId: PracticeId,
  embeddedType: EmbeddedType,
  parents: readonly Resource[],
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const ids = parents.flatMap(({ resourceType, id }) =>
    resourceType === embeddedType.parentType && id !== undefined ? [id] : [],
  );
  const found = await findEmbeddedIn(tx, practiceId, embeddedType, ids);
  const named = found.flatMap((one) =>
    parentsReferredTo(one, embeddedType).map((key) => [toReferenceText(key), one] as const),
  );
  return new Map(
    [...Map.groupBy(named, ([name]) => name)].map(([name, ones]) => [name, ones.map(([, one]) => one)] as const),
  );
}

async function findEmbeddedIn(
  tx: Executor,
  practiceId: PracticeId,
  { type, parentType, parentParameter }: EmbeddedType,
  ids: readonly string[],
): Promise<readonly Resource[]> {
  if (ids.length === 0) return [];
  const tokens = ids.map((id) => referenceToken(parentParameter, { type: parentType, id }));
  const rows = await tx.query(referring, [practiceId, type, tokens]);
  return rows
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ content }) => parseJson(content) as Resource);
}

const parentsReferredTo = (
  resource: Resource,
  { type, parentType, parentParameter }: EmbeddedType,
): readonly ResourceKey[] =>
  findReferences(resource, type, parentParameter).flatMap((one) =>
    one.type === parentType ? [{ type: parentType, id: one.id.toLowerCase() }] : [],
  );

/**
 * Finds resources that didn't change themselves, but whose converted form shows an embedded resource that was added,
 * removed or changed.
 */
async function findAffectedParents(
  tx: Executor,
  practiceId: PracticeId,
  embeddedType: EmbeddedType,
  changes: readonly DirectoryChange[],
): Promise<readonly Resource[]> {
  const changed = new Set(changes.map(toReferenceText));
  const named = changes
    .filter(({ type }) => type === embeddedType.type)
    .flatMap(({ before, now }) =>
      [before, now].flatMap((one) => (one === undefined ? [] : parentsReferredTo(one, embeddedType))),
    )
    .filter((key) => !changed.has(toReferenceText(key)));
  const keys = uniqueKeys(named);
  const rows = keys.length === 0 ? [] : await tx.query(contents, [practiceId, ...toKeyArrays(keys)]);
  return rows.map(({ content }) => parseJson(content) as Resource);
}

/**
 * Returns the ids of embedded resources, such as PractitionerRoles, to which references must be converted again. A
 * reference to a PractitionerRole becomes one to its Practitioner. So the converted reference changes if the role gets
 * another Practitioner, or if the Practitioner is created or deleted.
 */
async function findRetargetedIds(
  tx: Executor,
  practiceId: PracticeId,
  neighbours: ProjectionDependencies,
  changes: readonly DirectoryChange[],
): Promise<readonly string[]> {
  const { embedded } = neighbours;
  const convertedReference = (one: Resource | undefined) =>
    one === undefined ? undefined : resolveTarget(neighbours, one)?.reference;
  const own = changes.filter(
    ({ type, before, now }) => type === embedded.type && convertedReference(before) !== convertedReference(now),
  );
  const parents = changes.filter(
    ({ type, before, now }) => type === embedded.parentType && (before === undefined) !== (now === undefined),
  );
  const theirs = await findEmbeddedIn(
    tx,
    practiceId,
    embedded,
    parents.map(({ id }) => id),
  );
  return [...new Set([...own.map(({ id }) => id), ...theirs.flatMap(({ id }) => id ?? [])])];
}

/**
 * Converts resources of patient records again if their conversion depends on one of the given resources. Locks the
 * records in the order of their ids, so that two concurrent runs can't deadlock.
 */
async function reprojectRecords(
  tx: Executor,
  practiceId: PracticeId,
  ids: readonly string[],
  projections: readonly Projection[],
): Promise<void> {
  for (const { record_id } of await tx.query(dependentRecords, [practiceId, ids])) {
    await lockRecord(tx, record_id as RecordId);
    const made = await reprojectDependents(tx, record_id as RecordId, ids, projections);
    if (made > 0) await raiseRecordVersion(tx, record_id);
  }
}
