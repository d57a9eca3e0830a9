import { describeGrants, findRoleName, grantRights } from '../../database/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { DATABASE_GRANTS } from '../definitions/server.ts';
import { withInstallation } from '../with-installation.ts';

export async function migrateCommand(input: CommandInput): Promise<number> {
  const role = await withInstallation(input, async ({ db, connection, owner }) => {
    if (owner === connection) return undefined;
    const server = await findRoleName(db);
    // Also takes away rights that the role should no longer have.
    await grantRights(owner, server);
    return server;
  });
  const granted = role === undefined ? '' : ` The role ${role} has the rights of the server.`;
  printResult(input, { migrated: true, ...(role && { role }) }, `The database schema is up to date.${granted}`);
  return 0;
}

export async function databaseGrantsCommand(
  input: CommandInput,
  { positionals: [role] }: CommandArguments<typeof DATABASE_GRANTS>,
): Promise<number> {
  const statements = await withInstallation(input, ({ db }) => describeGrants(db, role));
  printResult(input, { role, statements }, statements.join('\n'));
  return 0;
}
