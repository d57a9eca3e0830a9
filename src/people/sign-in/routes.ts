import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AccountId, type ClientId, minutes, networkOf, ownPath, Problem } from '../../kernel/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';
import { NOWHERE } from '../entrance.ts';
import { type Form, inWords, problemIn, single } from '../form.ts';
import { findPerson } from '../person.ts';
import { endSession } from '../session.ts';
import { countOver } from '../throttle.ts';
import { lockedProblem, provenByPassword } from './proof.ts';
import { appOf, frameOf } from './sent-by.ts';

/** Maximum length in characters of a `login_hint` that is used as username. */
const LONGEST_HINT = 100;
/** Maximum challenges per network and window: more than the people behind one address need, but no flood. */
const CHALLENGES = { most: 300, window: minutes(15) };

type Post = { Body: Form | undefined };

/** Registers `/sign-in` and `/sign-out`, as plain HTML forms. */
export function signInRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  app.get<{ Querystring: { return_to?: unknown; over?: unknown } }>('/sign-in', async (request, reply) => {
    const returnTo = ownPath(deps.publicUrl, request.query.return_to);
    const fieldError = request.query.over === 'codes' ? tooManyCodes : undefined;
    return show(request, reply, { returnTo, username: loginHint(deps.publicUrl, returnTo) }, fieldError);
  });

  app.post<Post>('/sign-in', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = ownPath(deps.publicUrl, form['return_to']);
    const username = single(form['username']) ?? '';
    const password = single(form['password']) ?? '';
    try {
      deps.cookies.requireCsrf(request, single(form['csrf']));
      const { clientId } = await appOf(deps, returnTo);
      const { accountId, passwordHash } = await provenByPassword(
        deps,
        request,
        { name: username, password },
        failure(request, clientId),
      );
      const entry = { returnTo, clientId, passwordHash };
      return reply.redirect(await deps.entrance.enter(request, reply, accountId, entry), 303);
    } catch (error) {
      return again(request, reply, { returnTo, username, error });
    }
  });

  app.post<Post>('/sign-in/options', async (request) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const exceeded = await countOver(deps.db, deps.clock, `challenges\u0000${networkOf(request.ip)}`, CHALLENGES);
    if (exceeded !== undefined) throw new Problem('too-many-attempts', { status: 429, message: 'Too many at once.' });
    return deps.passkeys.optionsToUse();
  });

  app.post<Post>('/sign-in/passkey', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = ownPath(deps.publicUrl, form['return_to']);
    try {
      deps.cookies.requireCsrf(request, single(form['csrf']));
      const { clientId } = await appOf(deps, returnTo);
      const accountId = await provenByPasskey(request, single(form['passkey']) ?? '', failure(request, clientId));
      const path = await deps.entrance.enter(request, reply, accountId, { returnTo, clientId, by: 'passkey' });
      return reply.redirect(path, 303);
    } catch (error) {
      return again(request, reply, { returnTo, username: '', error, passkey: true });
    }
  });

  app.post<Post>('/sign-out', async (request, reply) => {
    const cookie = deps.cookies.session(request);
    const waiting = deps.cookies.waiting(request);
    if (cookie !== undefined || waiting !== undefined) {
      deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
      if (cookie !== undefined) await signOut(request, cookie);
      // Also ends a session that was set aside, so that the next user of the browser can't restore it.
      if (waiting?.session !== undefined) await signOut(request, waiting.session);
      deps.cookies.clearSession(reply);
      if (waiting !== undefined) deps.cookies.clearWaiting(reply);
    }
    const pageContext = deps.framing.plain(request, NOWHERE);
    const { title, text, again } = wordsIn(pageContext.language).signIn.signedOut;
    return html(
      reply,
      deps.pages.message({ title, text: [text], links: [{ path: '/sign-in', text: again }] }, pageContext),
    );
  });

  async function signOut(request: FastifyRequest, cookie: string): Promise<void> {
    const accountId = await endSession(deps.db, cookie);
    await deps.audit.record({ kind: 'sign-out', outcome: 'success', requestId: request.id, accountId });
  }

  const failure =
    (request: FastifyRequest, clientId: ClientId | undefined) =>
    (accountId: AccountId | undefined): Promise<void> =>
      deps.audit.record({ kind: 'sign-in', outcome: 'failure', requestId: request.id, clientId, accountId });

  async function provenByPasskey(
    request: FastifyRequest,
    answer: string,
    failed: (accountId: AccountId | undefined) => Promise<void>,
  ): Promise<AccountId> {
    const { accountId } = await deps.passkeys.verifyUse(answer).catch(async (error: unknown) => {
      request.log.debug({ passkey: 'refused' });
      await failed(undefined);
      throw error;
    });
    const person = await findPerson(deps.db, accountId);
    if (person?.lockedAt === undefined) return accountId;
    await failed(accountId);
    throw lockedProblem();
  }

  /** Shows the form again with the error. The username is filled in again, the password never. */
  async function again(
    request: FastifyRequest,
    reply: FastifyReply,
    { error, passkey = false, ...page }: { returnTo: string; username: string; error: unknown; passkey?: boolean },
  ): Promise<FastifyReply> {
    const problem = problemIn(error);
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    reply.code(problem.status);
    const fieldError = (pageContext: Frame): string =>
      passkey && problem.status === 401
        ? wordsIn(pageContext.language).signIn.faults.passkey
        : inWords(problem, pageContext.language);
    return show(request, reply, { ...page, passkey }, fieldError);
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { returnTo, username, passkey = false }: { returnTo: string; username: string; passkey?: boolean },
    fieldError?: (pageContext: Frame) => string,
  ): Promise<FastifyReply> {
    const { appName } = await appOf(deps, returnTo);
    const csrf = deps.cookies.csrf(request, reply);
    const here = `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
    const pageContext = await frameOf(deps, request, returnTo, here);
    const errors =
      fieldError === undefined ? [] : [{ field: passkey ? 'main' : 'username', message: fieldError(pageContext) }];
    const page = { returnTo, username, csrf, errors, sandbox: deps.sandbox };
    return html(reply, deps.pages.signIn({ ...page, ...(appName === undefined ? {} : { appName }) }, pageContext));
  }
}

/** Error for people who return from the second factor after too many wrong codes. */
const tooManyCodes = ({ language }: Frame): string => wordsIn(language).signIn.faults.codesOver;

const html = (reply: FastifyReply, text: string): FastifyReply => reply.type('text/html; charset=utf-8').send(text);

/** OpenID Connect Core §3.1.2.1: the user that the app expects. It only fills in the username field. */
function loginHint(publicUrl: string, returnTo: string): string {
  const [hint = '', ...others] = new URL(returnTo, publicUrl).searchParams.getAll('login_hint');
  return others.length === 0 && hint.length <= LONGEST_HINT ? hint : '';
}
