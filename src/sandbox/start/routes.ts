import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { getMessages, type PageContexts } from '../../i18n/index.ts';
import type { IdentityModule } from '../../identity/index.ts';
import { type Html, Problem, sendHtml, toSingleLine } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../../oauth/index.ts';
import { hasLivePractice } from '../../practices/index.ts';
import { type FindPublicContext, identityPages } from '../../web-pages/index.ts';
import { SANDBOX_PASSWORD } from '../published-credentials.ts';
import { SIGN_IN_PATH, START_PATH, startPage } from './page.ts';
import { isSharedRole, listSharedRoles, SHARED_ACCOUNTS } from './roles.ts';

export interface StartDeps {
  readonly db: Executor;
  readonly pageContexts: PageContexts;
  readonly findContext: FindPublicContext;
  readonly identity: Pick<IdentityModule, 'cookies' | 'signedIn' | 'signInShared'>;
  readonly addresses: OAuthAddresses;
  /** Path of Swagger UI. */
  readonly swagger: string;
  readonly hasDemo: boolean;
  /** Returns the path of the form with which visitors sign up with a made-up address; undefined if they can't. */
  findVisitorSignUp(): Promise<string | undefined>;
}

/** Renders the start page for a request. The page contains a CSRF token, so it isn't cached. */
async function render(deps: StartDeps, request: FastifyRequest, reply: FastifyReply, path: string): Promise<Html> {
  const { db, findContext, identity, addresses, swagger, hasDemo } = deps;
  reply.header('cache-control', 'no-store');
  const page = {
    csrf: identity.cookies.csrf(request, reply),
    ...addresses.fhir,
    swagger,
    roles: await listSharedRoles(db),
    hasDemo,
    visitorSignUp: await deps.findVisitorSignUp(),
    path,
  };
  return startPage(page, await findContext(request));
}

/**
 * Returns the page that `/` shows instead of the home page: the start page, as long as the installation serves no live
 * practice.
 */
export const homeOfSandbox =
  (deps: StartDeps) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<Html | undefined> =>
    (await hasLivePractice(deps.db)) ? undefined : render(deps, request, reply, '/');

/** Adds the start page at `/sandbox`, and the form that signs in with a shared account. */
export function startRoutes(app: FastifyInstance, deps: StartDeps): void {
  const { cookies, signedIn, signInShared } = deps.identity;

  app.get(START_PATH, async (request, reply) => sendHtml(reply, await render(deps, request, reply, START_PATH)));

  app.post<{ Body: Readonly<Record<string, unknown>> | undefined }>(SIGN_IN_PATH, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { csrf, role, confirmed } = request.body ?? {};
    cookies.requireCsrf(request, typeof csrf === 'string' ? csrf : undefined);
    if (!isSharedRole(role)) throw new Problem('not-found', { status: 404, message: 'Unknown sandbox account.' });
    const session = await signedIn.current(request);
    // A sign-in ends the session of the browser. A person must not lose their own session by surprise.
    if (session?.published === false && confirmed !== 'yes') {
      const pageContext = deps.pageContexts.forOperator(request, START_PATH);
      const { title, text, button } = getMessages(pageContext.language).sandboxStart.replaceSession;
      const question = {
        csrf: cookies.csrf(request, reply),
        errors: [],
        action: SIGN_IN_PATH,
        fields: { role, confirmed: 'yes' },
        back: START_PATH,
        title,
        text: [text(toSingleLine(session.displayName, 100))],
        button,
      };
      return sendHtml(reply, identityPages.question(question, pageContext));
    }
    const { username, path } = SHARED_ACCOUNTS[role];
    const credentials = { username, password: SANDBOX_PASSWORD, returnTo: path };
    return reply.redirect(await signInShared(request, reply, credentials), 303);
  });
}
