import { serveUntilStopped } from '../serve.ts';
import type { CommandInput } from './command.ts';

export const serve = ({ config, environment, remark, stopSignal }: CommandInput): Promise<number> =>
  serveUntilStopped({ config, environment, say: remark, stop: stopSignal() });
