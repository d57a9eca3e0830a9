import { describeGrants, findRoleName, grantRights } from '../../database/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { MIGRATE } from '../definitions/server.ts';
import { withInstallation } from '../with-installation.ts';

const UP_TO_DATE = 'The database schema is up to date.';

export async function migrateCommand(
  input: CommandInput,
  { values: { grants } }: CommandArguments<typeof MIGRATE>,
): Promise<number> {
  const { role, statements } = await withInstallation(input, async ({ db, connection, owner }) => {
    if (grants !== undefined) return { role: grants, statements: await describeGrants(db, grants) };
    if (owner === connection) return {};
    const server = await findRoleName(db);
    // Also takes away rights that the role should no longer have.
    await grantRights(owner, server);
    return { role: server };
  });
  if (statements !== undefined) {
    input.remark(UP_TO_DATE);
    printResult(input, { migrated: true, role, statements }, statements.join('\n'));
    return 0;
  }
  const granted = role === undefined ? '' : ` The role ${role} has the rights of the server.`;
  printResult(input, { migrated: true, ...(role && { role }) }, `${UP_TO_DATE}${granted}`);
  return 0;
}
