import { type CommandInput, printResult } from '../command.ts';
import { withInstallation } from '../with-installation.ts';

export async function migrateCommand(input: CommandInput): Promise<number> {
  await withInstallation(input, async () => {});
  printResult(input, { migrated: true }, 'The database schema is up to date.');
  return 0;
}
