import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AppLogo, findAppLogo } from '../../apps/index.ts';
import type { AppState } from '../../domain/index.ts';
import type { SessionGuard } from '../../identity/index.ts';
import { EMBEDDABLE, notFoundProblem, Problem, UNTRUSTED_FILE } from '../../kernel/index.ts';
import type { PortalContext } from '../../portal-api/index.ts';

type LogoPageRequest = FastifyRequest<{ Params: { clientId: string }; Querystring: { v?: unknown } }>;

const ONE_YEAR_SECONDS = 31_536_000;

/** States of an app in which its logo is public. Patients must not see the logo of a rejected or suspended app. */
const PUBLIC_STATES: readonly AppState[] = ['provisional', 'active'];

export interface LogoPageDeps extends Pick<PortalContext, 'db' | 'guard'> {
  readonly signedIn: SessionGuard;
}

/**
 * Serves the logo of an app at `/app-logos/:clientId?v=…`. The address changes with the image, so
 * browsers may cache it for a year.
 */
export function logoPages(app: FastifyInstance, deps: LogoPageDeps): void {
  const { db } = deps;

  app.get('/app-logos/:clientId', async (request: LogoPageRequest, reply) => {
    const { clientId } = request.params;
    const logo = /^[\w.~-]{1,200}$/.test(clientId) ? await findAppLogo(db, clientId) : undefined;
    if (logo === undefined) throw noSuchLogo();
    if (!PUBLIC_STATES.includes(logo.appState)) {
      if (!(await mayReadUnpublished(deps, request))) throw noSuchLogo();
      return sendLogo(reply.header('cache-control', 'private, no-store'), logo);
    }
    const lasts = request.query.v === logo.version ? `max-age=${ONE_YEAR_SECONDS}, immutable` : 'max-age=60';
    return sendLogo(reply.header('cache-control', `public, ${lasts}`), logo);
  });
}

const noSuchLogo = () => notFoundProblem('There is no logo at this URL.');

/**
 * Returns whether the caller may see a logo that isn't public: developers of the app and
 * administrators see the logo on their own pages.
 */
async function mayReadUnpublished({ guard, signedIn }: LogoPageDeps, request: LogoPageRequest): Promise<boolean> {
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
    .headers({ ...UNTRUSTED_FILE, ...EMBEDDABLE })
    .send(bytes);
