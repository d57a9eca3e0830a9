import { systemClock as clock } from '../../kernel/index.ts';
import { answer, type Command } from '../command.ts';
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

export const doctor: Command = {
  name: 'doctor',
  usage: 'doctor',
  summary:
    'Look over the installation: settings, database, clock, disk, keys, mail, practices, feeds, loads and validation; says how to mend what is not as it should be. Exit code 1: something is broken.',
  async run(input) {
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
  },
};
