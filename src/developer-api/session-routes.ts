import { listMemberships } from '../apps/index.ts';
import { ERROR_RESPONSES, type PortalApi, type PortalDeps, SessionResponse } from '../portal-api/index.ts';

/** Adds the route that returns the current session and the facts about this server that the React app needs. */
export function sessionRoutes(api: PortalApi, deps: PortalDeps): void {
  const { issuer, authorize, token, revoke, introspect, fhir } = deps.addresses;
  const swagger = `${deps.publicUrl}${deps.prefix}/fhir-api/index.html`;
  const addresses = { issuer, authorize, token, revoke, introspect, ...fhir, swagger };
  const schema = {
    tags: ['session'],
    summary: 'Who is signed in',
    response: { 200: SessionResponse, ...ERROR_RESPONSES },
  };

  api.get('/session', { schema }, async (request, reply) => {
    const session = await deps.signedIn.current(request);
    return {
      csrf: deps.cookies.csrf(request, reply),
      language: deps.framing.forOperator(request).language,
      brandName: deps.brandName,
      sandbox: deps.sandbox,
      provisionalApps: deps.provisionalApps,
      mailLeaves: deps.post.canSend,
      addresses,
      person: session === undefined ? null : await toPerson(session),
    };
  });

  const toPerson = async (session: NonNullable<Awaited<ReturnType<typeof deps.signedIn.current>>>) => ({
    accountId: session.accountId,
    name: session.displayName,
    kind: session.kind,
    administrator: session.administrator,
    memberships: session.kind === 'developer' ? [...(await listMemberships(deps.db, session.accountId))] : [],
  });
}
