import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import { type ClientId, type Clock, Problem, type Random } from '../kernel/index.ts';
import { findAccount, foldUsername } from './account.ts';
import type { BrowserCookies } from './browser.ts';
import { isPassword } from './password.ts';
import type { PeopleAudit, PeoplePages, SignInPage } from './ports.ts';
import { beginSession, endSession } from './session.ts';
import { recordFailure, recordSuccess, refuseGuessing } from './throttle.ts';

export interface SignInDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly cookies: BrowserCookies;
  readonly audit: PeopleAudit;
  readonly pages: PeoplePages;
  readonly publicUrl: string;
  readonly sandbox: boolean;
  /** The name of an app, for the page to say who sent the person. */
  appName(clientId: ClientId): Promise<string | undefined>;
}

interface SignInForm {
  readonly username?: string;
  readonly password?: string;
  readonly return_to?: string;
  readonly csrf?: string;
}

const WRONG = 'That username and password don’t belong together. Check both and try again.';

/** Longest password that is hashed: longer ones only cost time. */
const LONGEST_PASSWORD = 200;

/** `/sign-in` and `/sign-out`: plain forms. Needs the cookie and form plugins. */
export function signInRoutes(app: FastifyInstance, deps: SignInDeps): void {
  app.get<{ Querystring: { return_to?: string } }>('/sign-in', async (request, reply) =>
    show(request, reply, { returnTo: ownPath(deps.publicUrl, request.query.return_to), username: '' }),
  );

  app.post<{ Body: SignInForm | undefined }>('/sign-in', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = ownPath(deps.publicUrl, single(form.return_to));
    const username = single(form.username) ?? '';
    try {
      deps.cookies.requireCsrf(request, single(form.csrf));
      await signIn(request, reply, { username, password: single(form.password) ?? '', returnTo });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
      reply.code(error.status);
      return show(request, reply, { returnTo, username, fault: error.message });
    }
    return reply.redirect(returnTo, 303);
  });

  app.post<{ Body: { csrf?: string } | undefined }>('/sign-out', async (request, reply) => {
    const cookie = deps.cookies.session(request);
    if (cookie !== undefined) {
      deps.cookies.requireCsrf(request, single(request.body?.csrf));
      const accountId = await endSession(deps.db, cookie);
      await deps.audit.record({ kind: 'sign-out', outcome: 'success', requestId: request.id, accountId });
      deps.cookies.clearSession(reply);
    }
    return reply.type('text/html; charset=utf-8').send(deps.pages.signedOut());
  });

  async function signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    form: { username: string; password: string; returnTo: string },
  ): Promise<void> {
    const attempt = { username: foldUsername(form.username), address: request.ip };
    await refuseGuessing(deps.db, deps.clock, attempt);
    const account = await findAccount(deps.db, attempt.username);
    const short = form.password.length <= LONGEST_PASSWORD;
    const right = short && (await isPassword(form.password, account?.passwordHash));
    const clientId = clientOf(form.returnTo);
    const event = { kind: 'sign-in', requestId: request.id, accountId: account?.accountId, clientId } as const;
    if (account === undefined || !right) {
      await recordFailure(deps.db, deps.clock, attempt);
      await deps.audit.record({ ...event, outcome: 'failure' });
      throw new Problem('access_denied', { status: 401, message: WRONG });
    }
    await recordSuccess(deps.db, attempt);
    const previous = deps.cookies.session(request);
    if (previous !== undefined) await endSession(deps.db, previous);
    const cookie = await beginSession(deps.db, deps, account.accountId);
    await deps.audit.record({ ...event, outcome: 'success' });
    deps.cookies.setSession(reply, cookie);
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    page: Omit<SignInPage, 'csrf' | 'appName' | 'sandbox'>,
  ): Promise<FastifyReply> {
    const clientId = clientOf(page.returnTo);
    const appName = clientId === undefined ? undefined : await deps.appName(clientId);
    const csrf = deps.cookies.csrf(request, reply);
    const html = deps.pages.signIn({
      ...page,
      csrf,
      sandbox: deps.sandbox,
      ...(appName === undefined ? {} : { appName }),
    });
    return reply.type('text/html; charset=utf-8').send(html);
  }
}

/** A form field given twice arrives as a list: neither is taken. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The path when it leads to this server, else `/`: a sign-in page must not send people to another site. */
function ownPath(publicUrl: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, publicUrl)) return '/';
  const url = new URL(path, publicUrl);
  return url.origin === publicUrl ? url.pathname + url.search : '/';
}

function clientOf(returnTo: string): ClientId | undefined {
  const clientId = new URL(returnTo, 'http://here').searchParams.get('client_id');
  return clientId === null ? undefined : (clientId as ClientId);
}
