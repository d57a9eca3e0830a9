import cluster from 'node:cluster';
import { processEnvironment, readProcessConfig } from './config/index.ts';
import { OperatorError, stopSignal } from './kernel/index.ts';
import { serveUntilStopped } from './serve.ts';

try {
  const options = {
    config: readProcessConfig(),
    environment: processEnvironment(),
    print: (text: string) => void process.stdout.write(`${text}\n`),
    stop: stopSignal(),
  };
  if (cluster.isWorker) {
    const { serveAsWorker } = await import('./server.ts');
    process.exitCode = await serveAsWorker(options);
  } else {
    process.exitCode = await serveUntilStopped({ ...options, program: process.argv[1] });
  }
} catch (error) {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
