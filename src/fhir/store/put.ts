import type { Executor } from '../../database/index.ts';
import type { Clock, PracticeId, RecordId } from '../../kernel/index.ts';
import type { Projection } from '../core/projection.ts';
import { type Draft, draftOf } from './draft.ts';
import { lockPractice, lockRecord } from './locks.ts';
import { raiseVersion } from './record-version.ts';
import type { ToStore } from './to-store.ts';
import { writeDocuments } from './write-documents.ts';
import { writeProjections } from './write-projections.ts';
import { DIRECTORY_ROWS, RECORD_ROWS, type Revision, type Rows, type Writer, writeRows } from './write-rows.ts';

export interface PutCounts {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** How many rows go in one statement. */
const CHUNK = 200;

/**
 * Stores resources of one record: new ones are created, changed ones get the next version and leave the one before in
 * the history, equal ones are left as they are. One intake at a time works on a record; the time is taken while it holds
 * the lock, so that `last_updated` rises with every commit and no page's limit is passed by.
 */
export async function putResources(
  tx: Executor,
  target: Writer & { readonly recordId: RecordId; readonly clock: Clock; readonly projections: readonly Projection[] },
  resources: readonly ToStore[],
): Promise<PutCounts> {
  await lockRecord(tx, target.recordId);
  const at = target.clock.now();
  const counts = await put(tx, RECORD_ROWS, target.recordId, target, at, resources, async (revisions) => {
    await writeDocuments(tx, target.recordId, revisions, resources);
    await writeProjections(
      tx,
      target.recordId,
      revisions.map(({ draft, version }) => draft.resourceAt(version, at)),
      target.projections,
    );
  });
  if (counts.created + counts.updated > 0) await raiseVersion(tx, target.recordId);
  return counts;
}

/** As `putResources`, for the directory of a practice; it has no projections. */
export async function putDirectory(
  tx: Executor,
  target: Writer & { readonly practiceId: PracticeId; readonly clock: Clock },
  resources: readonly ToStore[],
): Promise<PutCounts> {
  await lockPractice(tx, target.practiceId);
  return put(tx, DIRECTORY_ROWS, target.practiceId, target, target.clock.now(), resources, async () => {});
}

async function put(
  tx: Executor,
  rows: Rows,
  home: number,
  writer: Writer,
  at: Date,
  resources: readonly ToStore[],
  changed: (revisions: readonly Revision[]) => Promise<void>,
): Promise<PutCounts> {
  const drafts = draftsOf(resources);
  let created = 0;
  let updated = 0;
  for (let start = 0; start < drafts.length; start += CHUNK) {
    const revisions = await writeRows(tx, rows, home, at, drafts.slice(start, start + CHUNK), writer);
    if (revisions.length > 0) await changed(revisions);
    const fresh = revisions.filter(({ version }) => version === 1).length;
    created += fresh;
    updated += revisions.length - fresh;
  }
  return { created, updated, unchanged: drafts.length - created - updated };
}

/** Of two with the same type and id the later holds. Sorted by key: the order in which PostgreSQL finds them. */
function draftsOf(resources: readonly ToStore[]): readonly Draft[] {
  const byKey = new Map(resources.map(({ resource }) => [`${resource.resourceType}/${resource.id}`, resource]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, resource]) => draftOf(resource));
}
