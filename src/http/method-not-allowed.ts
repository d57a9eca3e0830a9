import type { FastifyInstance } from 'fastify';
import { Problem } from '../kernel/index.ts';

/**
 * Mounts routes, and responds to all other methods at their paths with 405 and `Allow` (RFC 9110
 * §15.5.6). Leaves OPTIONS to the CORS plugin.
 */
export async function mountWithMethodCheck(
  scope: FastifyInstance,
  routes: (scope: FastifyInstance) => void,
): Promise<void> {
  const methodsByPath = new Map<string, Set<string>>();
  scope.addHook('onRoute', ({ routePath, method }) => {
    const methods = methodsByPath.get(routePath) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsByPath.set(routePath, methods);
  });
  routes(scope);
  // This plugin is registered last, so Fastify runs it last. All routes of child instances of
  // Fastify are known by then.
  await scope.register(async (rest) => {
    for (const [url, methods] of [...methodsByPath].filter(([path]) => path !== '*'))
      rejectOtherMethods(rest, url, [...methods]);
  });
}

function rejectOtherMethods(scope: FastifyInstance, url: string, methods: readonly string[]): void {
  const allow = methods.join(', ');
  scope.route({
    method: scope.supportedMethods.filter((method) => method !== 'OPTIONS' && !methods.includes(method)),
    url,
    exposeHeadRoute: false,
    // An onRequest hook runs before the body is read, so a body of any content type gets status
    // 405.
    async onRequest({ method }, reply) {
      reply.header('allow', allow);
      throw new Problem('method-not-allowed', {
        status: 405,
        message: `This endpoint accepts ${allow}, not ${method}.`,
      });
    },
    handler: (_request, reply) => reply.callNotFound(),
  });
}
