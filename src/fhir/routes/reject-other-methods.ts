import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';

/** HTTP methods in the order in which the Allow header lists them. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Makes a Fastify scope reject HTTP methods that its routes don't accept. RFC 9110 §15.5.6: the response is 405 with
 * the allowed methods. Only routes that are registered after this call are covered. OPTIONS requests are left to the
 * CORS handler.
 * @returns a function to call after all routes are registered
 */
export function rejectOtherMethods(scope: FastifyInstance): () => void {
  const allowedMethods = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({ routePath, method }) => {
    const methods = allowedMethods.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    allowedMethods.set(routePath, methods);
  });
  return () => {
    // This Fastify scope is registered last. Fastify therefore runs it after all other scopes have added their routes.
    void scope.register(async (rest) => {
      for (const [url, methods] of [...allowedMethods].filter(([path]) => path !== '*'))
        addRejectingRoute(rest, url, methods);
    });
  };
}

function addRejectingRoute(scope: FastifyInstance, url: string, methods: ReadonlySet<string>): void {
  const allow = METHODS.filter((method) => methods.has(method)).join(', ');
  scope.route({
    method: METHODS.filter((method) => !methods.has(method)),
    url,
    exposeHeadRoute: false,
    // The request is rejected before its body is read, because the body may have any media type.
    async onRequest({ method }, reply) {
      reply.header('allow', allow);
      throw new Problem('method-not-allowed', {
        status: 405,
        message: `This address accepts ${allow}, not ${method}.`,
      });
    },
    handler: (_request, reply) => reply.callNotFound(),
  });
}
