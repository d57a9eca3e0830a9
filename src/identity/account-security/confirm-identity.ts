import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { getMessages } from '../../i18n/index.ts';
import { localPath, Problem, sendHtml } from '../../kernel/index.ts';
import { findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { useAuthenticatorCode } from '../factors/authenticator.ts';
import { type Factors, findFactors, hasSecondFactor } from '../factors/factors.ts';
import { type IdentityFormFields, requireProblem, signInErrorMessage, singleValue } from '../forms/form-fields.ts';
import { renewSession } from '../sessions/session.ts';
import { requireChangeableAccount } from '../sessions/session-guard.ts';
import { createCodeLimit } from '../sign-in/code-limit.ts';
import { restartSignIn } from '../sign-in/pending-challenge.ts';
import { verifyAccountPassword } from '../sign-in/verify-account-password.ts';
import { accountPageContext, type CurrentSession, requireSession } from './page-guards.ts';
import { CONFIRM_PATH, SECURITY_PATH } from './paths.ts';

type ConfirmQuery = { Querystring: IdentityFormFields };
type ConfirmPost = { Body: IdentityFormFields | undefined };

/**
 * Registers the page on which a signed-in user authenticates again before a sensitive change (NIST SP 800-63B-4 §5.2).
 * Staff and administrators confirm with their second factor: someone who got hold of a session and of the password must
 * not be able to invite administrators or approve actions.
 */
export function confirmIdentityRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  const limit = createCodeLimit(deps, changes);

  app.get<ConfirmQuery>(CONFIRM_PATH, async (request, reply) => {
    const session = await requireChangeableSession(request);
    return show(request, reply, session, returnPath(request.query['return_to']));
  });

  app.post<ConfirmPost>(CONFIRM_PATH, async (request, reply) => {
    const form = request.body ?? {};
    deps.cookies.requireCsrf(request, singleValue(form['csrf']));
    const session = await submittedSession(request, reply);
    if (session === undefined) return reply;
    const { accountId } = session;
    if (needsSecondFactor(await findFactors(deps.db, accountId)))
      return confirmWithCode(request, reply, session, singleValue(form['code']) ?? '');
    const name = (await findAccountProfile(deps.db, accountId))?.username ?? '';
    const claimed = { name, password: singleValue(form['password']) ?? '', accountId };
    return confirmWith(request, reply, session, 'currentPassword', () =>
      verifyAccountPassword(deps, request, claimed, () => failed(request, session, 'password')),
    );
  });

  app.post<ConfirmPost>(`${CONFIRM_PATH}/passkey`, async (request, reply) => {
    const form = request.body ?? {};
    deps.cookies.requireCsrf(request, singleValue(form['csrf']));
    const session = await submittedSession(request, reply);
    if (session === undefined) return reply;
    return confirmWith(request, reply, session, 'passkey', async () => {
      const answer = singleValue(form['passkey']) ?? '';
      await deps.passkeys.verifyAuthentication(answer, session.accountId).catch(async (error: unknown) => {
        await failed(request, session, 'passkey');
        throw error;
      });
    });
  });

  app.post<ConfirmPost>(`${CONFIRM_PATH}/options`, async (request) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    return deps.passkeys.authenticationOptions((await requireChangeableSession(request)).accountId);
  });

  async function requireChangeableSession(request: FastifyRequest): Promise<CurrentSession> {
    const session = await requireSession(deps, request);
    requireChangeableAccount(session);
    return session;
  }

  /**
   * Returns the session of a submitted form. If there is none, leads on to the requested page: a form that is submitted
   * twice has the old cookie the second time, and the browser has the new one by then.
   */
  async function submittedSession(
    request: FastifyRequest<ConfirmPost>,
    reply: FastifyReply,
  ): Promise<CurrentSession | undefined> {
    try {
      return await requireChangeableSession(request);
    } catch (error) {
      if (requireProblem(error).code !== 'sign-in-needed') throw error;
      reply.redirect(returnPath(request.body?.['return_to']), 303);
      return undefined;
    }
  }

  /** Confirms with a code of the authenticator app. Too many wrong codes end the session, as they end a sign-in. */
  function confirmWithCode(
    request: FastifyRequest<ConfirmPost>,
    reply: FastifyReply,
    session: CurrentSession,
    code: string,
  ): Promise<FastifyReply> {
    return confirmWith(request, reply, session, 'code', async () => {
      if ((await limit.count(request, session, 'app')) === 'over') return 'over';
      const verification = await useAuthenticatorCode(deps, session.accountId, code, deps.clock.now());
      if (verification === 'right') return limit.reset(session);
      if (verification === 'wrong') await limit.countWrong(request, session);
      await failed(request, session, 'authenticator-app');
      throw new Problem('access_denied', { status: 401, message: 'This code is wrong or was used.' });
    });
  }

  const returnPath = (value: unknown): string => {
    const path = localPath(deps.publicUrl, value);
    return path === '/' ? SECURITY_PATH : path;
  };

  const failed = (request: FastifyRequest, { accountId }: CurrentSession, by: string): Promise<void> => {
    const detail = { action: 'confirm', by };
    return deps.audit.append({ kind: 'factor', outcome: 'failure', requestId: request.id, accountId, detail });
  };

  async function confirmWith(
    request: FastifyRequest<ConfirmPost>,
    reply: FastifyReply,
    session: CurrentSession,
    wrong: 'currentPassword' | 'passkey' | 'code',
    authenticate: () => Promise<unknown>,
  ): Promise<FastifyReply> {
    const returnTo = returnPath(request.body?.['return_to']);
    try {
      if ((await authenticate()) === 'over') return restartSignIn(reply, returnTo, 'codes');
    } catch (error) {
      const problem = requireProblem(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      const { errors } = getMessages((await accountPageContext(deps, { request, reply }, session)).language).signIn;
      reply.code(problem.status === 401 ? 400 : problem.status);
      return show(request, reply, session, returnTo, (language) =>
        problem.status === 401 ? errors[wrong] : signInErrorMessage(problem, language),
      );
    }
    const cookie = await renewSession(deps.db, deps, session.cookie);
    if (cookie !== undefined) deps.cookies.setSession(reply, cookie);
    return reply.redirect(returnTo, 303);
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    session: CurrentSession,
    returnTo: string,
    fieldError?: (language: 'en' | 'es') => string,
  ): Promise<FastifyReply> {
    const here = `${CONFIRM_PATH}?${new URLSearchParams({ return_to: returnTo })}`;
    const pageContext = await accountPageContext(deps, { request, reply }, session, here);
    const factors = await findFactors(deps.db, session.accountId);
    const code = needsSecondFactor(factors) && factors?.totp === true;
    const password = factors?.password === true && !needsSecondFactor(factors);
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      returnTo,
      username: (await findAccountProfile(deps.db, session.accountId))?.username ?? '',
      password,
      code,
      passkey: (factors?.passkeys ?? 0) > 0,
      errors:
        fieldError === undefined
          ? []
          : [{ field: code ? 'code' : password ? 'password' : 'main', message: fieldError(pageContext.language) }],
    };
    return sendHtml(reply, deps.pages.confirm(page, pageContext));
  }
}

/** Tells whether an account confirms with its second factor. Staff can't sign in without one either. */
const needsSecondFactor = (factors: Factors | undefined): boolean =>
  factors?.kind === 'staff' && hasSecondFactor(factors);
