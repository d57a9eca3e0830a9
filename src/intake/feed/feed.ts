import { type Grant, mayWrite } from '../../access/index.ts';
import type { AuditEvent } from '../../audit/index.ts';
import { type BundleAnswer, type BundleFeed, lockPractice, type SentBundle } from '../../fhir/index.ts';
import { problemOf } from '../../kernel/index.ts';
import { countBrought } from '../days.ts';
import type { Origin } from '../names.ts';
import type { FeedDeps } from './feed-deps.ts';
import { dropKept, keepRefused, keptKey } from './kept.ts';
import { type Outcome, type Refused, responseBundle, transactionOutcome } from './outcome.ts';
import type { PlaceDeps } from './place.ts';
import { type FeedBundle, type FeedEntry, readBundle } from './read-bundle.ts';
import { retryDue } from './retry.ts';
import { senderOf, sourceOf } from './sender.ts';
import { type WriteDeps, writeBundle } from './write.ts';

/**
 * Opens the feed through which backend apps write Bundles, each app its own resources at its practice. Every Bundle is
 * recorded in the audit log, rejected ones too.
 * @returns a feed whose `receive` throws Problem for a Bundle that is invalid as a whole
 */
export function openFeed(deps: FeedDeps): BundleFeed {
  return {
    async receive(sent) {
      try {
        const bundle = await readBundle(sent.text);
        return await receiveBundle(deps, sent, bundle);
      } catch (error) {
        await deps.audit.record(refusal(sent.grant, sent.requestId, { problem: problemOf(error).code }));
        throw error;
      }
    },
    refused: (grant, requestId, { code }) => deps.audit.record(refusal(grant, requestId, { problem: code })),
  };
}

/** Rolls back a transaction in which an entry was rejected. */
class TakenBack extends Error {
  override readonly name = 'TakenBack';
  readonly outcomes: readonly Outcome[];

  constructor(outcomes: readonly Outcome[]) {
    super('an entry of a transaction was refused');
    this.outcomes = outcomes;
  }
}

/** Writes a Bundle in one database transaction, together with its counts and its audit event. */
async function receiveBundle(deps: FeedDeps, sent: SentBundle, bundle: FeedBundle): Promise<BundleAnswer> {
  const { practiceId, grant, requestId } = sent;
  const origin = originOf(deps, sent);
  const { type } = bundle;
  const sender = await senderOf(deps, grant.clientId);
  try {
    return await deps.db.transaction(async (tx) => {
      // Looking up what exists and writing what doesn't must not be interleaved with another writer of the practice.
      await lockPractice(tx, practiceId);
      const author = { ...ofGrant(grant), requestId, by: 'app' };
      const writeContext: Writing = {
        ...deps,
        tx,
        origin,
        sender,
        author,
        may: (permission, one) => mayWrite(grant, permission, one),
      };
      const outcomes = await writeBundle(writeContext, bundle);
      if (type === 'transaction' && outcomes.some(({ kind }) => kind === 'refused')) throw new TakenBack(outcomes);
      const retried = await settleKept(writeContext, bundle, outcomes);
      await countBrought(tx, origin, deps.clock.now(), countsOf(outcomes));
      await deps.audit.recordWithin(tx, written(sent, type, outcomes, retried));
      return { status: 200, body: responseBundle(type, outcomes) };
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    const rejectedCount = countsOf(error.outcomes)['refused'] ?? 0;
    await countBrought(deps.db, origin, deps.clock.now(), { refused: rejectedCount });
    await deps.audit.record(refusal(grant, requestId, { practice: practiceId, bundle: type, refused: rejectedCount }));
    return transactionOutcome(error.outcomes, requestId);
  }
}

type Writing = WriteDeps & PlaceDeps;

/** Maximum number of stored entries retried with each Bundle. The remaining ones are retried with the next. */
const TRIED_AT_ONCE = 100;

/**
 * After a Bundle: stores rejected entries that may be accepted later, deletes stored entries that have been accepted
 * now, and retries entries that were waiting, because the resource they refer to may have arrived.
 * @returns number of retried entries that were written
 */
async function settleKept(
  writeContext: Writing,
  { entries }: FeedBundle,
  outcomes: readonly Outcome[],
): Promise<number> {
  const { tx, origin, clock } = writeContext;
  const rejectedEntries: { entry: FeedEntry; fault: Refused }[] = [];
  const acceptedKeys: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index];
    if ('reason' in entry || outcome === undefined) continue;
    if (outcome.kind !== 'refused') acceptedKeys.push(keptKey(entry));
    else if (entry.method !== 'DELETE') rejectedEntries.push({ entry, fault: outcome });
  }
  await dropKept(tx, origin, acceptedKeys);
  await keepRefused(tx, origin, clock.now(), rejectedEntries);
  const rejectedKeys = rejectedEntries.map(({ entry }) => keptKey(entry));
  const selection = { all: false, without: rejectedKeys, limit: TRIED_AT_ONCE };
  return (await retryDue(writeContext, selection)).written;
}

const originOf = ({ base }: FeedDeps, { practiceId, grant }: SentBundle): Origin => ({
  practiceId,
  source: sourceOf(grant.clientId),
  base,
});

const ofGrant = ({ clientId, grantId, familyId }: Grant) => ({ clientId, grantId, familyId });

function written(
  { grant, practiceId, requestId }: SentBundle,
  bundle: string,
  outcomes: readonly Outcome[],
  retried: number,
): AuditEvent {
  const counts = countsOf(outcomes);
  const { created = 0, updated = 0, deleted = 0 } = counts;
  const resources = created + updated + deleted + retried;
  const detail = { practice: practiceId, bundle, ...counts, ...(retried === 0 ? {} : { retried }) };
  return { kind: 'write', outcome: 'success', requestId, ...ofGrant(grant), resources, detail };
}

const refusal = (grant: Grant, requestId: string, detail: NonNullable<AuditEvent['detail']>): AuditEvent => ({
  kind: 'write',
  outcome: 'failure',
  requestId,
  ...ofGrant(grant),
  resources: 0,
  detail,
});

function countsOf(outcomes: readonly Outcome[]): Readonly<Partial<Record<Outcome['kind'], number>>> {
  const counts: Partial<Record<Outcome['kind'], number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
