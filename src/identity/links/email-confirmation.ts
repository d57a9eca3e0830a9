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

/** An email address that was entered for an account and isn't confirmed yet. */
export interface EnteredEmail {
  readonly accountId: AccountId;
  readonly kind: AccountKind;
  /** The entered address, normalized. */
  readonly email: string;
}

/**
 * Emails a confirmation link to an address that was entered for an account. The account gets the address only when
 * someone follows the link. If another account already has the address, the owner of that account is informed instead.
 * The person who entered the address can't tell the difference.
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
 * @param why `given`: the address was just entered; `forgotten`: someone requested a password reset for an account
 * whose address isn't confirmed yet
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
