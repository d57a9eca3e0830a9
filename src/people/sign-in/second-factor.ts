import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import type { Proof } from '../entrance.ts';
import { takeCode } from '../factors/authenticator.ts';
import { factorsOf } from '../factors/factors.ts';
import { recoveryHash, useRecoveryCode } from '../factors/recovery-codes.ts';
import { type Form, inWords, problemIn, single } from '../form.ts';
import type { FieldFault } from '../ports.ts';
import { openCodeLimit } from './code-limit.ts';
import { anew, type Halfway, halfwayOf, onTo, wanted } from './halfway.ts';
import { appOf, frameOf } from './sent-by.ts';

const CODE = '/sign-in/second-factor';
const RECOVERY = '/sign-in/recovery-code';

type SecondFactorQuery = { Querystring: { return_to?: unknown } };
type Post = { Body: Form | undefined };
type FaultOf = (messages: ReturnType<typeof wordsIn>['signIn']['faults']) => string;

/** Registers the step after the password, NIST SP 800-63B-4 §2.2. */
export function secondFactorRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  const limit = openCodeLimit(deps, changes);

  app.get<SecondFactorQuery>(CODE, async (request, reply) => {
    const returnTo = wanted(deps, request.query.return_to);
    const challenge = await halfwayOf(deps, request, 'second-factor');
    return challenge === undefined ? anew(reply, returnTo) : showCode(request, reply, challenge, returnTo);
  });

  app.post<Post>(CODE, async (request, reply) => {
    const code = single(request.body?.['code']) ?? '';
    return step(request, reply, 'authenticator-app', async (challenge, again) => {
      if ((await limit.count(request, challenge, 'app')) === 'over') return 'over';
      const taken = await takeCode(deps.db, challenge.accountId, code, deps.clock.now());
      if (taken === 'right') return 'right';
      if (taken === 'wrong') await limit.wrong(request, challenge);
      await failed(request, challenge, 'authenticator-app');
      return again((errors) => (taken === 'used' ? errors.codeUsed : errors.code));
    });
  });

  app.get<SecondFactorQuery>(RECOVERY, async (request, reply) => {
    const returnTo = wanted(deps, request.query.return_to);
    const challenge = await halfwayOf(deps, request, 'second-factor');
    return challenge === undefined ? anew(reply, returnTo) : showRecovery(request, reply, returnTo);
  });

  app.post<Post>(RECOVERY, async (request, reply) => {
    const code = single(request.body?.['code']) ?? '';
    return step(request, reply, 'recovery-code', async (challenge, again) => {
      if ((await limit.count(request, challenge, 'recovery')) === 'over') return 'over';
      if (await recovered(request, challenge, code)) return 'right';
      await failed(request, challenge, 'recovery-code');
      return again((errors) => errors.recoveryCode);
    });
  });

  app.post<Post>(`${CODE}/passkey`, async (request, reply) => {
    const answer = single(request.body?.['passkey']) ?? '';
    return step(request, reply, 'passkey', async (challenge, again) => {
      try {
        await deps.passkeys.verifyUse(answer, challenge.accountId);
        return 'right';
      } catch (error) {
        if (problemIn(error).code !== 'access_denied') throw error;
        await failed(request, challenge, 'passkey');
        return again((errors) => errors.passkey);
      }
    });
  });

  app.post<Post>(`${CODE}/options`, async (request) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const challenge = await halfwayOf(deps, request, 'second-factor');
    if (challenge === undefined) throw new Problem('sign-in-needed', { status: 401, message: 'Sign in first.' });
    return deps.passkeys.optionsToUse(challenge.accountId);
  });

  type SecondFactorResult = 'right' | 'over' | FastifyReply;
  type SecondFactorAttempt = (
    challenge: Halfway,
    again: (fieldError: FaultOf, status?: number) => Promise<FastifyReply>,
  ) => Promise<SecondFactorResult>;

  /** Runs one attempt at the second factor. If the pending challenge has ended, sign-in starts again. */
  async function step(
    request: FastifyRequest,
    reply: FastifyReply,
    by: Proof,
    attempt: SecondFactorAttempt,
  ): Promise<FastifyReply> {
    const returnTo = wanted(deps, (request.body as Form | undefined)?.['return_to']);
    const challenge = await halfwayOf(deps, request, 'second-factor');
    if (challenge === undefined) return anew(reply, returnTo);
    const again = (fieldError: FaultOf, status = 400) => {
      reply.code(status);
      return by === 'recovery-code'
        ? showRecovery(request, reply, returnTo, fieldError)
        : showCode(request, reply, challenge, returnTo, fieldError, by);
    };
    try {
      deps.cookies.requireCsrf(request, single((request.body as Form | undefined)?.['csrf']));
      const outcome = await attempt(challenge, again);
      if (outcome === 'over') return anew(reply, returnTo, 'codes');
      if (outcome !== 'right') return outcome;
    } catch (error) {
      const problem = problemIn(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      return again(() => codeProblem(problem, deps.framing.plain(request)), problem.status);
    }
    await limit.forgive(challenge);
    const { clientId } = await appOf(deps, returnTo);
    const entry = { returnTo, by, clientId, halfway: true };
    try {
      return reply.redirect(await deps.entrance.enter(request, reply, challenge.accountId, entry), 303);
    } catch (error) {
      if (problemIn(error).code !== 'access_denied') throw error;
      return anew(reply, returnTo);
    }
  }

  /** Uses up a recovery code, records it and informs the account's owner, in one transaction. */
  async function recovered(request: FastifyRequest, { accountId }: Halfway, code: string): Promise<boolean> {
    const hash = await recoveryHash(accountId, code);
    if (hash === undefined) return false;
    return deps.db.transaction(async (tx) => {
      if (!(await useRecoveryCode(tx, accountId, hash, deps.clock.now()))) return false;
      await changes.changed(tx, request, accountId, 'code-used');
      return true;
    });
  }

  const failed = (request: FastifyRequest, { accountId }: Halfway, by: Proof): Promise<void> =>
    deps.audit.record({ kind: 'sign-in', outcome: 'failure', requestId: request.id, accountId, detail: { by } });

  async function showCode(
    request: FastifyRequest,
    reply: FastifyReply,
    { accountId }: Halfway,
    returnTo: string,
    fieldError?: FaultOf,
    by: Proof = 'authenticator-app',
  ): Promise<FastifyReply> {
    const pageContext = await frameOf(deps, request, returnTo, onTo(CODE, returnTo));
    const factors = await factorsOf(deps.db, accountId);
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      returnTo,
      hasAuthenticator: factors?.totp === true,
      passkey: (factors?.passkeys ?? 0) > 0,
      recoveryCodes: (factors?.recoveryCodes ?? 0) > 0,
      errors: faultsOf(pageContext, by === 'passkey' && factors?.totp !== true ? 'main' : 'code', fieldError),
    };
    return reply.type(HTML).send(deps.pages.secondFactor(page, pageContext));
  }

  async function showRecovery(
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string,
    fieldError?: FaultOf,
  ): Promise<FastifyReply> {
    const pageContext = await frameOf(deps, request, returnTo, onTo(RECOVERY, returnTo));
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      action: RECOVERY,
      fields: { return_to: returnTo },
      back: onTo(CODE, returnTo),
      errors: faultsOf(pageContext, 'code', fieldError),
    };
    return reply.type(HTML).send(deps.pages.recoveryCode(page, pageContext));
  }
}

const HTML = 'text/html; charset=utf-8';
/** Minutes of waiting beyond which the page says "for a long time" instead of a number. */
const LONG = 60;

const faultsOf = (pageContext: Frame, field: string, error: FaultOf | undefined): readonly FieldFault[] =>
  error === undefined ? [] : [{ field, message: error(wordsIn(pageContext.language).signIn.faults) }];

function codeProblem(problem: Problem, { language }: Frame): string {
  const { faults: errors } = wordsIn(language).signIn;
  if (problem.code !== 'too-many-attempts') return inWords(problem, language);
  const minutes = Math.ceil((problem.retryAfter ?? 60) / 60);
  return minutes > LONG ? errors.tooManyCodesForLong : errors.tooManyCodes(minutes);
}
