import { answer, type Command } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  usage: 'migrate',
  summary: 'Bring the database’s schema up to date (the server does so itself at start).',
  async run(input) {
    await withInstallation(input, async () => {});
    answer(input, { migrated: true }, 'The schema is up to date.');
    return 0;
  },
};
