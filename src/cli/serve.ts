import { serveUntilStopped } from '../serve.ts';
import type { Command } from './command.ts';

export const serve: Command = {
  name: 'serve',
  usage: 'serve',
  summary: 'Run the server until it is stopped.',
  run: (input) => serveUntilStopped(input.config, input.remark),
};
