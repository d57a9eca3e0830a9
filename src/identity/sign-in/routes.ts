import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getMessages, type PageContext } from '../../i18n/index.ts';
import {
  type AccountId,
  type ClientId,
  clientNetwork,
  localPath,
  minutes,
  Problem,
  sendHtml,
} from '../../kernel/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import { type IdentityFormFields, requireProblem, signInErrorMessage, singleValue } from '../forms/form-fields.ts';
import { endSession } from '../sessions/session.ts';
import { NO_RETURN_PATH } from './complete-sign-in.ts';
import { findRequestingApp, signInPageContext } from './requesting-app.ts';
import { accountLockedProblem, verifyAccountPassword } from './verify-account-password.ts';

/** Maximum length in characters of a `login_hint`. A longer one is ignored. */
const MAX_HINT_LENGTH = 100;
/**
 * Maximum number of passkey challenges for one network in 15 minutes: enough for the people who share one address, too
 * few for a flood.
 */
const CHALLENGE_LIMIT: SharedRateLimit = { max: 300, window: minutes(15), name: 'challenges' };

type SignInPost = { Body: IdentityFormFields | undefined };

/** Registers `/sign-in` and `/sign-out`, as plain HTML forms. */
export function signInRoutes(app: FastifyInstance, deps: IdentityDeps): void {
  app.get<{ Querystring: { return_to?: unknown; over?: unknown } }>('/sign-in', async (request, reply) => {
    const returnTo = localPath(deps.publicUrl, request.query.return_to);
    const fieldError = request.query.over === 'codes' ? tooManyCodesMessage : undefined;
    return show(request, reply, { returnTo, username: loginHint(deps.publicUrl, returnTo) }, fieldError);
  });

  app.post<SignInPost>('/sign-in', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = localPath(deps.publicUrl, form['return_to']);
    const username = singleValue(form['username']) ?? '';
    const password = singleValue(form['password']) ?? '';
    try {
      deps.cookies.requireCsrf(request, singleValue(form['csrf']));
      const { clientId } = await findRequestingApp(deps, returnTo);
      const { accountId, passwordHash } = await verifyAccountPassword(
        deps,
        request,
        { name: username, password },
        failure(request, clientId),
      );
      const entry = { returnTo, clientId, passwordHash };
      return reply.redirect(await deps.signInCompletion.complete(request, reply, accountId, entry), 303);
    } catch (error) {
      return again(request, reply, { returnTo, username, error });
    }
  });

  app.post<SignInPost>('/sign-in/options', async (request) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const exceeded = await countUse(deps, CHALLENGE_LIMIT, clientNetwork(request.ip));
    if (exceeded !== undefined)
      throw new Problem('too-many-attempts', {
        status: 429,
        message: 'Too many requests. Wait a moment, then try again.',
      });
    return deps.passkeys.authenticationOptions();
  });

  app.post<SignInPost>('/sign-in/passkey', async (request, reply) => {
    const form = request.body ?? {};
    const returnTo = localPath(deps.publicUrl, form['return_to']);
    try {
      deps.cookies.requireCsrf(request, singleValue(form['csrf']));
      const { clientId } = await findRequestingApp(deps, returnTo);
      const accountId = await provenByPasskey(request, singleValue(form['passkey']) ?? '', failure(request, clientId));
      const path = await deps.signInCompletion.complete(request, reply, accountId, {
        returnTo,
        clientId,
        by: 'passkey',
      });
      return reply.redirect(path, 303);
    } catch (error) {
      return again(request, reply, { returnTo, username: '', error, passkey: true });
    }
  });

  app.post<SignInPost>('/sign-out', async (request, reply) => {
    const cookie = deps.cookies.session(request);
    const waiting = deps.cookies.suspendedSession(request);
    let isPatient = false;
    if (cookie !== undefined || waiting !== undefined) {
      deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
      const accountId = cookie === undefined ? undefined : await signOut(request, cookie);
      if (accountId !== undefined) isPatient = (await findAccountProfile(deps.db, accountId))?.kind === 'patient';
      // Signing out also ends a session that was set aside, so that the next user of the browser can't restore it.
      if (waiting?.session !== undefined) await signOut(request, waiting.session);
      deps.cookies.clearSessionAndStorage(reply);
      if (waiting !== undefined) deps.cookies.clearSuspendedSession(reply);
    }
    const pageContext = deps.framing.forOperator(request, NO_RETURN_PATH);
    const { title, text, ofPatient, again } = getMessages(pageContext.language).signIn.signedOut;
    const texts = isPatient ? [ofPatient] : [text];
    return sendHtml(
      reply,
      deps.pages.message({ title, text: texts, links: [{ path: '/sign-in', text: again }] }, pageContext),
    );
  });

  /** @returns the account of the session; undefined if it had ended already */
  async function signOut(request: FastifyRequest, cookie: string): Promise<AccountId | undefined> {
    const accountId = await endSession(deps.db, cookie);
    await deps.audit.append({ kind: 'sign-out', outcome: 'success', requestId: request.id, accountId });
    return accountId;
  }

  const failure =
    (request: FastifyRequest, clientId: ClientId | undefined) =>
    (accountId: AccountId | undefined): Promise<void> =>
      deps.audit.append({ kind: 'sign-in', outcome: 'failure', requestId: request.id, clientId, accountId });

  async function provenByPasskey(
    request: FastifyRequest,
    answer: string,
    failed: (accountId: AccountId | undefined) => Promise<void>,
  ): Promise<AccountId> {
    const { accountId } = await deps.passkeys.verifyAuthentication(answer).catch(async (error: unknown) => {
      request.log.debug({ passkey: 'refused' });
      await failed(undefined);
      throw error;
    });
    const person = await findAccountProfile(deps.db, accountId);
    if (person?.lockedAt === undefined) return accountId;
    await failed(accountId);
    throw accountLockedProblem();
  }

  /** Shows the sign-in form again with the error. The form contains the entered username, but never the password. */
  async function again(
    request: FastifyRequest,
    reply: FastifyReply,
    { error, passkey = false, ...page }: { returnTo: string; username: string; error: unknown; passkey?: boolean },
  ): Promise<FastifyReply> {
    const problem = requireProblem(error);
    if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
    reply.code(problem.status);
    const fieldError = (pageContext: PageContext): string =>
      passkey && problem.status === 401
        ? getMessages(pageContext.language).signIn.errors.passkey
        : signInErrorMessage(problem, pageContext.language);
    return show(request, reply, { ...page, passkey }, fieldError);
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    { returnTo, username, passkey = false }: { returnTo: string; username: string; passkey?: boolean },
    fieldError?: (pageContext: PageContext) => string,
  ): Promise<FastifyReply> {
    const { appName } = await findRequestingApp(deps, returnTo);
    const csrf = deps.cookies.csrf(request, reply);
    const here = `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
    const pageContext = await signInPageContext(deps, request, returnTo, here);
    const errors =
      fieldError === undefined ? [] : [{ field: passkey ? 'main' : 'username', message: fieldError(pageContext) }];
    const page = { returnTo, username, csrf, errors, sandbox: deps.sandbox };
    return sendHtml(reply, deps.pages.signIn({ ...page, ...(appName === undefined ? {} : { appName }) }, pageContext));
  }
}

/** Message for people whose sign-in restarted after too many wrong codes. */
const tooManyCodesMessage = ({ language }: PageContext): string =>
  getMessages(language).signIn.errors.tooManyWrongCodes;

/**
 * Returns the username that the app suggests in `login_hint` (OpenID Connect Core §3.1.2.1). It only fills in the
 * username field.
 */
function loginHint(publicUrl: string, returnTo: string): string {
  const [hint = '', ...others] = new URL(returnTo, publicUrl).searchParams.getAll('login_hint');
  return others.length === 0 && hint.length <= MAX_HINT_LENGTH ? hint : '';
}
