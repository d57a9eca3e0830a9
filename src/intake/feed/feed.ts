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

/** What backend apps write: each its own resources, at its practice. */
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

/** Nothing of a transaction is kept that has a fault somewhere. */
class TakenBack extends Error {
  override readonly name = 'TakenBack';
  readonly outcomes: readonly Outcome[];

  constructor(outcomes: readonly Outcome[]) {
    super('an entry of a transaction was refused');
    this.outcomes = outcomes;
  }
}

/** All in one transaction of the database: a Bundle is written, and recorded, or is not. */
async function receiveBundle(deps: FeedDeps, sent: SentBundle, bundle: FeedBundle): Promise<BundleAnswer> {
  const { practiceId, grant, requestId } = sent;
  const origin = originOf(deps, sent);
  const { type } = bundle;
  const sender = await senderOf(deps, grant.clientId);
  try {
    return await deps.db.transaction(async (tx) => {
      // Whoever looks for what is there and writes what is not must be alone in it.
      await lockPractice(tx, practiceId);
      const author = { ...ofGrant(grant), requestId, by: 'app' };
      const writing: Writing = {
        ...deps,
        tx,
        origin,
        sender,
        author,
        may: (permission, one) => mayWrite(grant, permission, one),
      };
      const outcomes = await writeBundle(writing, bundle);
      if (type === 'transaction' && outcomes.some(({ kind }) => kind === 'refused')) throw new TakenBack(outcomes);
      const retried = await settleKept(writing, bundle, outcomes);
      await countBrought(tx, origin, deps.clock.now(), countsOf(outcomes));
      await deps.audit.recordWithin(tx, written(sent, type, outcomes, retried));
      return { status: 200, body: responseBundle(type, outcomes) };
    });
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    const faults = countsOf(error.outcomes)['refused'] ?? 0;
    await countBrought(deps.db, origin, deps.clock.now(), { refused: faults });
    await deps.audit.record(refusal(grant, requestId, { practice: practiceId, bundle: type, refused: faults }));
    return transactionOutcome(error.outcomes, requestId);
  }
}

type Writing = WriteDeps & PlaceDeps;

/** How many are tried again with each Bundle: those that follow come with the next. */
const TRIED_AT_ONCE = 100;

/**
 * Keeps what of a batch may be accepted later, lets go of what was accepted now, and tries again what waited: its target may
 * have come. @returns how many of those were written
 */
async function settleKept(writing: Writing, { entries }: FeedBundle, outcomes: readonly Outcome[]): Promise<number> {
  const { tx, origin, clock } = writing;
  const faults: { entry: FeedEntry; fault: Refused }[] = [];
  const settled: string[] = [];
  for (const [index, entry] of entries.entries()) {
    const outcome = outcomes[index];
    if ('reason' in entry || outcome === undefined) continue;
    if (outcome.kind !== 'refused') settled.push(keptKey(entry));
    else if (entry.method !== 'DELETE') faults.push({ entry, fault: outcome });
  }
  await dropKept(tx, origin, settled);
  await keepRefused(tx, origin, clock.now(), faults);
  const without = faults.map(({ entry }) => keptKey(entry));
  const due = { all: false, without, limit: TRIED_AT_ONCE };
  return (await retryDue(writing, due)).written;
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
