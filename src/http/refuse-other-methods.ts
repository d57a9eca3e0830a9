import type { FastifyInstance } from 'fastify';
import { Problem } from '../kernel/index.ts';

/**
 * Mounts routes, and at each of their addresses refuses the methods that none of them takes. RFC 9110 §15.5.6: 405 says
 * which there are. OPTIONS is the business of CORS.
 */
export async function mountStrictly(scope: FastifyInstance, routes: (scope: FastifyInstance) => void): Promise<void> {
  const taken = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({ routePath, method }) => {
    const methods = taken.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    taken.set(routePath, methods);
  });
  routes(scope);
  // Registered last, it is run when routes of scopes within this one are there too.
  await scope.register(async (rest) => {
    for (const [url, methods] of [...taken].filter(([path]) => path !== '*')) refuseOthers(rest, url, [...methods]);
  });
}

function refuseOthers(scope: FastifyInstance, url: string, methods: readonly string[]): void {
  const allow = methods.join(', ');
  scope.route({
    method: scope.supportedMethods.filter((method) => method !== 'OPTIONS' && !methods.includes(method)),
    url,
    exposeHeadRoute: false,
    // Before a body is read: it may be of any kind.
    async onRequest({ method }, reply) {
      reply.header('allow', allow);
      throw new Problem('method-not-allowed', { status: 405, message: `This endpoint takes ${allow}, not ${method}.` });
    },
    handler: (_request, reply) => reply.callNotFound(),
  });
}
