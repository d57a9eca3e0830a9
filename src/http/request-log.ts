import type { FastifyBaseLogger } from 'fastify';

type Write = (...values: unknown[]) => void;
const METHODS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent', 'child'] as const;

/**
 * Creates the log of a request, whose lines contain its id. Most requests log nothing but their response, so the log is
 * created with the first line: that costs as much as the line.
 */
export function createRequestLog(log: FastifyBaseLogger, ...child: Parameters<FastifyBaseLogger['child']>) {
  return new RequestLog(log, child) as unknown as FastifyBaseLogger;
}

class RequestLog {
  readonly #log: FastifyBaseLogger;
  readonly #child: Parameters<FastifyBaseLogger['child']>;
  #created: FastifyBaseLogger | undefined;

  constructor(log: FastifyBaseLogger, child: Parameters<FastifyBaseLogger['child']>) {
    this.#log = log;
    this.#child = child;
  }

  get level() {
    return this.#log.level;
  }

  create(): FastifyBaseLogger {
    this.#created ??= this.#log.child(...this.#child);
    return this.#created;
  }
}

for (const method of METHODS) {
  Object.defineProperty(RequestLog.prototype, method, {
    value(this: RequestLog, ...values: unknown[]) {
      const log = this.create();
      return (log[method] as Write).apply(log, values);
    },
  });
}
