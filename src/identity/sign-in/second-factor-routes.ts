import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError } from '../../domain/index.ts';
import { getMessages, type PageContext } from '../../i18n/index.ts';
import { Problem, sendHtml } from '../../kernel/index.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { useAuthenticatorCode } from '../factors/authenticator.ts';
import { findFactors } from '../factors/factors.ts';
import { hashRecoveryCode, useRecoveryCode } from '../factors/recovery-codes.ts';
import { type IdentityFormFields, requireProblem, signInErrorMessage, singleValue } from '../forms/form-fields.ts';
import { createCodeLimit } from './code-limit.ts';
import type { AuthenticationMethod } from './complete-sign-in.ts';
import {
  findPendingChallenge,
  type PendingChallenge,
  readReturnPath,
  restartSignIn,
  withReturnTo,
} from './pending-challenge.ts';
import { findRequestingApp, signInPageContext } from './requesting-app.ts';

const CODE_PATH = '/sign-in/second-factor';
const RECOVERY_PATH = '/sign-in/recovery-code';

type SecondFactorQuery = { Querystring: { return_to?: unknown } };
type SecondFactorPost = { Body: IdentityFormFields | undefined };
type SecondFactorErrorMessage = (messages: ReturnType<typeof getMessages>['signIn']['errors']) => string;

/** Registers the sign-in pages for the second factor after the password, NIST SP 800-63B-4 §2.2. */
export function secondFactorRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  const limit = createCodeLimit(deps, changes);

  app.get<SecondFactorQuery>(CODE_PATH, async (request, reply) => {
    const returnTo = readReturnPath(deps, request.query.return_to);
    const challenge = await findPendingChallenge(deps, request, 'second-factor');
    return challenge === undefined ? restartSignIn(reply, returnTo) : showCode(request, reply, challenge, returnTo);
  });

  app.post<SecondFactorPost>(CODE_PATH, async (request, reply) => {
    const code = singleValue(request.body?.['code']) ?? '';
    return step(request, reply, 'authenticator-app', async (challenge, again) => {
      if ((await limit.count(request, challenge, 'app')) === 'over') return 'over';
      const verification = await useAuthenticatorCode(deps, challenge.accountId, code, deps.clock.now());
      if (verification === 'right') return 'right';
      if (verification === 'wrong') await limit.countWrong(request, challenge);
      await failed(request, challenge, 'authenticator-app');
      return again((errors) => (verification === 'used' ? errors.codeUsed : errors.code));
    });
  });

  app.get<SecondFactorQuery>(RECOVERY_PATH, async (request, reply) => {
    const returnTo = readReturnPath(deps, request.query.return_to);
    const challenge = await findPendingChallenge(deps, request, 'second-factor');
    return challenge === undefined ? restartSignIn(reply, returnTo) : showRecovery(request, reply, returnTo);
  });

  app.post<SecondFactorPost>(RECOVERY_PATH, async (request, reply) => {
    const code = singleValue(request.body?.['code']) ?? '';
    return step(request, reply, 'recovery-code', async (challenge, again) => {
      if ((await limit.count(request, challenge, 'recovery')) === 'over') return 'over';
      if (await recovered(request, challenge, code)) return 'right';
      await failed(request, challenge, 'recovery-code');
      return again((errors) => errors.recoveryCode);
    });
  });

  app.post<SecondFactorPost>(`${CODE_PATH}/passkey`, async (request, reply) => {
    const answer = singleValue(request.body?.['passkey']) ?? '';
    return step(request, reply, 'passkey', async (challenge, again) => {
      try {
        await deps.passkeys.verifyAuthentication(answer, challenge.accountId);
        return 'right';
      } catch (error) {
        if (requireProblem(error).code !== 'access_denied') throw error;
        await failed(request, challenge, 'passkey');
        return again((errors) => errors.passkey);
      }
    });
  });

  app.post<SecondFactorPost>(`${CODE_PATH}/options`, async (request) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const challenge = await findPendingChallenge(deps, request, 'second-factor');
    if (challenge === undefined) throw new Problem('sign-in-needed', { status: 401, message: 'Sign in first.' });
    return deps.passkeys.authenticationOptions(challenge.accountId);
  });

  type SecondFactorResult = 'right' | 'over' | FastifyReply;
  type SecondFactorAttempt = (
    challenge: PendingChallenge,
    again: (fieldError: SecondFactorErrorMessage, status?: number) => Promise<FastifyReply>,
  ) => Promise<SecondFactorResult>;

  /** Processes one attempt at the second factor. Restarts the sign-in if the pending challenge has ended. */
  async function step(
    request: FastifyRequest,
    reply: FastifyReply,
    by: AuthenticationMethod,
    attempt: SecondFactorAttempt,
  ): Promise<FastifyReply> {
    const returnTo = readReturnPath(deps, (request.body as IdentityFormFields | undefined)?.['return_to']);
    const challenge = await findPendingChallenge(deps, request, 'second-factor');
    if (challenge === undefined) return restartSignIn(reply, returnTo);
    const again = (fieldError: SecondFactorErrorMessage, status = 400) => {
      reply.code(status);
      return by === 'recovery-code'
        ? showRecovery(request, reply, returnTo, fieldError)
        : showCode(request, reply, challenge, returnTo, fieldError, by);
    };
    try {
      deps.cookies.requireCsrf(request, singleValue((request.body as IdentityFormFields | undefined)?.['csrf']));
      const outcome = await attempt(challenge, again);
      if (outcome === 'over') return restartSignIn(reply, returnTo, 'codes');
      if (outcome !== 'right') return outcome;
    } catch (error) {
      const problem = requireProblem(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      return again(() => codeErrorMessage(problem, deps.framing.forOperator(request)), problem.status);
    }
    await limit.reset(challenge);
    const { clientId } = await findRequestingApp(deps, returnTo);
    const entry = { returnTo, by, clientId, halfway: true };
    try {
      return reply.redirect(await deps.signInCompletion.complete(request, reply, challenge.accountId, entry), 303);
    } catch (error) {
      if (requireProblem(error).code !== 'access_denied') throw error;
      return restartSignIn(reply, returnTo);
    }
  }

  /** Uses up a recovery code, records its use in the audit log and informs the account's owner, in one transaction. */
  async function recovered(request: FastifyRequest, { accountId }: PendingChallenge, code: string): Promise<boolean> {
    const hash = await hashRecoveryCode(accountId, code);
    if (hash === undefined) return false;
    return deps.db.transaction(async (tx) => {
      if (!(await useRecoveryCode(tx, accountId, hash, deps.clock.now()))) return false;
      await changes.recordChange(tx, request, accountId, 'code-used');
      return true;
    });
  }

  const failed = (request: FastifyRequest, { accountId }: PendingChallenge, by: AuthenticationMethod): Promise<void> =>
    deps.audit.append({ kind: 'sign-in', outcome: 'failure', requestId: request.id, accountId, detail: { by } });

  async function showCode(
    request: FastifyRequest,
    reply: FastifyReply,
    { accountId }: PendingChallenge,
    returnTo: string,
    fieldError?: SecondFactorErrorMessage,
    by: AuthenticationMethod = 'authenticator-app',
  ): Promise<FastifyReply> {
    const pageContext = await signInPageContext(deps, request, returnTo, withReturnTo(CODE_PATH, returnTo));
    const factors = await findFactors(deps.db, accountId);
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      returnTo,
      hasAuthenticator: factors?.totp === true,
      passkey: (factors?.passkeys ?? 0) > 0,
      recoveryCodes: (factors?.recoveryCodes ?? 0) > 0,
      errors: toFieldErrors(pageContext, by === 'passkey' && factors?.totp !== true ? 'main' : 'code', fieldError),
    };
    return sendHtml(reply, deps.pages.secondFactor(page, pageContext));
  }

  async function showRecovery(
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string,
    fieldError?: SecondFactorErrorMessage,
  ): Promise<FastifyReply> {
    const pageContext = await signInPageContext(deps, request, returnTo, withReturnTo(RECOVERY_PATH, returnTo));
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      action: RECOVERY_PATH,
      fields: { return_to: returnTo },
      back: withReturnTo(CODE_PATH, returnTo),
      errors: toFieldErrors(pageContext, 'code', fieldError),
    };
    return sendHtml(reply, deps.pages.recoveryCode(page, pageContext));
  }
}

/** If a person must wait more than this number of minutes, the page says "for a long time" instead of the number. */
const MAX_DISPLAYED_MINUTES = 60;

const toFieldErrors = (
  pageContext: PageContext,
  field: string,
  error: SecondFactorErrorMessage | undefined,
): readonly FormFieldError[] =>
  error === undefined ? [] : [{ field, message: error(getMessages(pageContext.language).signIn.errors) }];

function codeErrorMessage(problem: Problem, { language }: PageContext): string {
  const { errors } = getMessages(language).signIn;
  if (problem.code !== 'too-many-attempts') return signInErrorMessage(problem, language);
  const minutes = Math.ceil((problem.retryAfter ?? 60) / 60);
  return minutes > MAX_DISPLAYED_MINUTES ? errors.tooManyCodesForLong : errors.tooManyCodes(minutes);
}
