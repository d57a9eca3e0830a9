import type { Executor } from '../../database/index.ts';
import { type AccountId, type Clock, Problem, type Random } from '../../kernel/index.ts';
import { createAccountEmails } from '../emails/account-emails.ts';
import { findFactors } from '../factors/factors.ts';
import type { IdentityAuditLog, IdentityEmailQueue } from '../ports.ts';
import { createLink } from './one-time-links.ts';

export interface MfaResetDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: IdentityAuditLog;
  readonly post: IdentityEmailQueue;
  readonly brandName: string;
}

/** Who allowed an MFA reset, and how they verified the person's identity. */
export interface IdentityVerification {
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
export async function createMfaResetLink(
  tx: Executor,
  deps: MfaResetDeps,
  accountId: AccountId,
  { by, requestId, proofing }: IdentityVerification,
): Promise<string> {
  const factors = await findFactors(tx, accountId);
  if (factors === undefined || factors.published)
    throw new Problem('not-changeable', { status: 403, message: 'The ways into this account can’t be changed.' });
  const token = await createLink(
    tx,
    { random: deps.random, now: deps.clock.now() },
    { accountId, purpose: 'lost-factor' },
  );
  const detail = { action: 'lost-factor-link', by, proofing };
  await deps.audit.appendInTransaction(tx, { kind: 'factor', outcome: 'success', requestId, accountId, detail });
  await createAccountEmails(deps).send(tx, accountId, (messages) =>
    messages.lostFactorLink({ hasPassword: factors.password }),
  );
  return `/recover/${token}`;
}
