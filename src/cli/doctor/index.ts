import { systemClock as clock } from '../../kernel/index.ts';
import { answer, type CommandInput } from '../command.ts';
import { withInstallation } from '../with-installation.ts';
import { findingText } from './checkup.ts';
import { checkConfiguration } from './configuration.ts';
import { checkDatabase, checkDisk } from './database.ts';
import { checkFeeds } from './feeds.ts';
import { checkKeys } from './keys.ts';
import { checkLoads } from './loads.ts';
import { checkMail } from './mail.ts';
import { checkPractices } from './practices.ts';
import { checkValidation } from './validation.ts';

export async function doctor(input: CommandInput): Promise<number> {
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
  answer(input, findings, findings.map(findingText).join('\n'));
  return findings.some(({ state }) => state === 'broken') ? 1 : 0;
}
