import { setImmediate as turn } from 'node:timers/promises';
import type { Executor } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { type PendingWrite, toPendingWrite } from './pending-write.ts';
import type { ResourceToStore } from './resource-to-store.ts';
import { findRevisions, RECORD_ROWS } from './write-rows.ts';

type ResourceToPrepare = ResourceToStore['resource'];

/**
 * Number of resources processed before other work gets a turn, so that preparing doesn't delay the writes that run
 * meanwhile.
 */
const YIELD_AFTER = 16;

/**
 * Prepares the writes of resources (printing, hashing, indexing) while others are being written.
 * @param recordId undefined if the record doesn't exist yet
 * @returns the resources that the record already has unchanged, so that storing them again would have no effect
 */
export async function prepareWrites(
  db: Executor,
  recordId: RecordId | undefined,
  resources: readonly ResourceToPrepare[],
): Promise<ReadonlySet<ResourceToPrepare>> {
  const drafts: PendingWrite[] = [];
  await forEachYielding(resources, (resource) => drafts.push(toPendingWrite(resource)));
  const revisions = recordId === undefined ? undefined : await findRevisions(db, RECORD_ROWS, recordId, drafts);
  const changed = revisions === undefined ? drafts : revisions.map(({ draft }) => draft);
  await forEachYielding(changed, (draft) => void draft.index());
  const isChanged = new Set(changed);
  return new Set(resources.filter((_, i) => !isChanged.has(drafts[i] as PendingWrite)));
}

async function forEachYielding<T>(all: readonly T[], make: (one: T) => void): Promise<void> {
  for (const [i, one] of all.entries()) {
    make(one);
    if (i % YIELD_AFTER === YIELD_AFTER - 1) await turn();
  }
}
