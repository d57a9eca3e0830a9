import cluster from 'node:cluster';
import { processEnvironment, readProcessConfig } from './config/index.ts';
import { OperatorError, stopSignal } from './kernel/index.ts';
import { serveUntilStopped } from './serve.ts';
import { fatalErrorLine } from './serving/index.ts';

const environment = processEnvironment();
const print = (text: string) => void process.stdout.write(`${text}\n`);
try {
  const options = {
    config: readProcessConfig(),
    environment,
    print,
    stop: stopSignal(),
  };
  if (cluster.isWorker) {
    const { serveAsWorker } = await import('./server.ts');
    process.exitCode = await serveAsWorker(options);
  } else {
    process.exitCode = await serveUntilStopped({ ...options, program: process.argv[1] });
  }
} catch (error) {
  const line = fatalErrorLine(error, environment);
  if (line !== undefined) print(line);
  else if (error instanceof OperatorError) process.stderr.write(`${error.message}\n`);
  else throw error;
  process.exitCode = 1;
}
