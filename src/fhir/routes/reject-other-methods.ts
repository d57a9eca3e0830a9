import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';

/** In the order of the Allow header. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * Rejects, at each URL of the routes registered after this call, the methods that none of them accepts. RFC 9110
 * §15.5.6: 405 lists the allowed methods. OPTIONS is left to CORS.
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
    // A scope that is registered last runs after the nested scopes have added their routes.
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
    // Rejects before the body is read, because it may have any type.
    async onRequest({ method }, reply) {
      reply.header('allow', allow);
      throw new Problem('method-not-allowed', { status: 405, message: `This address takes ${allow}, not ${method}.` });
    },
    handler: (_request, reply) => reply.callNotFound(),
  });
}
