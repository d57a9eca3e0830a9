import type { Executor } from '../../database/index.ts';
import type { AccountId, Clock, Random } from '../../kernel/index.ts';
import type { AccountKind } from '../account.ts';
import { openCorrespondence } from '../correspondence.ts';
import { keepUnconfirmed } from '../email-address.ts';
import { findNamesake } from '../person.ts';
import type { PeoplePost } from '../ports.ts';
import { makeLink } from './store.ts';

export interface ConfirmEmailDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly post: PeoplePost;
  readonly brandName: string;
  readonly publicUrl: string;
}

/** An address that was entered for an account. */
export interface GivenEmail {
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
export async function askToConfirmEmail(
  tx: Executor,
  deps: ConfirmEmailDeps,
  { accountId, kind, email }: GivenEmail,
): Promise<void> {
  await keepUnconfirmed(tx, accountId, email, deps.clock.now());
  const owner = await findNamesake(tx, email, kind);
  if (owner === undefined) return sendConfirmation(tx, deps, { accountId, email }, 'given');
  await openCorrespondence(deps).tell(tx, owner.accountId, (messages) => messages.emailTaken());
}

/**
 * Emails the confirmation link.
 * @param why `given`: the address was just entered; `forgotten`: someone requested a password reset with it
 */
export async function sendConfirmation(
  tx: Executor,
  deps: ConfirmEmailDeps,
  { accountId, email }: Pick<GivenEmail, 'accountId' | 'email'>,
  why: 'given' | 'forgotten',
): Promise<void> {
  const source = { random: deps.random, now: deps.clock.now() };
  const token = await makeLink(tx, source, { accountId, purpose: 'change-email', email });
  const link = `${deps.publicUrl}/confirm-email/${token}`;
  await openCorrespondence(deps).tellAt(tx, email, accountId, (messages) =>
    why === 'given'
      ? messages.confirmEmail({ link })
      : messages.forgottenUnconfirmed({ link, forgot: `${deps.publicUrl}/forgot` }),
  );
}
