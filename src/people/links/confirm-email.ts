import type { Executor } from '../../database/index.ts';
import type { AccountId, Clock, Random } from '../../kernel/index.ts';
import { openCorrespondence } from '../correspondence.ts';
import { findPersonByEmail } from '../person.ts';
import type { PeoplePost } from '../ports.ts';
import { makeLink } from './store.ts';

export interface ConfirmEmailDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly post: PeoplePost;
  readonly brandName: string;
  readonly publicUrl: string;
}

/**
 * Asks whoever reads mail at an address to confirm that an account is theirs; until then the account has no such address.
 * An account that has it already is told, and whoever gave it learns nothing of that.
 * @param email folded
 */
export async function askToConfirmEmail(
  tx: Executor,
  deps: ConfirmEmailDeps,
  accountId: AccountId,
  email: string,
): Promise<void> {
  const correspondence = openCorrespondence(deps);
  const owner = await findPersonByEmail(tx, email);
  if (owner !== undefined) {
    await correspondence.tell(tx, owner.accountId, (words) => words.emailTaken());
    return;
  }
  const made = { random: deps.random, now: deps.clock.now() };
  const token = await makeLink(tx, made, { accountId, purpose: 'change-email', email });
  const link = `${deps.publicUrl}/confirm-email/${token}`;
  await correspondence.tellAt(tx, email, accountId, (words) => words.confirmEmail({ link }));
}
