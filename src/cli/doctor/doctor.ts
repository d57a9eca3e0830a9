import { systemClock as clock } from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import { withInstallation } from '../with-installation.ts';
import { checkConfiguration } from './check-configuration.ts';
import { checkDatabase, checkDisk } from './check-database.ts';
import { checkFeeds } from './check-feeds.ts';
import { checkKeys } from './check-keys.ts';
import { checkLoads } from './check-loads.ts';
import { checkMail } from './check-mail.ts';
import { checkPractices } from './check-practices.ts';
import { checkValidation } from './check-validation.ts';
import { findingText } from './finding.ts';

export async function doctorCommand(input: CommandInput): Promise<number> {
  const now = clock.now();
  const findings = await withInstallation(input, async ({ db, dataDir }) => [
    ...checkConfiguration(input.config),
    ...(await checkDatabase(db)),
    ...(await checkDisk(dataDir)),
    ...(await checkKeys(db, clock)),
    ...(await checkMail(db, input.config, now)),
    ...(await checkPractices(db)),
    ...(await checkValidation(input.config)),
    ...(await checkFeeds(db, clock)),
    ...(await checkLoads(db, now)),
  ]);
  printResult(input, findings, findings.map(findingText).join('\n'));
  return findings.some(({ state }) => state === 'broken') ? 1 : 0;
}
