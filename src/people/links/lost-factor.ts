import type { Executor } from '../../database/index.ts';
import { type AccountId, type Clock, Problem, type Random } from '../../kernel/index.ts';
import { openCorrespondence } from '../correspondence.ts';
import { factorsOf } from '../factors/factors.ts';
import type { PeopleAudit, PeoplePost } from '../ports.ts';
import { makeLink } from './store.ts';

export interface LostFactorDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: PeopleAudit;
  readonly post: PeoplePost;
  readonly brandName: string;
}

/** Who let somebody in again, and how they made sure of who it is. */
export interface Proofing {
  /** The member of staff, or where it was done. */
  readonly by: AccountId | 'command line';
  readonly requestId?: string | undefined;
  /** In a word or two, for the trail: `photo-id`. No number and no copy of a document. */
  readonly proofing: string;
}

/**
 * A link for somebody who lost the phone or key that signs them in: it takes their second factors away, once, within a
 * day, for whoever knows the password too. The person is told by mail that it was given.
 * @returns the path, to be handed over
 */
export async function giveLostFactorLink(
  tx: Executor,
  deps: LostFactorDeps,
  accountId: AccountId,
  { by, requestId, proofing }: Proofing,
): Promise<string> {
  const factors = await factorsOf(tx, accountId);
  if (factors === undefined || factors.published)
    throw new Problem('not-changeable', { status: 403, message: 'The ways into this account can’t be changed.' });
  const token = await makeLink(
    tx,
    { random: deps.random, now: deps.clock.now() },
    { accountId, purpose: 'lost-factor' },
  );
  const detail = { action: 'lost-factor-link', by, proofing };
  await deps.audit.recordWithin(tx, { kind: 'factor', outcome: 'success', requestId, accountId, detail });
  await openCorrespondence(deps).tell(tx, accountId, (words) =>
    words.lostFactorLink({ hasPassword: factors.password }),
  );
  return `/recover/${token}`;
}
