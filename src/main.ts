import { processEnvironment, readProcessConfig } from './config/index.ts';
import { OperatorError, stopSignal } from './kernel/index.ts';
import { serveUntilStopped } from './server.ts';

try {
  process.exitCode = await serveUntilStopped({
    config: readProcessConfig(),
    environment: processEnvironment(),
    print: (text) => process.stdout.write(`${text}\n`),
    stop: stopSignal(),
  });
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
