import type { FastifyInstance } from 'fastify';
import { Problem } from '../../kernel/index.ts';

/** In the order in which they are told. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * At each address of the routes that come after it, the methods that none of them takes are refused. RFC 9110 §15.5.6: 405
 * says which there are. OPTIONS is the business of CORS.
 * @returns to be called when all routes are asked for
 */
export function refuseOtherMethods(scope: FastifyInstance): () => void {
  const taken = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({ routePath, method }) => {
    const methods = taken.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    taken.set(routePath, methods);
  });
  return () => {
    // Registered last, it is run when routes of scopes within this one are there too.
    void scope.register(async (rest) => {
      for (const [url, methods] of [...taken].filter(([path]) => path !== '*')) refuseOthers(rest, url, methods);
    });
  };
}

function refuseOthers(scope: FastifyInstance, url: string, methods: ReadonlySet<string>): void {
  const allow = METHODS.filter((method) => methods.has(method)).join(', ');
  scope.route({
    method: METHODS.filter((method) => !methods.has(method)),
    url,
    exposeHeadRoute: false,
    // Before a body is read: it may be of any kind.
    async onRequest({ method }, reply) {
      reply.header('allow', allow);
      throw new Problem('method-not-allowed', { status: 405, message: `This address takes ${allow}, not ${method}.` });
    },
    handler: (_request, reply) => reply.callNotFound(),
  });
}
