import { type AccessGrant, mayWrite } from '../../access/index.ts';
import type { AuditEvent } from '../../audit/index.ts';
import {
  type BundleReceiver,
  type BundleResponse,
  ExclusiveLockNeeded,
  type SubmittedBundle,
} from '../../fhir/index.ts';
import { toProblem } from '../../kernel/index.ts';
import { addIntakeCounts } from '../daily-counts.ts';
import { withPracticeLock } from '../practice-lock.ts';
import type { SourceOrigin } from '../references/reference-map.ts';
import type { FeedDeps } from './feed-deps.ts';
import { openFeedQueue } from './feed-queue.ts';
import { type FeedOutcome, type RejectedOutcome, responseBundle, transactionOutcome } from './outcome.ts';
import { type FeedBundle, type FeedEntry, readBundle } from './read-bundle.ts';
import { deleteRejectedEntries, rejectedEntryKey, storeRejectedEntries } from './rejected-entries.ts';
import type { ResolveEntriesDeps } from './resolve-entries.ts';
import { retryDueEntries } from './retry-rejected.ts';
import { findSender, toSourceName } from './sender.ts';
import { type FeedWriteDeps, writeBundle } from './write-bundle.ts';

/**
 * Opens the feed, through which backend apps write Bundles. Each app writes its own resources at its practice. The
 * audit log has an event for every Bundle, including rejected ones.
 * @returns a feed whose `receive` throws Problem for a Bundle that is invalid as a whole
 */
export function openFeed(deps: FeedDeps): BundleReceiver {
  const queue = openFeedQueue();
  return {
    async receive(sent) {
      try {
        return await queue.run(sent, async () => receiveBundle(deps, sent, await readBundle(sent.text)));
      } catch (error) {
        await deps.audit.append(toFailureEvent(sent.grant, sent.requestId, { problem: toProblem(error).code }));
        throw error;
      }
    },
    recordRejection: (grant, requestId, { code }) =>
      deps.audit.append(toFailureEvent(grant, requestId, { problem: code })),
  };
}

/** Rolls back the database transaction of a transaction Bundle in which an entry was rejected. */
class FeedRollback extends Error {
  override readonly name = 'TakenBack';
  readonly outcomes: readonly FeedOutcome[];

  constructor(outcomes: readonly FeedOutcome[]) {
    super('an entry of a transaction was rejected');
    this.outcomes = outcomes;
  }
}

/** Writes a Bundle in one database transaction, together with its counts and its audit event. */
async function receiveBundle(deps: FeedDeps, sent: SubmittedBundle, bundle: FeedBundle): Promise<BundleResponse> {
  const { practiceId, grant, requestId } = sent;
  const origin = toOrigin(deps, sent);
  const { type } = bundle;
  const sender = await findSender(deps, grant.clientId);
  try {
    return await withPracticeLock(deps, practiceId, async (tx, lock) => {
      const author = { ...grantFields(grant), requestId, by: 'app' };
      const writeContext: FeedWriteContext = {
        ...deps,
        tx,
        origin,
        sender,
        author,
        lock,
        may: (permission, one) => mayWrite(grant, permission, one),
      };
      const outcomes = await writeBundle(writeContext, bundle);
      // Another transaction may be storing the missing resource. It would neither see nor retry this Bundle's entries.
      if (lock.mode === 'shared' && outcomes.some(isWaiting)) throw new ExclusiveLockNeeded();
      if (type === 'transaction' && outcomes.some(({ kind }) => kind === 'refused')) throw new FeedRollback(outcomes);
      const retried = await updateRejectedEntries(writeContext, bundle, outcomes);
      await deps.audit.appendInTransaction(tx, toSuccessEvent(sent, type, outcomes, retried));
      // The counts come last: other Bundles of the app wait for their row until the transaction ends.
      await addIntakeCounts(tx, origin, deps.clock.now(), countOutcomes(outcomes));
      return { status: 200, body: responseBundle(type, outcomes) };
    });
  } catch (error) {
    if (!(error instanceof FeedRollback)) throw error;
    const rejectedCount = countOutcomes(error.outcomes)['refused'] ?? 0;
    await addIntakeCounts(deps.db, origin, deps.clock.now(), { refused: rejectedCount });
    await deps.audit.append(
      toFailureEvent(grant, requestId, { practice: practiceId, bundle: type, refused: rejectedCount }),
    );
    return transactionOutcome(error.outcomes, requestId);
  }
}

const isWaiting = (outcome: FeedOutcome): boolean => outcome.kind === 'refused' && outcome.retention === 'waiting';

type FeedWriteContext = FeedWriteDeps & ResolveEntriesDeps;

/**
 * Maximum number of stored rejected entries that are retried after each Bundle. The rest is retried after later
 * Bundles.
 */
const RETRY_LIMIT = 100;

/**
 * Updates the stored rejected entries after a Bundle. It stores newly rejected entries that may be accepted later, and
 * deletes those that have been accepted now. It retries entries that wait for a missing resource, because the Bundle
 * may have contained it.
 * @returns number of retried entries that were written
 */
async function updateRejectedEntries(
  writeContext: FeedWriteContext,
  { entries }: FeedBundle,
  outcomes: readonly FeedOutcome[],
): Promise<number> {
  const { tx, origin, clock } = writeContext;
  const rejectedEntries: { entry: FeedEntry; rejection: RejectedOutcome }[] = [];
  const acceptedKeys: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index];
    if ('reason' in entry || outcome === undefined) continue;
    if (outcome.kind !== 'refused') acceptedKeys.push(rejectedEntryKey(entry));
    else if (entry.method !== 'DELETE') rejectedEntries.push({ entry, rejection: outcome });
  }
  await deleteRejectedEntries(tx, origin, acceptedKeys);
  await storeRejectedEntries(tx, origin, clock.now(), rejectedEntries);
  const rejectedKeys = rejectedEntries.map(({ entry }) => rejectedEntryKey(entry));
  const selection = { all: false, without: rejectedKeys, limit: RETRY_LIMIT };
  return (await retryDueEntries(writeContext, selection)).written;
}

const toOrigin = ({ base }: FeedDeps, { practiceId, grant }: SubmittedBundle): SourceOrigin => ({
  practiceId,
  source: toSourceName(grant.clientId),
  base,
});

const grantFields = ({ clientId, grantId, familyId }: AccessGrant) => ({ clientId, grantId, familyId });

function toSuccessEvent(
  { grant, practiceId, requestId }: SubmittedBundle,
  bundle: string,
  outcomes: readonly FeedOutcome[],
  retried: number,
): AuditEvent {
  const counts = countOutcomes(outcomes);
  const { created = 0, updated = 0, deleted = 0 } = counts;
  const resources = created + updated + deleted + retried;
  const detail = { practice: practiceId, bundle, ...counts, ...(retried === 0 ? {} : { retried }) };
  return { kind: 'write', outcome: 'success', requestId, ...grantFields(grant), resources, detail };
}

const toFailureEvent = (
  grant: AccessGrant,
  requestId: string,
  detail: NonNullable<AuditEvent['detail']>,
): AuditEvent => ({
  kind: 'write',
  outcome: 'failure',
  requestId,
  ...grantFields(grant),
  resources: 0,
  detail,
});

function countOutcomes(outcomes: readonly FeedOutcome[]): Readonly<Partial<Record<FeedOutcome['kind'], number>>> {
  const counts: Partial<Record<FeedOutcome['kind'], number>> = {};
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
