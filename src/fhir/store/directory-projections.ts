import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { PartOf } from '../core/part-of.ts';
import type { Around, Neighbours, Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { valuesList } from './batches.ts';
import { lockRecord } from './locks.ts';
import { type Key, keysOf, nameOf, placeOf } from './neighbours.ts';
import { withPartChanges } from './part-changes.ts';
import { raiseVersion } from './record-version.ts';
import { referencesIn } from './references.ts';
import { tokenOfReference } from './token-hash.ts';
import { projectedRow, remakeDependents } from './write-projections.ts';

/** A change of one directory resource. */
export interface Change extends Key {
  /** undefined if the resource did not exist. */
  readonly before: Resource | undefined;
  /** undefined if the resource was deleted. */
  readonly now: Resource | undefined;
}

const CASTS = ['int', 'text', 'text', 'uuid', 'int', 'text', 'text'];
const COLUMNS = 'practice_id, name, type, id, maker, content, hidden_by';
/** Number of resources written by one statement. */
const CHUNK = 200;

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
  `select distinct p.record_id from projection p
   join record o on o.record_id = p.record_id and o.practice_id = $1
   where p.asked && $2::uuid[] order by p.record_id`,
);

/**
 * Updates the projections of a directory after it changed, in the same transaction: those of the changed resources, of
 * the resources that embed them, and of patient records whose converted text depends on them. The caller holds the
 * practice's lock.
 */
export async function projectChanges(
  tx: Executor,
  practiceId: PracticeId,
  changes: readonly Change[],
  projections: readonly Projection[],
): Promise<void> {
  const gone = changes.filter(({ now }) => now === undefined);
  if (gone.length > 0) await tx.query(drop, [practiceId, ...keysOf(gone)]);
  for (const [neighbours, group] of Map.groupBy(projections, (one) => one.neighbours)) {
    const changed = changes.flatMap(({ now }) => now ?? []);
    const others = neighbours === undefined ? [] : await wholesOf(tx, practiceId, neighbours.part, changes);
    await projectDirectory(tx, practiceId, [...changed, ...others], group, neighbours);
    if (neighbours === undefined) continue;
    const moved = await movedBy(tx, practiceId, neighbours, changes);
    if (moved.length > 0) await remakeRecords(tx, practiceId, moved, group);
  }
}

/** Converts directory resources as they are stored and writes their projections. */
export async function projectDirectory(
  tx: Executor,
  practiceId: PracticeId,
  resources: readonly Resource[],
  projections: readonly Projection[],
  neighbours: Neighbours | undefined,
): Promise<void> {
  for (let start = 0; start < resources.length; start += CHUNK) {
    const some = resources.slice(start, start + CHUNK);
    const parts = neighbours === undefined ? undefined : await partsOf(tx, practiceId, neighbours.part, some);
    const dated = neighbours === undefined ? some : await withPartChanges(tx, practiceId, neighbours.part, some);
    const rows = projections.flatMap((projection) =>
      dated.flatMap((resource) => {
        const around: Around = { placed: new Map(), parts: parts?.get(keyOf(resource)) ?? [] };
        const row = projectedRow(projection, resource, around);
        return row === undefined ? [] : [[practiceId, ...row]];
      }),
    );
    if (rows.length === 0) continue;
    await tx.queryText(
      `insert into shared_projection (${COLUMNS}) values ${valuesList(rows.length, CASTS)}
       on conflict (practice_id, name, type, id) do update
         set maker = excluded.maker, content = excluded.content, hidden_by = excluded.hidden_by`,
      rows.flat(),
    );
  }
}

const keyOf = ({ resourceType, id }: Resource): string => `${resourceType}/${id}`;

/**
 * Finds the resources embedded in some parent resources, keyed by the parent's `Type/id` and ordered by their own ids.
 */
async function partsOf(
  tx: Executor,
  practiceId: PracticeId,
  part: PartOf,
  wholes: readonly Resource[],
): Promise<ReadonlyMap<string, readonly Resource[]>> {
  const ids = wholes.flatMap(({ resourceType, id }) => (resourceType === part.of && id !== undefined ? [id] : []));
  const found = await partsNaming(tx, practiceId, part, ids);
  const named = found.flatMap((one) => wholesNamed(one, part).map((key) => [nameOf(key), one] as const));
  return new Map(
    [...Map.groupBy(named, ([name]) => name)].map(([name, ones]) => [name, ones.map(([, one]) => one)] as const),
  );
}

async function partsNaming(
  tx: Executor,
  practiceId: PracticeId,
  { type, of, by }: PartOf,
  ids: readonly string[],
): Promise<readonly Resource[]> {
  if (ids.length === 0) return [];
  const tokens = ids.map((id) => tokenOfReference(by, { type: of, id }));
  const rows = await tx.query(referring, [practiceId, type, tokens]);
  return rows
    .toSorted((one, other) => (one.id < other.id ? -1 : 1))
    .map(({ content }) => parseJson(content) as Resource);
}

const wholesNamed = (part: Resource, { type, of, by }: PartOf): readonly Key[] =>
  referencesIn(part, type, by).flatMap((one) => (one.type === of ? [{ type: of, id: one.id.toLowerCase() }] : []));

/** Finds unchanged parent resources whose embedded resources were added, removed or changed. */
async function wholesOf(
  tx: Executor,
  practiceId: PracticeId,
  part: PartOf,
  changes: readonly Change[],
): Promise<readonly Resource[]> {
  const changed = new Set(changes.map(nameOf));
  const named = changes
    .filter(({ type }) => type === part.type)
    .flatMap(({ before, now }) => [before, now].flatMap((one) => (one === undefined ? [] : wholesNamed(one, part))))
    .filter((key) => !changed.has(nameOf(key)));
  const keys = [...new Map(named.map((key) => [nameOf(key), key])).values()];
  const rows = keys.length === 0 ? [] : await tx.query(contents, [practiceId, ...keysOf(keys)]);
  return rows.map(({ content }) => parseJson(content) as Resource);
}

/**
 * Returns the ids of embedded resources to which references now resolve differently, or to nothing: they changed their
 * parent, or their parent was created or deleted.
 */
async function movedBy(
  tx: Executor,
  practiceId: PracticeId,
  neighbours: Neighbours,
  changes: readonly Change[],
): Promise<readonly string[]> {
  const { part } = neighbours;
  const place = (one: Resource | undefined) => (one === undefined ? undefined : placeOf(neighbours, one)?.reference);
  const own = changes.filter(({ type, before, now }) => type === part.type && place(before) !== place(now));
  const wholes = changes.filter(
    ({ type, before, now }) => type === part.of && (before === undefined) !== (now === undefined),
  );
  const theirs = await partsNaming(
    tx,
    practiceId,
    part,
    wholes.map(({ id }) => id),
  );
  return [...new Set([...own.map(({ id }) => id), ...theirs.flatMap(({ id }) => id ?? [])])];
}

/**
 * Converts the dependent resources of each affected record again. Takes the record locks in the order of record ids, so
 * that two runs cannot deadlock.
 */
async function remakeRecords(
  tx: Executor,
  practiceId: PracticeId,
  ids: readonly string[],
  projections: readonly Projection[],
): Promise<void> {
  for (const { record_id } of await tx.query(dependentRecords, [practiceId, ids])) {
    await lockRecord(tx, record_id as RecordId);
    const made = await remakeDependents(tx, record_id as RecordId, ids, projections);
    if (made > 0) await raiseVersion(tx, record_id);
  }
}
