import type { FastifyInstance } from 'fastify';

/** Paths that tell load balancers and orchestrators about this process. */
const [LIVE, READY] = ['/livez', '/readyz'] as const;

/** Whether a request is for one of the health routes, which are answered while the server stops, too. */
export const isHealthPath = (route: string | undefined): boolean => route === LIVE || route === READY;

/**
 * Adds the routes of the health checks. `/livez` says that the process responds; `/readyz` also says that it can serve
 * requests. Anyone can read them, so they say nothing else. They are requested every few seconds, so successful
 * responses aren't logged.
 */
export function addHealthRoutes(app: FastifyInstance, isReady: () => Promise<boolean>): void {
  app.get(LIVE, { logLevel: 'warn' }, (_request, reply) => {
    reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send('ok\n');
  });
  app.get(READY, { logLevel: 'warn' }, async (_request, reply) => {
    const ready = await isReady();
    reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .type('text/plain; charset=utf-8');
    return reply.send(ready ? 'ready\n' : 'not ready\n');
  });
}
