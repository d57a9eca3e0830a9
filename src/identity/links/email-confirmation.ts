import type { Executor } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import type { AccountId, Clock, Random } from '../../kernel/index.ts';
import { findEmailOwner } from '../accounts/account-profile.ts';
import { saveUnconfirmedEmail } from '../accounts/email-address.ts';
import { createAccountEmails } from '../emails/account-emails.ts';
import type { IdentityEmailQueue } from '../ports.ts';
import { createLink } from './one-time-links.ts';

export interface ConfirmEmailDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly post: IdentityEmailQueue;
  readonly brandName: string;
  readonly publicUrl: string;
}

/** An address that was entered for an account. */
export interface EnteredEmail {
  readonly accountId: AccountId;
  readonly kind: AccountKind;
  /** Normalized. */
  readonly email: string;
}

/**
 * Emails a link to an address, which its reader follows to confirm that the account is theirs. The account doesn't have
 * the address until then. If another account already has it, that account's owner is informed instead, and the person
 * who entered it learns nothing.
 */
export async function requestEmailConfirmation(
  tx: Executor,
  deps: ConfirmEmailDeps,
  { accountId, kind, email }: EnteredEmail,
): Promise<void> {
  await saveUnconfirmedEmail(tx, accountId, email, deps.clock.now());
  const owner = await findEmailOwner(tx, email, kind);
  if (owner === undefined) return sendEmailConfirmation(tx, deps, { accountId, email }, 'given');
  await createAccountEmails(deps).send(tx, owner.accountId, (messages) => messages.emailTaken());
}

/**
 * Emails the confirmation link.
 * @param why `given`: the address was just entered; `forgotten`: someone requested a password reset with it
 */
export async function sendEmailConfirmation(
  tx: Executor,
  deps: ConfirmEmailDeps,
  { accountId, email }: Pick<EnteredEmail, 'accountId' | 'email'>,
  why: 'given' | 'forgotten',
): Promise<void> {
  const source = { random: deps.random, now: deps.clock.now() };
  const token = await createLink(tx, source, { accountId, purpose: 'change-email', email });
  const link = `${deps.publicUrl}/confirm-email/${token}`;
  await createAccountEmails(deps).sendTo(tx, email, accountId, (messages) =>
    why === 'given'
      ? messages.confirmEmail({ link })
      : messages.forgottenUnconfirmed({ link, forgot: `${deps.publicUrl}/forgot` }),
  );
}
