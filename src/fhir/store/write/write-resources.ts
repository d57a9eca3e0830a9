import { setImmediate as turn } from 'node:timers/promises';
import { type Executor, statement } from '../../../database/index.ts';
import { type Clock, createYielder, type PracticeId, type RecordId } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { Projection } from '../../model/projection.ts';
import { type DirectoryChange, projectDirectoryChanges } from './directory-projections.ts';
import { lockPractice, lockRecord } from './locks.ts';
import { type PendingWrite, toPendingWrite } from './pending-write.ts';
import { raiseRecordVersion } from './record-version.ts';
import type { ResourceToStore } from './resource-to-store.ts';
import { writeDocuments } from './write-documents.ts';
import { reprojectDependents, writeProjections } from './write-projections.ts';
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
  readonly recordId: RecordId;
  readonly clock: Clock;
  readonly projections: readonly Projection[];
  /** The record was created in this transaction: it is empty, and no other transaction can see it. */
  readonly isNew?: boolean;
}

/**
 * Stores resources of one record. New resources are created; changed ones get the next version and their previous
 * version moves to the history; unchanged ones are left alone. The record is locked, and the time is taken while the
 * lock is held, so that `last_updated` rises with every commit and no page misses a change.
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
  const counts = await writeToTable(tx, RECORD_ROWS, target.recordId, target, at, resources, async (revisions) => {
    await writeDocuments(tx, target.recordId, revisions, withDocuments);
    const stored = revisions.map(({ draft, version }) => ({
      resource: draft.resourceAt(version, at),
      text: draft.textAt(version, at),
    }));
    await writeProjections(tx, target.recordId, stored, target.projections, fresh);
    for (const { draft } of revisions) made.add(`${draft.type}/${draft.id}`);
  });
  // A new record's projections were already written with all its resources known.
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
 * Returns the ids of stored resources on which the resolution of references depends.
 * @param names `Type/id`
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

/** Stores resources of a practice's directory. Works like `writeResources`. */
export async function writeDirectory(
  tx: Executor,
  target: WriteOptions & {
    readonly practiceId: PracticeId;
    readonly clock: Clock;
    readonly projections: readonly Projection[];
  },
  resources: readonly ResourceToStore[],
): Promise<WriteCounts> {
  const { practiceId, projections } = target;
  await lockPractice(tx, practiceId);
  const at = target.clock.now();
  const revisions: ResourceRevision[] = [];
  const counts = await writeToTable(tx, DIRECTORY_ROWS, practiceId, target, at, resources, async (some) => {
    revisions.push(...some);
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
 * Reads the previous content of changed resources from the history. A resource stored again after a deletion has none,
 * because a tombstone precedes it.
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
  at: Date,
  resources: readonly ResourceToStore[],
  changed: (revisions: readonly ResourceRevision[]) => Promise<void>,
): Promise<WriteCounts> {
  const drafts = await toPendingWrites(resources);
  const revisions = await findRevisions(tx, rows, home, drafts, writer);
  await sendPipelined(revisions, (some) => [writeRevisions(tx, rows, home, at, some, writer), changed(some)]);
  const created = revisions.filter(({ isFirst }) => isFirst).length;
  return { created, updated: revisions.length - created, unchanged: drafts.length - revisions.length };
}

/** Number of rows prepared and sent at once. */
const CHUNK = 32;
/** A chunk also ends at this number of characters, because preparing it blocks the event loop. */
const CHUNK_CHARACTERS = 262_144;
/** Number of chunks that PostgreSQL may lag behind. */
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
 * Prepares the next chunk while PostgreSQL executes the previous one, so that each uses its own core. When this
 * function settles, successfully or not, no statement is still in flight: the transaction may be rolled back next.
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
      // The error is reported when the chunk is awaited.
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
 * After one statement fails, the following ones fail because of it. The first failure in order is therefore the one
 * that explains the error.
 */
async function firstFailure(parts: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(parts)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** If a type and id occur twice, the later resource wins. Sorted by key, which is the order of PostgreSQL's index. */
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
