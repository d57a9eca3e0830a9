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

/** The approval of an MFA reset: who allowed it, and how they verified the person's identity. */
export interface IdentityVerification {
  /** Account of the staff member who allowed the MFA reset, or the command line. */
  readonly by: AccountId | 'command line';
  readonly requestId?: string | undefined;
  /** Kind of identity proof for the audit log, such as `photo-id`. It contains neither a document number nor a copy. */
  readonly proofing: string;
}

/**
 * Creates a one-time link for someone who lost their second factor. It is valid for a day, and removes the account's
 * second factors if the person also enters the password. An email informs the account's owner that the link was
 * created. Throws `not-changeable` if the account is a shared sandbox account or closed.
 * @returns the path of the link, which the caller gives to the person
 */
export async function createMfaResetLink(
  tx: Executor,
  deps: MfaResetDeps,
  accountId: AccountId,
  { by, requestId, proofing }: IdentityVerification,
): Promise<string> {
  const factors = await findFactors(tx, accountId);
  if (factors === undefined || factors.published)
    throw new Problem('not-changeable', {
      status: 403,
      message: 'The sign-in methods of this account can’t be changed.',
    });
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
