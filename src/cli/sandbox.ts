import { fillSandbox } from '../sandbox/index.ts';
import { answer, type Command } from './command.ts';
import { withInstallation } from './with-installation.ts';

export const sandboxFill: Command = {
  name: 'sandbox fill',
  usage: 'sandbox fill',
  summary: 'Fill the sandbox practice with its made-up patients (the server does so itself at start).',
  async run(input) {
    await withInstallation(input, ({ db }) => fillSandbox(db, input.remark));
    answer(input, { filled: true }, 'The sandbox holds its patients.');
    return 0;
  },
};
