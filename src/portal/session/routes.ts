import { membershipsOf } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { SessionAnswer } from '../contract/session.ts';
import type { PortalDeps } from '../deps.ts';

/** Adds the route for the current session and what the React app needs to know about this server. */
export function sessionRoutes(api: Api, deps: PortalDeps): void {
  const { issuer, authorize, token, revoke, introspect, fhir } = deps.addresses;
  const swagger = `${deps.publicUrl}${deps.prefix}/fhir-api/index.html`;
  const addresses = { issuer, authorize, token, revoke, introspect, ...fhir, swagger };
  const schema = { tags: ['session'], summary: 'Who is signed in', response: { 200: SessionAnswer, ...REFUSALS } };

  api.get('/session', { schema }, async (request, reply) => {
    const session = await deps.signedIn.current(request);
    return {
      csrf: deps.cookies.csrf(request, reply),
      language: deps.framing.plain(request).language,
      brandName: deps.brandName,
      sandbox: deps.sandbox,
      provisionalApps: deps.provisionalApps,
      mailLeaves: deps.post.sends,
      addresses,
      person: session === undefined ? null : await toPerson(session),
    };
  });

  const toPerson = async (session: NonNullable<Awaited<ReturnType<typeof deps.signedIn.current>>>) => ({
    accountId: session.accountId,
    name: session.displayName,
    kind: session.kind,
    administrator: session.administrator,
    memberships: session.kind === 'developer' ? [...(await membershipsOf(deps.db, session.accountId))] : [],
  });
}
