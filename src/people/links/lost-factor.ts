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

/** Who allowed an MFA reset, and how they verified the person's identity. */
export interface Proofing {
  /** The staff member's account, or the command line. */
  readonly by: AccountId | 'command line';
  readonly requestId?: string | undefined;
  /** Short description for the audit log, such as `photo-id`. It contains no document number and no copy. */
  readonly proofing: string;
}

/**
 * Creates a one-time link for someone who lost their second factor, valid for a day. It removes the account's second
 * factors if the password is entered too. The account's owner is informed by email.
 * Throws `not-changeable` for a shared sandbox account or a closed one.
 * @returns the path of the link, to be given to the person
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
  await openCorrespondence(deps).tell(tx, accountId, (messages) =>
    messages.lostFactorLink({ hasPassword: factors.password }),
  );
  return `/recover/${token}`;
}
