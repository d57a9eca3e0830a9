import { lockPractice } from '../../fhir/index.ts';
import type { ClientId, PracticeId, RecordId } from '../../kernel/index.ts';
import type { SourceOrigin } from '../references/reference-map.ts';
import type { FeedDeps } from './feed-deps.ts';
import type { FeedSender } from './record-transmission.ts';
import {
  deleteRejectedEntries,
  findDueEntries,
  listRejectedEntries,
  type RetrySelection,
  updateRejectedEntry,
} from './rejected-entries.ts';
import type { ResolveEntriesDeps } from './resolve-entries.ts';
import { findSender } from './sender.ts';
import { type FeedWriteDeps, writeBundle } from './write-bundle.ts';

interface RetryResult {
  /** Keys of the stored rejected entries that were retried, whether or not they were written. */
  readonly tried: readonly string[];
  readonly written: number;
}

/**
 * Retries stored rejected entries. Like the entries of a batch, each is accepted or rejected independently of the
 * others.
 */
export async function retryDueEntries(
  deps: FeedWriteDeps & ResolveEntriesDeps,
  selection: RetrySelection,
): Promise<RetryResult> {
  const { tx, origin, clock } = deps;
  const entries = await findDueEntries(tx, origin, selection);
  if (entries.length === 0) return { tried: [], written: 0 };
  const outcomes = await writeBundle(deps, { type: 'batch', entries: entries.map(({ entry }) => entry) });
  const accepted: string[] = [];
  for (const [index, { key }] of entries.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'refused') await updateRejectedEntry(tx, origin, clock.now(), { key, rejection: outcome });
    else accepted.push(key);
  }
  await deleteRejectedEntries(tx, origin, accepted);
  return { tried: entries.map(({ key }) => key), written: accepted.length };
}

const BATCH_SIZE = 100;

/**
 * Retries all stored rejected entries of a practice on behalf of an operator, whether or not they wait for a missing
 * resource. The current scopes of the apps are not checked.
 */
export async function retryRejectedEntries(
  deps: FeedDeps,
  practiceId: PracticeId,
): Promise<{ readonly tried: number; readonly written: number }> {
  const sources = new Set((await listRejectedEntries(deps.db, [practiceId])).map(({ source }) => source));
  const totals = { tried: 0, written: 0 };
  for (const source of sources) {
    const { tried, written } = await retrySource(deps, { practiceId, source, base: deps.base });
    totals.tried += tried;
    totals.written += written;
  }
  return totals;
}

/** Retries the stored rejected entries of one app in batches, so that other writers can work between them. */
async function retrySource(
  deps: FeedDeps,
  origin: SourceOrigin,
): Promise<{ readonly tried: number; readonly written: number }> {
  const triedKeys: string[] = [];
  let written = 0;
  const sender = await findSender(deps, toClientId(origin));
  for (;;) {
    const batch = await retryBatch({ ...deps, sender }, origin, { all: true, without: triedKeys, limit: BATCH_SIZE });
    triedKeys.push(...batch.tried);
    written += batch.written;
    if (batch.tried.length < BATCH_SIZE) return { tried: triedKeys.length, written };
  }
}

const toClientId = ({ source }: SourceOrigin): ClientId => source.replace(/^app:/, '') as ClientId;

const retryBatch = (
  deps: FeedDeps & { readonly sender: FeedSender | undefined },
  origin: SourceOrigin,
  selection: RetrySelection,
): Promise<RetryResult> =>
  deps.db.transaction(async (tx) => {
    await lockPractice(tx, origin.practiceId, deps.clock.now());
    const lock = { mode: 'exclusive', records: new Set<RecordId>() } as const;
    const author = { clientId: toClientId(origin), by: 'operator' };
    const { tried, written } = await retryDueEntries({ ...deps, tx, origin, author, lock, may: () => true }, selection);
    await deps.audit.appendInTransaction(tx, {
      kind: 'write',
      outcome: 'success',
      clientId: toClientId(origin),
      resources: written,
      detail: { practice: origin.practiceId, bundle: 'retry', by: 'operator', tried: tried.length, written },
    });
    return { tried, written };
  });
