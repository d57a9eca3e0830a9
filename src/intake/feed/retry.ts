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
  /** Their keys. */
  readonly tried: readonly string[];
  readonly written: number;
}

/** Tries again what was refused, each by itself. */
export async function retryDue(deps: WriteDeps & PlaceDeps, due: Due): Promise<Retried> {
  const { tx, origin, clock } = deps;
  const entries = await dueEntries(tx, origin, due);
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

/** By the operator: all that was refused of the feeds of a practice, whatever it waits for and whatever the apps may do now. */
export async function retryRefused(
  deps: FeedDeps,
  practiceId: PracticeId,
): Promise<{ readonly tried: number; readonly written: number }> {
  const sources = new Set((await listKept(deps.db, [practiceId])).map(({ source }) => source));
  const sum = { tried: 0, written: 0 };
  for (const source of sources) {
    const { tried, written } = await retrySource(deps, { practiceId, source, base: deps.base });
    sum.tried += tried;
    sum.written += written;
  }
  return sum;
}

/** Part by part, so that others can write between them. */
async function retrySource(
  deps: FeedDeps,
  origin: Origin,
): Promise<{ readonly tried: number; readonly written: number }> {
  const without: string[] = [];
  let written = 0;
  const sender = await senderOf(deps, clientOf(origin));
  for (;;) {
    const part = await retryPart({ ...deps, sender }, origin, { all: true, without, limit: AT_ONCE });
    without.push(...part.tried);
    written += part.written;
    if (part.tried.length < AT_ONCE) return { tried: without.length, written };
  }
}

const clientOf = ({ source }: Origin): ClientId => source.replace(/^app:/, '') as ClientId;

const retryPart = (
  deps: FeedDeps & { readonly sender: Sender | undefined },
  origin: Origin,
  due: Due,
): Promise<Retried> =>
  deps.db.transaction(async (tx) => {
    await lockPractice(tx, origin.practiceId);
    const author = { clientId: clientOf(origin), by: 'operator' };
    const { tried, written } = await retryDue({ ...deps, tx, origin, author, may: () => true }, due);
    await deps.audit.recordWithin(tx, {
      kind: 'write',
      outcome: 'success',
      clientId: clientOf(origin),
      resources: written,
      detail: { practice: origin.practiceId, bundle: 'retry', by: 'operator', tried: tried.length, written },
    });
    return { tried, written };
  });
