import type { FastifyInstance } from 'fastify';

/**
 * Keeps the pages of a Fastify instance private: no browser or proxy stores them, and a page of another origin that
 * opened one, or is opened by one, can't reach its window. Pages of a sign-in for an app can't use it, because the app
 * may wait for the response in the window that opened them.
 */
export function keepPrivate(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (_request, reply) => void reply.headers(PRIVATE));
}

/** Headers of a private page. */
export const PRIVATE = { 'cache-control': 'no-store', 'cross-origin-opener-policy': 'same-origin' } as const;
