import { configOfProcess } from './config/index.ts';
import { OperatorFault } from './kernel/index.ts';
import { serveUntilStopped } from './serve.ts';

try {
  process.exitCode = await serveUntilStopped(configOfProcess(), (text) => process.stdout.write(`${text}\n`));
} catch (error) {
  if (!(error instanceof OperatorFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
