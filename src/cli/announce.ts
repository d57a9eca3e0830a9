import { type Announcement, createApprovals } from '../approvals/index.ts';
import { createAuditLog } from '../audit/index.ts';
import type { Executor } from '../database/index.ts';
import { findAccountProfile } from '../identity/index.ts';
import type { Installation } from '../installation.ts';
import { type AccountId, systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { createEmailQueue } from '../mail/index.ts';
import type { CommandInput } from './command.ts';

type OperatorAction = Omit<Announcement, 'event'>;

/**
 * Emails all administrators about what an operator did. A command needs no second administrator, because an operator
 * has access to the database anyway.
 */
export async function announceToAdministrators(
  tx: Executor,
  { config }: Pick<CommandInput, 'config'>,
  { encryption }: Pick<Installation, 'encryption'>,
  action: OperatorAction,
): Promise<void> {
  const { brandName, publicUrl } = config;
  const mail = createEmailQueue({ clock, random, encryption, sends: config.mail !== undefined });
  const audit = createAuditLog({ db: tx, clock, random });
  const approvals = createApprovals({ clock, random, audit, mail, brandName, publicUrl });
  await approvals.announce(tx, { ...action, event: { kind: 'operator' } });
}

/** Emails all administrators about a change to an account if it is the account of an administrator. */
export async function announceAccountChange(
  tx: Executor,
  input: Pick<CommandInput, 'config'>,
  installation: Pick<Installation, 'encryption'>,
  { accountId, ...action }: Omit<OperatorAction, 'subject'> & { readonly accountId: AccountId },
): Promise<void> {
  const profile = await findAccountProfile(tx, accountId);
  if (profile?.administrator !== true) return;
  await announceToAdministrators(tx, input, installation, { ...action, subject: profile.displayName });
}
