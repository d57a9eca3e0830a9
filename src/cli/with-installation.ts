import { type Installation, openInstallation } from '../installation.ts';
import type { CommandInput } from './command.ts';

/**
 * Runs a function with the opened installation (settings and database), and closes it afterwards even if the function
 * throws. A server may be running at the same time.
 */
export async function withInstallation<Result>(
  input: CommandInput,
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const installation = await openInstallation(input.config, { serving: false });
  input.remark(`Database: ${installation.dataDir ?? 'DATABASE_URL'}`);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}
