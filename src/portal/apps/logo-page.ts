import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { type AppLogo, type AppState, findAppLogo } from '../../registry/index.ts';
import type { PortalDeps } from '../deps.ts';
import { noSuchThing } from './refusals.ts';

type Asked = FastifyRequest<{ Params: { clientId: string }; Querystring: { v?: unknown } }>;

const ONE_YEAR = 31_536_000;

/** States in which patients may see an app. The logo of a rejected or suspended app is not public. */
const SHOWN: readonly AppState[] = ['provisional', 'active'];

/** Serves `/app-logos/:clientId?v=…`. The address changes with the image, so it can be cached for a year. */
export function logoPages(app: FastifyInstance, deps: Pick<PortalDeps, 'db' | 'guard' | 'signedIn'>): void {
  const { db } = deps;

  app.get('/app-logos/:clientId', async (request: Asked, reply) => {
    const { clientId } = request.params;
    const logo = /^[\w.~-]{1,200}$/.test(clientId) ? await findAppLogo(db, clientId) : undefined;
    if (logo === undefined) throw nothing();
    if (!SHOWN.includes(logo.appState)) {
      if (!(await isInside(deps, request))) throw nothing();
      return sendLogo(reply.header('cache-control', 'private, no-store'), logo);
    }
    const lasts = request.query.v === logo.version ? `max-age=${ONE_YEAR}, immutable` : 'max-age=60';
    return sendLogo(reply.header('cache-control', `public, ${lasts}`), logo);
  });
}

const nothing = () => noSuchThing('No app has a picture at this address.');

/** Developers of the app and administrators see it on their own pages. */
async function isInside({ guard, signedIn }: Pick<PortalDeps, 'guard' | 'signedIn'>, request: Asked): Promise<boolean> {
  if ((await signedIn.current(request))?.administrator === true) return true;
  return guard.appMember(request, request.params.clientId, 'reader').then(
    () => true,
    (error: unknown) => {
      if (error instanceof Problem && error.status < 500) return false;
      throw error;
    },
  );
}

export const sendLogo = (reply: FastifyReply, { type, bytes }: AppLogo): FastifyReply =>
  reply
    .type(type)
    .header('x-content-type-options', 'nosniff')
    // Opened directly, the file has an opaque origin and no permissions.
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(bytes);
