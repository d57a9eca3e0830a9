import { createAuditLog } from '../../audit/index.ts';
import type { Executor } from '../../database/index.ts';
import type { Practice } from '../../domain/index.ts';
import { directoryContains, listPractitioners } from '../../fhir/index.ts';
import { createStaffAccount, lockAccount, STAFF_ROLES, unlockAccount } from '../../identity/index.ts';
import { type AccountId, systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { findPracticeByName } from '../../practices/index.ts';
import { announceAccountChange } from '../announce.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { ACCOUNTS_LOCK, ACCOUNTS_UNLOCK, STAFF_ADD } from '../definitions/accounts.ts';
import { withInstallation } from '../with-installation.ts';
import { randomPassword } from './random-password.ts';

export async function lockAccountCommand(
  input: CommandInput,
  { values, positionals }: CommandArguments<typeof ACCOUNTS_LOCK>,
): Promise<number> {
  const [username] = positionals;
  const { reason = '' } = values;
  await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const accountId = await lockAccount(tx, clock, username, reason);
      await appendAccountEvent(tx, accountId, { action: 'lock', reason });
      await announceAccountChange(tx, input, { encryption }, { action: 'lock-administrator', accountId, reason });
    }),
  );
  printResult(input, { username, locked: true }, `${username} is locked.`);
  return 0;
}

export async function unlockAccountCommand(
  input: CommandInput,
  { positionals }: CommandArguments<typeof ACCOUNTS_UNLOCK>,
): Promise<number> {
  const [username] = positionals;
  await withInstallation(input, ({ db, encryption }) =>
    db.transaction(async (tx) => {
      const accountId = await unlockAccount(tx, username);
      await appendAccountEvent(tx, accountId, { action: 'unlock' });
      await announceAccountChange(tx, input, { encryption }, { action: 'unlock-administrator', accountId });
    }),
  );
  printResult(input, { username, locked: false }, `${username} is unlocked.`);
  return 0;
}

export async function addStaffCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof STAFF_ADD>,
): Promise<number> {
  const displayName = values.name.trim();
  const roles = STAFF_ROLES.filter((role) => values.role.includes(role));
  const practitionerId = values.practitioner?.toLowerCase();
  if (practitionerId !== undefined && !roles.includes('clinician'))
    throw new OperatorError(
      'Only a clinician can be linked to the directory. Leave out --practitioner, or add --role clinician.',
    );
  const created = await withInstallation(input, async ({ db }) => {
    const practice = await findPracticeByName(db, values.practice);
    if (roles.includes('clinician')) await requirePractitioner(db, practice, practitionerId ?? '');
    const { practiceId } = practice;
    const password = randomPassword(random);
    const practices = [{ practiceId, practitionerId, roles }];
    const newStaff = { username: values.username, password, displayName, published: false, practices };
    await db.transaction(async (tx) => {
      const accountId = await createStaffAccount(
        tx,
        { clock, random, passwordCost: input.config.passwordCost },
        newStaff,
      );
      if (accountId === undefined)
        throw new OperatorError(`The username ${newStaff.username} is taken. Choose another with --username.`);
      await appendAccountEvent(tx, accountId, { action: 'add', practice: practiceId, roles });
    });
    return { username: newStaff.username, password, name: displayName, practice: practice.name, roles };
  });
  const note = 'The password is shown only once. Give it to the person now.';
  const lines = [
    `username: ${created.username}`,
    `password: ${created.password}`,
    `${created.name}, ${created.practice}`,
    note,
  ];
  printResult(input, created, lines.join('\n'));
  return 0;
}

/** Maximum number of practitioners in an error message, so that the list fits a terminal. */
const MAX_LISTED = 100;

/**
 * Throws OperatorError unless the practice's directory contains the Practitioner to which the account's `fhirUser` will
 * refer.
 */
async function requirePractitioner(db: Executor, { practiceId, name }: Practice, id: string): Promise<void> {
  if (await directoryContains(db, practiceId, 'Practitioner', id)) return;
  const known = await listPractitioners(db, practiceId);
  const more = known.length > MAX_LISTED ? `\n  and ${known.length - MAX_LISTED} more` : '';
  const list = `${known
    .slice(0, MAX_LISTED)
    .map((one) => `\n  ${one.id}  ${one.name}`)
    .join('')}${more}`;
  throw new OperatorError(
    known.length === 0
      ? `The directory of ${name} has no Practitioner. Load the practice’s clinicians first.`
      : `The directory of ${name} has no Practitioner with the id "${id}". Use one of these ids:${list}`,
  );
}

const appendAccountEvent = (tx: Executor, accountId: AccountId, detail: Record<string, unknown>): Promise<void> =>
  createAuditLog({ db: tx, clock, random }).appendInTransaction(tx, {
    kind: 'account',
    outcome: 'success',
    accountId,
    detail: { ...detail, by: 'command line' },
  });
