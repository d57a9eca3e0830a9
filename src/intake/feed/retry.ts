import { lockPractice } from '../../fhir/index.ts';
import type { ClientId, PracticeId } from '../../kernel/index.ts';
import type { Origin } from '../names.ts';
import type { FeedDeps } from './feed-deps.ts';
import { type Due, dropKept, dueEntries, listKept, stillRefused } from './kept.ts';
import type { PlaceDeps } from './place.ts';
import { senderOf } from './sender.ts';
import type { Sender } from './transmission.ts';
import { type WriteDeps, writeBundle } from './write.ts';

interface Retried {
  /** Keys of the entries that were tried. */
  readonly tried: readonly string[];
  readonly written: number;
}

/** Retries stored rejected entries, each independently of the others. */
export async function retryDue(deps: WriteDeps & PlaceDeps, selection: Due): Promise<Retried> {
  const { tx, origin, clock } = deps;
  const entries = await dueEntries(tx, origin, selection);
  if (entries.length === 0) return { tried: [], written: 0 };
  const outcomes = await writeBundle(deps, { type: 'batch', entries: entries.map(({ entry }) => entry) });
  const accepted: string[] = [];
  for (const [index, { key }] of entries.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === 'refused') await stillRefused(tx, origin, clock.now(), { key, fault: outcome });
    else accepted.push(key);
  }
  await dropKept(tx, origin, accepted);
  return { tried: entries.map(({ key }) => key), written: accepted.length };
}

const AT_ONCE = 100;

/**
 * Retries all stored entries of the feeds of a practice on behalf of the operator, including entries that don't wait
 * for anything. The current scopes of the apps are not checked.
 */
export async function retryRefused(
  deps: FeedDeps,
  practiceId: PracticeId,
): Promise<{ readonly tried: number; readonly written: number }> {
  const sources = new Set((await listKept(deps.db, [practiceId])).map(({ source }) => source));
  const totals = { tried: 0, written: 0 };
  for (const source of sources) {
    const { tried, written } = await retrySource(deps, { practiceId, source, base: deps.base });
    totals.tried += tried;
    totals.written += written;
  }
  return totals;
}

/** Retries in batches, so that other writers can work between them. */
async function retrySource(
  deps: FeedDeps,
  origin: Origin,
): Promise<{ readonly tried: number; readonly written: number }> {
  const triedKeys: string[] = [];
  let written = 0;
  const sender = await senderOf(deps, clientOf(origin));
  for (;;) {
    const batch = await retryPart({ ...deps, sender }, origin, { all: true, without: triedKeys, limit: AT_ONCE });
    triedKeys.push(...batch.tried);
    written += batch.written;
    if (batch.tried.length < AT_ONCE) return { tried: triedKeys.length, written };
  }
}

const clientOf = ({ source }: Origin): ClientId => source.replace(/^app:/, '') as ClientId;

const retryPart = (
  deps: FeedDeps & { readonly sender: Sender | undefined },
  origin: Origin,
  selection: Due,
): Promise<Retried> =>
  deps.db.transaction(async (tx) => {
    await lockPractice(tx, origin.practiceId);
    const author = { clientId: clientOf(origin), by: 'operator' };
    const { tried, written } = await retryDue({ ...deps, tx, origin, author, may: () => true }, selection);
    await deps.audit.recordWithin(tx, {
      kind: 'write',
      outcome: 'success',
      clientId: clientOf(origin),
      resources: written,
      detail: { practice: origin.practiceId, bundle: 'retry', by: 'operator', tried: tried.length, written },
    });
    return { tried, written };
  });
