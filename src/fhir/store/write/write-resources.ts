import { setImmediate as turn } from 'node:timers/promises';
import { type Executor, statement } from '../../../database/index.ts';
import { type Clock, createYielder, type PracticeId, type RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { claimKeys } from '../id-registry/claim-keys.ts';
import { type DirectoryChange, projectDirectoryChanges } from './directory-projections.ts';
import { lockPractice, lockRecord, type PracticeLock } from './locks.ts';
import { type PendingWrite, toPendingWrite } from './pending-write.ts';
import { raiseRecordVersion } from './record-version.ts';
import type { ResourceToStore } from './resource-to-store.ts';
import { writeDocuments } from './write-documents.ts';
import { convertResources, reprojectDependents, writeConversions } from './write-projections.ts';
import {
  DIRECTORY_ROWS,
  findRevisions,
  RECORD_ROWS,
  type ResourceRevision,
  type ResourceTableStatements,
  type WriteOptions,
  writeRevisions,
} from './write-rows.ts';

export interface WriteCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

interface RecordWriteTarget {
  readonly practiceId: PracticeId;
  readonly recordId: RecordId;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
  /** True if the record was created in this transaction. It is empty then, and other transactions can't see it. */
  readonly isNew?: boolean;
  /**
   * Lock of the practice that the transaction holds. It may be left out if it is exclusive, or if no other transaction
   * can have the ids of the resources.
   */
  readonly lock?: PracticeLock | undefined;
}

/**
 * Stores resources of one patient record. New resources are created. Changed resources get a new version, and the
 * previous one moves to the history. Unchanged resources stay as they are. The record is locked, and the time is taken
 * under the lock. So `last_updated` increases with every commit to the record, and a client that reads changes page by
 * page misses none. For changes of several records, see `findCommittedTime`.
 * @throws ExclusiveLockNeeded if another record got one of the new resources at the same time
 */
export async function writeResources(
  tx: Executor,
  target: WriteOptions & RecordWriteTarget,
  resources: readonly ResourceToStore[],
): Promise<WriteCounts> {
  if (target.isNew !== true) await lockRecord(tx, target.recordId);
  const at = target.clock.now();
  const fresh = new Map(resources.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]));
  const withDocuments = resources.filter(({ documents }) => documents !== undefined);
  const made = new Set<string>();
  const counts = await writeToTable(tx, RECORD_ROWS, target.recordId, target, resources, (revisions) => {
    const stored = revisions.map(({ draft, version }) => ({
      resource: draft.resourceAt(version, at),
      text: draft.textAt(version, at),
    }));
    for (const { draft } of revisions) made.add(`${draft.type}/${draft.id}`);
    const earlier = revisions.flatMap(({ draft, isFirst }) => (isFirst === true ? [] : [draft]));
    const converting = convertResources(tx, target.recordId, stored, target.projections, fresh);
    return [
      claimKeys(
        tx,
        target,
        revisions.flatMap(({ draft, isAbsent }) => (isAbsent === true ? [draft] : [])),
      ),
      converting.then((conversions) =>
        writeRevisions(tx, RECORD_ROWS, target.recordId, at, revisions, target, {
          practiceId: target.practiceId,
          conversions,
        }),
      ),
      converting.then((converted) => writeConversions(tx, target, converted, earlier)),
      // Sent after the resources, whose new content decides which documents are deleted.
      converting.then(() => writeDocuments(tx, target.recordId, revisions, withDocuments)),
    ];
  });
  // When the resources of a new record were converted, all of them were known, so none has to be converted again.
  if (target.isNew !== true)
    await reprojectDependents(
      tx,
      target.recordId,
      referenceTargetIds(made, target.projections),
      target.projections,
      made,
    );
  if (counts.created + counts.updated > 0) await raiseRecordVersion(tx, target.recordId);
  return counts;
}

/**
 * Returns the ids of those written resources whose content influences how references to them are converted.
 * @param names `Type/id` of all written resources
 */
function referenceTargetIds(names: ReadonlySet<string>, projections: readonly Projection[]): readonly string[] {
  const types = new Set(
    projections.flatMap(({ dependencies }) =>
      dependencies === undefined
        ? []
        : [...dependencies.targetDependentTypes, ...Object.values(dependencies.targetDependentTypesIn ?? {}).flat()],
    ),
  );
  return [...names].flatMap((name) => {
    const [type = '', id = ''] = name.split('/');
    return types.has(type) ? [id] : [];
  });
}

/**
 * Stores resources of a practice's directory, in the same way as `writeResources` stores resources of a patient record.
 */
export async function writeDirectory(
  tx: Executor,
  target: WriteOptions & {
    readonly practiceId: PracticeId;
    readonly clock: Clock;
    readonly projections: readonly Projection[];
    /** Lock of the practice that the transaction holds. If it is shared, changes still need the exclusive one. */
    readonly lock?: PracticeLock | undefined;
  },
  resources: readonly ResourceToStore[],
): Promise<WriteCounts> {
  const { practiceId, projections, clock, lock } = target;
  if (lock?.mode === 'shared') {
    const drafts = await toPendingWrites(resources);
    const changed = await findRevisions(tx, DIRECTORY_ROWS, practiceId, drafts, target);
    if (changed.length === 0) return { created: 0, updated: 0, unchanged: drafts.length };
  }
  await lockPractice(tx, practiceId, clock.now());
  const at = clock.now();
  const revisions: ResourceRevision[] = [];
  const counts = await writeToTable(tx, DIRECTORY_ROWS, practiceId, target, resources, (some) => {
    revisions.push(...some);
    return [writeRevisions(tx, DIRECTORY_ROWS, practiceId, at, some, target)];
  });
  if (revisions.length > 0 && projections.length > 0)
    await projectDirectoryChanges(
      tx,
      practiceId,
      await findDirectoryChanges(tx, practiceId, revisions, at),
      projections,
    );
  return counts;
}

const replaced = statement(
  'fhir.replaced-in-directory',
  { type: 'text', id: 'uuid', content: 'text' },
  `select h.type, h.id, h.content from unnest($2::text[], $3::uuid[], $4::int[]) as k (type, id, version)
   join shared_resource_history h
     on h.practice_id = $1 and h.type = k.type collate "C" and h.id = k.id and h.version = k.version - 1`,
);

/**
 * Reads the content of changed directory resources before the change, from the history. There is none if the resource
 * had been deleted and is created again.
 */
async function findDirectoryChanges(
  tx: Executor,
  practiceId: PracticeId,
  revisions: readonly ResourceRevision[],
  at: Date,
): Promise<readonly DirectoryChange[]> {
  const later = revisions.filter(({ version }) => version > 1);
  const keys = [later.map(({ draft }) => draft.type), later.map(({ draft }) => draft.id)];
  const rows =
    later.length === 0 ? [] : await tx.query(replaced, [practiceId, ...keys, later.map(({ version }) => version)]);
  const before = new Map(rows.map(({ type, id, content }) => [`${type}/${id}`, content]));
  return revisions.map(({ draft, version }) => {
    const text = before.get(`${draft.type}/${draft.id}`);
    return {
      type: draft.type,
      id: draft.id,
      before: text === undefined ? undefined : (parseJson(text) as Resource),
      now: draft.resourceAt(version, at),
    };
  });
}

async function writeToTable(
  tx: Executor,
  rows: ResourceTableStatements,
  home: number,
  writer: WriteOptions,
  resources: readonly ResourceToStore[],
  write: (revisions: readonly ResourceRevision[]) => readonly Promise<void>[],
): Promise<WriteCounts> {
  const drafts = await toPendingWrites(resources);
  const revisions = await findRevisions(tx, rows, home, drafts, writer);
  await sendPipelined(revisions, write);
  const created = revisions.filter(({ isFirst }) => isFirst).length;
  return { created, updated: revisions.length - created, unchanged: drafts.length - revisions.length };
}

/** Maximum number of resources that are prepared and sent to PostgreSQL at once. */
const CHUNK = 32;
/** Maximum length of the JSON texts that are prepared at once, in characters. Preparing blocks the event loop. */
const CHUNK_CHARACTERS = 262_144;
/** Maximum number of chunks that have been sent to PostgreSQL and aren't finished, before preparing stops. */
const MAX_CHUNKS_AHEAD = 3;

function endOfChunk(all: readonly ResourceRevision[], start: number): number {
  let letters = 0;
  for (let end = start; end < Math.min(start + CHUNK, all.length); end++) {
    letters += all[end]?.draft.size ?? 0;
    if (letters > CHUNK_CHARACTERS) return Math.max(end, start + 1);
  }
  return Math.min(start + CHUNK, all.length);
}

/**
 * Sends resources in chunks. While PostgreSQL executes one chunk, the server prepares the next, so both use a processor
 * core. When the function succeeds or fails, no statement is still running, because the caller may roll the transaction
 * back next.
 */
async function sendPipelined(
  all: readonly ResourceRevision[],
  send: (some: readonly ResourceRevision[]) => readonly Promise<void>[],
): Promise<void> {
  const chunks: Promise<unknown>[] = [];
  const sent: Promise<void>[] = [];
  try {
    for (let start = 0; start < all.length; ) {
      const end = endOfChunk(all, start);
      const parts = send(all.slice(start, end));
      sent.push(...parts);
      chunks.push(firstFailure(parts));
      // The empty handler keeps Node from reporting an unhandled rejection. The error isn't lost: the results of all
      // chunks are awaited in order below.
      chunks.at(-1)?.catch(() => {});
      if (end < all.length) await turn();
      await chunks.at(-MAX_CHUNKS_AHEAD);
      start = end;
    }
    for (const chunk of chunks) await chunk;
  } finally {
    await Promise.allSettled(sent);
  }
}

/**
 * Waits for several statements and throws the error of the first one that failed. PostgreSQL rejects all later
 * statements of the transaction, so only the first error tells the cause.
 */
async function firstFailure(parts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/**
 * Prepares resources to be stored, sorted by type and id as in PostgreSQL's index. If a type and id occurs twice, the
 * later resource is stored.
 */
async function toPendingWrites(resources: readonly ResourceToStore[]): Promise<readonly PendingWrite[]> {
  const byKey = new Map(resources.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]));
  const drafts: PendingWrite[] = [];
  const rest = createYielder();
  for (const [, resource] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
    drafts.push(toPendingWrite(resource));
    await rest();
  }
  return drafts;
}
