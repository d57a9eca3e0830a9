import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ownPath } from '../../kernel/index.ts';
import { wordsIn } from '../../words/index.ts';
import type { PeopleDeps } from '../deps.ts';
import { factorsOf } from '../factors/factors.ts';
import { type Form, inWords, problemIn, single } from '../form.ts';
import { findPerson } from '../person.ts';
import { markProved } from '../session.ts';
import { provenByPassword } from '../sign-in/proof.ts';
import { requireChangeable } from '../signed-in.ts';
import { CONFIRM_PATH, SECURITY_PATH } from './paths.ts';
import { frameOfAccount, type SignedInHere, signedInHere } from './place.ts';

type ConfirmQuery = { Querystring: Form };
type Post = { Body: Form | undefined };

/** Asks the signed-in user to authenticate again before a sensitive change (NIST SP 800-63B-4 §5.2). */
export function confirmRoutes(app: FastifyInstance, deps: PeopleDeps): void {
  app.get<ConfirmQuery>(CONFIRM_PATH, async (request, reply) => {
    const session = await requireChangeableSession(request);
    return show(request, reply, session, returnPath(request.query['return_to']));
  });

  app.post<Post>(CONFIRM_PATH, async (request, reply) => {
    const form = request.body ?? {};
    deps.cookies.requireCsrf(request, single(form['csrf']));
    const session = await requireChangeableSession(request);
    const { accountId } = session;
    const name = (await findPerson(deps.db, accountId))?.username ?? '';
    const claimed = { name, password: single(form['password']) ?? '', accountId };
    return confirmWith(request, reply, session, false, () =>
      provenByPassword(deps, request, claimed, () => failed(request, session, 'password')),
    );
  });

  app.post<Post>(`${CONFIRM_PATH}/passkey`, async (request, reply) => {
    const form = request.body ?? {};
    deps.cookies.requireCsrf(request, single(form['csrf']));
    const session = await requireChangeableSession(request);
    return confirmWith(request, reply, session, true, async () => {
      const answer = single(form['passkey']) ?? '';
      await deps.passkeys.verifyUse(answer, session.accountId).catch(async (error: unknown) => {
        await failed(request, session, 'passkey');
        throw error;
      });
    });
  });

  app.post<Post>(`${CONFIRM_PATH}/options`, async (request) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    return deps.passkeys.optionsToUse((await requireChangeableSession(request)).accountId);
  });

  async function requireChangeableSession(request: FastifyRequest): Promise<SignedInHere> {
    const session = await signedInHere(deps, request);
    requireChangeable(session);
    return session;
  }

  const returnPath = (value: unknown): string => {
    const path = ownPath(deps.publicUrl, value);
    return path === '/' ? SECURITY_PATH : path;
  };

  const failed = (request: FastifyRequest, { accountId }: SignedInHere, by: string): Promise<void> => {
    const detail = { action: 'confirm', by };
    return deps.audit.record({ kind: 'factor', outcome: 'failure', requestId: request.id, accountId, detail });
  };

  async function confirmWith(
    request: FastifyRequest<Post>,
    reply: FastifyReply,
    session: SignedInHere,
    passkey: boolean,
    authenticate: () => Promise<unknown>,
  ): Promise<FastifyReply> {
    const returnTo = returnPath(request.body?.['return_to']);
    try {
      await authenticate();
    } catch (error) {
      const problem = problemIn(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      const { faults: errors } = wordsIn((await frameOfAccount(deps, request, session)).language).signIn;
      const wrong = passkey ? errors.passkey : errors.currentPassword;
      reply.code(problem.status === 401 ? 400 : problem.status);
      return show(request, reply, session, returnTo, (language) =>
        problem.status === 401 ? wrong : inWords(problem, language),
      );
    }
    await markProved(deps.db, deps.clock, session.cookie);
    return reply.redirect(returnTo, 303);
  }

  async function show(
    request: FastifyRequest,
    reply: FastifyReply,
    session: SignedInHere,
    returnTo: string,
    fieldError?: (language: 'en' | 'es') => string,
  ): Promise<FastifyReply> {
    const here = `${CONFIRM_PATH}?${new URLSearchParams({ return_to: returnTo })}`;
    const pageContext = await frameOfAccount(deps, request, session, here);
    const factors = await factorsOf(deps.db, session.accountId);
    const password = factors?.password === true;
    const page = {
      csrf: deps.cookies.csrf(request, reply),
      returnTo,
      username: (await findPerson(deps.db, session.accountId))?.username ?? '',
      password,
      passkey: (factors?.passkeys ?? 0) > 0,
      errors:
        fieldError === undefined
          ? []
          : [{ field: password ? 'password' : 'main', message: fieldError(pageContext.language) }],
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.confirm(page, pageContext));
  }
}
