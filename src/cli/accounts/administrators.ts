import { createAuditLog } from '../../audit/index.ts';
import { listAdministrators } from '../../identity/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { inviteAdministrator } from '../../practice-portal/index.ts';
import { announceToAdministrators } from '../announce.ts';
import { UsageError } from '../arguments.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { ADMINISTRATORS_INVITE } from '../definitions/accounts.ts';
import { withInstallation } from '../with-installation.ts';

export async function inviteAdministratorCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof ADMINISTRATORS_INVITE>,
): Promise<number> {
  const name = values.name.replaceAll(/\s+/gu, ' ').trim();
  if (name.length > 100) throw new UsageError('--name must have at most 100 characters.');
  const { publicUrl } = input.config;
  const { link, expiresAt } = await withInstallation(input, ({ db, encryption }) => {
    const audit = createAuditLog({ db, clock, random });
    return db.transaction(async (tx) => {
      await announceToAdministrators(tx, input, { encryption }, { action: 'invite-administrator', subject: name });
      return inviteAdministrator(tx, { clock, random, audit, publicUrl }, { accountId: undefined }, { name });
    });
  });
  printResult(
    input,
    { name, link, expires_at: expiresAt.toISOString() },
    `${link}\nThis link is shown only once. Give it to ${name} now. It works once and expires at ${expiresAt.toISOString()}.`,
  );
  return 0;
}

export async function listAdministratorsCommand(input: CommandInput): Promise<number> {
  const administrators = await withInstallation(input, ({ db }) => listAdministrators(db));
  const values = administrators.map(({ username, displayName, lockedAt }) => ({
    username,
    name: displayName,
    locked: lockedAt !== undefined,
  }));
  const rows = values.map(({ username, name, locked }) => [username, locked ? 'locked' : '', name]);
  printResult(input, values, formatTable(['username', 'state', 'name'], rows));
  return 0;
}
