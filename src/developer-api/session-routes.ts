import type { FastifyRequest } from 'fastify';
import { listMemberships } from '../apps/index.ts';
import type { Config } from '../config/index.ts';
import type { PageContexts } from '../i18n/index.ts';
import type { BrowserCookies, Session, SessionGuard } from '../identity/index.ts';
import type { ServerEmailQueue } from '../mail/index.ts';
import type { OAuthAddresses } from '../oauth/index.ts';
import { ERROR_RESPONSES, type PortalApi, type PortalGuard, SessionResponse } from '../portal-api/index.ts';

export interface SessionRouteDeps {
  readonly config: Pick<Config, 'publicUrl' | 'prefix' | 'brandName' | 'sandbox' | 'provisionalApps'>;
  readonly addresses: OAuthAddresses;
  readonly cookies: BrowserCookies;
  readonly signedIn: SessionGuard;
  readonly guard: Pick<PortalGuard, 'proofValidFor' | 'developerSpace'>;
  readonly framing: PageContexts;
  readonly post: ServerEmailQueue;
}

/** Adds the route that returns the current session and the facts about this server that the React app needs. */
export function sessionRoutes(api: PortalApi, deps: SessionRouteDeps): void {
  const { issuer, authorize, token, revoke, introspect, fhir } = deps.addresses;
  const { publicUrl, prefix, brandName, sandbox, provisionalApps } = deps.config;
  const swagger = `${publicUrl}${prefix}/fhir-api/index.html`;
  const addresses = { issuer, authorize, token, revoke, introspect, ...fhir, swagger };
  const schema = {
    tags: ['session'],
    summary: 'Get the signed-in person',
    response: { 200: SessionResponse, ...ERROR_RESPONSES },
  };

  api.get('/session', { schema }, async (request, reply) => {
    const session = await deps.signedIn.current(request);
    return {
      csrf: deps.cookies.csrf(request, reply),
      language: deps.framing.forOperator(request).language,
      brandName,
      sandbox,
      provisionalApps,
      mailLeaves: deps.post.canSend,
      addresses,
      person: session === undefined ? null : await toPerson(session, request),
    };
  });

  const isSandboxDeveloper = ({ kind, published }: Session): boolean => kind === 'developer' && published && sandbox;

  async function listOwnMemberships(session: Session, request: FastifyRequest) {
    if (session.kind !== 'developer' || (session.published && !sandbox)) return [];
    const { db } = await deps.guard.developerSpace(request);
    return [...(await listMemberships(db, session.accountId))];
  }

  const toPerson = async (session: Session, request: FastifyRequest) => ({
    accountId: session.accountId,
    name: session.displayName,
    kind: session.kind,
    administrator: session.administrator,
    sandboxAdministrator: session.sandboxAdministrator && sandbox,
    sandboxDeveloper: isSandboxDeveloper(session),
    confirmedSeconds: Math.floor(deps.guard.proofValidFor(session) / 1000),
    memberships: await listOwnMemberships(session, request),
  });
}
