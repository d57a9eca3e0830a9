import { configOfProcess, environmentOfProcess } from './config/index.ts';
import { OperatorFault, stopSignal } from './kernel/index.ts';
import { serveUntilStopped } from './serve.ts';

try {
  process.exitCode = await serveUntilStopped({
    config: configOfProcess(),
    environment: environmentOfProcess(),
    say: (text) => process.stdout.write(`${text}\n`),
    stop: stopSignal(),
  });
} catch (error) {
  if (!(error instanceof OperatorFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
