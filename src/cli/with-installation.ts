import { type Installation, openInstallation } from '../installation.ts';
import type { CommandInput } from './command.ts';

/** Opens the installation, with or without a running server, and closes it in any case. */
export async function withInstallation<Result>(
  input: CommandInput,
  work: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const installation = await openInstallation(input.config, { serving: false });
  input.remark(`Database: ${installation.dataDir ?? 'that of DATABASE_URL'}`);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}
