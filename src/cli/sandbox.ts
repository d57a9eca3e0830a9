import { openInstallation } from '../installation.ts';
import { fillSandbox } from '../sandbox/index.ts';
import { answer, type Command } from './command.ts';

export const sandboxFill: Command = {
  name: 'sandbox fill',
  usage: 'sandbox fill',
  summary: 'Fill the sandbox practice with its made-up patients (the server does so itself at start).',
  async run(input) {
    const { db, close } = await openInstallation(input.config, { serving: false });
    await fillSandbox(db, input.remark).finally(close);
    answer(input, { filled: true }, 'The sandbox holds its patients.');
    return 0;
  },
};
