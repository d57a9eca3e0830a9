import { serveUntilStopped } from '../../serve.ts';
import type { CommandInput } from '../command.ts';

export const serveCommand = ({ config, environment, remark, stopSignal }: CommandInput): Promise<number> =>
  serveUntilStopped({ config, environment, print: remark, stop: stopSignal() });
