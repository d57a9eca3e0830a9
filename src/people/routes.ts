import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../database/index.ts';
import { type AccountId, type ClientId, type Clock, Problem, type Random } from '../kernel/index.ts';
import { type Account, type AccountKind, findAccount, foldUsername } from './account.ts';
import type { BrowserCookies } from './browser.ts';
import { isPassword } from './password.ts';
import type { PeopleAudit, PeoplePages, SignInPage } from './ports.ts';
import { beginSession, endSession } from './session.ts';
import { type Attempt, countGuess, forgiveGuess, takeBackGuess } from './throttle.ts';

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

interface Attempted {
  readonly username: string;
  readonly password: string;
  readonly returnTo: string;
}

/** Where people land who come without an address to go back to. */
const HOME = '/';
const STAFF_HOME = '/practice/launch';

/** Told to whoever knows the password, and to nobody else: an attacker learns nothing of whose account is locked. */
const LOCKED = 'This account is locked. Ask your practice to unlock it.';
const WRONG = 'That username and password don’t belong together. Check both and try again.';

/** Longest `login_hint` that is taken for a username. */
const LONGEST_HINT = 100;

/** Longest password that is hashed: longer ones only cost time. */
const LONGEST_PASSWORD = 200;

/** `/sign-in` and `/sign-out`: plain forms. Needs the cookie and form plugins. */
export function signInRoutes(app: FastifyInstance, deps: SignInDeps): void {
  app.addHook('onRequest', async (_request, reply) => void reply.header('cache-control', 'no-store'));

  app.get<{ Querystring: { return_to?: string } }>('/sign-in', async (request, reply) => {
    const returnTo = ownPath(deps.publicUrl, request.query.return_to);
    return show(request, reply, { returnTo, username: loginHint(deps.publicUrl, returnTo) });
  });

  app.post<{ Body: SignInForm | undefined }>('/sign-in', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = ownPath(deps.publicUrl, single(form.return_to));
    const username = single(form.username) ?? '';
    try {
      deps.cookies.requireCsrf(request, single(form.csrf));
      const kind = await signIn(request, reply, { username, password: single(form.password) ?? '', returnTo });
      return reply.redirect(returnTo === HOME && kind === 'staff' ? STAFF_HOME : returnTo, 303);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.retryAfter !== undefined) reply.header('retry-after', error.retryAfter);
      reply.code(error.status);
      return show(request, reply, { returnTo, username, fault: error.message });
    }
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

  async function signIn(request: FastifyRequest, reply: FastifyReply, form: Attempted): Promise<AccountKind> {
    const event = { kind: 'sign-in', requestId: request.id, ...(await fromApp(form.returnTo)) } as const;
    const account = await proven(request, form, (accountId) =>
      deps.audit.record({ ...event, outcome: 'failure', accountId }),
    );
    const previous = deps.cookies.session(request);
    if (previous !== undefined) await endSession(deps.db, previous);
    const cookie = await beginSession(deps.db, deps, account.accountId);
    await deps.audit.record({ ...event, outcome: 'success', accountId: account.accountId });
    deps.cookies.setSession(reply, cookie);
    return account.kind;
  }

  /** The account that this password opens; every other way out records the failure first, unless it was not looked at. */
  async function proven(
    request: FastifyRequest,
    { username, password }: Attempted,
    record: (accountId: AccountId | undefined) => Promise<void>,
  ): Promise<Account> {
    const attempt = { username: foldUsername(username), address: request.ip };
    const found = await findAccount(deps.db, attempt.username);
    const account = found?.published === true && !deps.sandbox ? undefined : found;
    const failed = () => record(account?.accountId);
    if (account?.published !== true) await countGuess(deps.db, deps.clock, attempt).catch(after(failed));
    if (!(await isRight(attempt, password, account)) || account === undefined) {
      await failed();
      throw new Problem('access_denied', { status: 401, message: WRONG });
    }
    if (!account.published) await forgiveGuess(deps.db, attempt);
    if (account.lockedAt === null) return account;
    await failed();
    throw new Problem('access_denied', { status: 403, message: LOCKED });
  }

  /** Throws `unavailable` when too many wait: then the password was not looked at, and the guess does not count. */
  async function isRight(attempt: Attempt, password: string, account: Account | undefined): Promise<boolean> {
    if (password.length > LONGEST_PASSWORD) return false;
    const looked = isPassword(password, account?.passwordHash, attempt.address);
    return account?.published === true ? looked : looked.catch(after(() => takeBackGuess(deps.db, attempt)));
  }

  /** The app that sent the person, if it is one that we know: the address says so, and anyone can write an address. */
  async function fromApp(returnTo: string): Promise<{ clientId?: ClientId; appName?: string }> {
    const clientId = new URL(returnTo, deps.publicUrl).searchParams.get('client_id') as ClientId | null;
    const appName = clientId === null ? undefined : await deps.appName(clientId);
    return clientId === null || appName === undefined ? {} : { clientId, appName };
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    page: Omit<SignInPage, 'csrf' | 'appName' | 'sandbox'>,
  ): Promise<FastifyReply> {
    const { appName } = await fromApp(page.returnTo);
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

/** Does something more about an error, and throws it on. */
const after =
  (work: () => Promise<void>) =>
  async (error: unknown): Promise<never> => {
    await work();
    throw error;
  };

/** A form field given twice arrives as a list: neither is taken. */
const single = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** OpenID Connect Core §3.1.2.1: whom the app expects. It fills the field, and decides nothing. */
function loginHint(publicUrl: string, returnTo: string): string {
  const [hint = '', ...others] = new URL(returnTo, publicUrl).searchParams.getAll('login_hint');
  return others.length === 0 && hint.length <= LONGEST_HINT ? hint : '';
}

/** The path when it leads to this server, else `/`: a sign-in page must not send people to another site. */
function ownPath(publicUrl: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, publicUrl)) return HOME;
  const url = new URL(path, publicUrl);
  // A path that begins with two slashes would be read as another host.
  return url.origin === publicUrl && !url.pathname.startsWith('//') ? url.pathname + url.search : HOME;
}
