import { createServer } from 'node:net';
import type { Config } from '../config/index.ts';
import { OperatorError } from '../kernel/index.ts';

/** Checks that the port is free before anything else starts, so that a taken port is reported at once. */
export function requirePort(config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => reject(toListenError(config, error)));
    probe.listen({ port: config.port, host: config.host }, () => probe.close(() => resolve()));
  });
}

/** Returns an error that tells the operator why the server can't listen, or the given error if the reason is unknown. */
export function toListenError(config: Config, error: NodeJS.ErrnoException): Error {
  const where = `${config.host}:${config.port}`;
  if (error.code === 'EADDRINUSE') {
    return new OperatorError(
      `${where} is used by another program. Stop that program, or choose another port: PORT=8081 npm start`,
    );
  }
  if (error.code === 'EACCES')
    return new OperatorError(`This user may not listen on ${where}. Choose a port above 1023 with PORT.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new OperatorError(`${config.host} isn’t an address of this machine. Check HOST.`);
  return error;
}
