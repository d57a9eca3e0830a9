import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { AuditLog } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { IdentityModule } from '../identity/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import { checkAccess } from './access-check.ts';
import type { PortalApi } from './api.ts';
import { lazySerializer, lazyValidator } from './compilers.ts';
import type { PortalContext } from './context.ts';
import { createPortalGuard, requireCsrfToken } from './guard.ts';
import type { MadeUpSpaces } from './made-up-spaces.ts';

export interface PortalApiDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: AuditLog;
  readonly config: Pick<Config, 'publicUrl' | 'brandName'>;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn'>;
  /** The made-up apps of visitors; undefined for an installation without a sandbox. */
  readonly madeUpSpaces: MadeUpSpaces | undefined;
}

/** A function that adds routes to the JSON API. */
export type AddPortalRoutes = (api: PortalApi) => void;

export interface PortalApiModule {
  readonly context: PortalContext;
  /**
   * Adds the JSON API of the portals with the given routes. `/api/openapi.json` describes the API.
   * The React app of the portals reads and changes data only through this API.
   */
  mount(scope: FastifyInstance, routes: readonly AddPortalRoutes[]): Promise<void>;
}

/**
 * Creates the JSON API of the portals: the context with access checks that its routes use, and a
 * function that adds the API with the given routes to the server.
 */
export function createPortalApi(parts: PortalApiDeps): PortalApiModule {
  const { db, clock, random, audit, config, identity, madeUpSpaces } = parts;
  const { publicUrl, brandName } = config;
  const { cookies, signedIn } = identity;
  const guard = createPortalGuard({ db, clock, audit, signedIn, madeUpSpaces });
  return {
    context: { db, clock, random, audit, guard },
    async mount(scope, routes) {
      await scope.register(swagger, {
        openapi: {
          openapi: '3.1.0',
          info: { title: `${brandName}: portal API`, version: '1', description: ABOUT },
          servers: [{ url: publicUrl }],
        },
      });
      const api: PortalApi = scope.withTypeProvider<never>() as never;
      api.setValidatorCompiler(lazyValidator as never);
      api.setSerializerCompiler(lazySerializer as never);
      api.addHook('onRequest', async (request) => requireCsrfToken(cookies, request));
      api.addHook('onRequest', (request) => checkAccess(guard, request));
      for (const addRoutes of routes) addRoutes(api);
      api.get('/openapi.json', { schema: { hide: true } }, async () => api.swagger());
    },
  };
}

const ABOUT =
  'Authentication is the session cookie of a person who signed in at /sign-in. Requests that change something need the ' +
  'header X-CSRF-Token with the value from GET /api/session. Errors are application/problem+json (RFC 9457).';
