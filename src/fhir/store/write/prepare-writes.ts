import { setImmediate as turn } from 'node:timers/promises';
import type { Executor } from '../../../database/index.ts';
import type { RecordId } from '../../../kernel/index.ts';
import { type PendingWrite, toPendingWrite } from './pending-write.ts';
import type { ResourceToStore } from './resource-to-store.ts';
import { findRevisions, RECORD_ROWS } from './write-rows.ts';

type ResourceToPrepare = ResourceToStore['resource'];

/**
 * Number of resources after which the event loop can do other work. Otherwise preparing resources would delay
 * statements that are running at the same time.
 */
const YIELD_AFTER = 16;

/**
 * Prepares resources to be stored (printing, hashing, indexing), while others are being written.
 * @param recordId id of the patient record; undefined if the record doesn't exist yet
 * @returns the resources that the record already has with the same content, so that they needn't be stored
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
