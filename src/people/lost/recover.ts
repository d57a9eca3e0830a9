import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { type Frame, wordsIn } from '../../words/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { type Factors, factorsOf } from '../factors/factors.ts';
import { removeCodes } from '../factors/recovery-codes.ts';
import { inWords, passwordFaultInWords, problemIn, single } from '../form.ts';
import { endLinksOf, findLink, useLink } from '../links/store.ts';
import { removePasskeys } from '../passkeys/store.ts';
import { setPassword } from '../password.ts';
import { passwordFaults, SHORTEST_PASSWORD } from '../password-faults.ts';
import { findPerson, type Person } from '../person.ts';
import type { FieldFault } from '../ports.ts';
import { lockFactors } from '../security/lock-factors.ts';
import { doneAt } from '../security/paths.ts';
import { endSessionsOf } from '../session.ts';
import { forgetCodes } from '../sign-in/code-limit.ts';
import { lockedProblem, provenByPassword } from '../sign-in/proof.ts';
import { LINK, type LinkRequest, linkOver, linkPath } from './link-over.ts';

interface RecoverySubject {
  readonly person: Person;
  readonly factors: Factors;
}

/**
 * The MFA reset link that a practice gives to a person who lost their second factor. It is one of two proofs. The other
 * is the password; if the account has none, the practice has verified the person's identity, and they choose a password
 * now.
 */
export function recoverRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  app.get<LinkRequest>(`/recover${LINK}`, async (request, reply) => {
    const subject = await find(request.params.token);
    return subject === undefined ? linkOver(deps, request, reply, 'practice') : show(request, reply, subject, []);
  });

  app.post<LinkRequest>(`/recover${LINK}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const subject = await find(request.params.token);
    if (subject === undefined) return linkOver(deps, request, reply, 'practice');
    const password = single(request.body?.['password']) ?? '';
    const errors = await checkPassword(request, reply, subject, password);
    if (errors.length > 0) return show(request, reply, subject, errors);
    const newPassword = subject.factors.password ? undefined : password;
    if (!(await recover(request, request.params.token, newPassword))) return linkOver(deps, request, reply, 'practice');
    const { accountId, kind } = subject.person;
    const returnTo = kind === 'staff' ? '/' : doneAt('set-up-anew');
    return reply.redirect(await deps.entrance.enter(request, reply, accountId, { returnTo }), 303);
  });

  async function find(token: string): Promise<RecoverySubject | undefined> {
    const link = await findLink(deps.db, token, 'lost-factor', deps.clock.now());
    if (link === undefined) return undefined;
    const [person, factors] = [await findPerson(deps.db, link.accountId), await factorsOf(deps.db, link.accountId)];
    return person === undefined || factors === undefined ? undefined : { person, factors };
  }

  /**
   * Validates the entered password: the current one if the account has one, otherwise the rules for a new one. Sets the
   * reply's status for a rejection.
   */
  async function checkPassword(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, factors }: RecoverySubject,
    password: string,
  ): Promise<readonly FieldFault[]> {
    const { language } = deps.framing.plain(request);
    if (!factors.password) {
      if (person.lockedAt !== undefined) {
        reply.code(403);
        return [{ field: 'password', message: inWords(lockedProblem(), language) }];
      }
      reply.code(400);
      return passwordFaults(password, person).map((fieldError) => ({
        field: 'password',
        message: passwordFaultInWords(fieldError, language),
      }));
    }
    const { accountId, username } = person;
    const detail = { action: 'recover' };
    const failed = () =>
      deps.audit.record({ kind: 'factor', outcome: 'failure', requestId: request.id, accountId, detail });
    try {
      await provenByPassword(deps, request, { name: username, password, accountId }, failed);
      return [];
    } catch (error) {
      const problem = problemIn(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      reply.code(problem.status === 401 ? 400 : problem.status);
      const wrong = wordsIn(language).signIn.faults.currentPassword;
      return [{ field: 'password', message: problem.status === 401 ? wrong : inWords(problem, language) }];
    }
  }

  function recover(request: FastifyRequest, token: string, newPassword: string | undefined): Promise<boolean> {
    return deps.db.transaction(async (tx) => {
      const now = deps.clock.now();
      const link = await useLink(tx, token, 'lost-factor', now);
      if (link === undefined) return false;
      await lockFactors(tx, link.accountId);
      await removeFactors(tx, link.accountId);
      if (newPassword !== undefined) await setPassword(tx, link.accountId, newPassword, deps.passwordCost);
      await endSessionsOf(tx, link.accountId);
      await endLinksOf(tx, link.accountId, now);
      await changes.changed(tx, request, link.accountId, 'factors-removed');
      return true;
    });
  }

  function show(
    request: FastifyRequest<LinkRequest>,
    reply: FastifyReply,
    { person, factors }: RecoverySubject,
    errors: readonly FieldFault[],
  ): FastifyReply {
    const pageContext = deps.framing.plain(request);
    const csrf = deps.cookies.csrf(request, reply);
    const page = {
      csrf,
      errors,
      action: linkPath(request, 'recover'),
      fields: {},
      minLength: SHORTEST_PASSWORD,
      username: person.username,
      removed: removedOf(factors, pageContext),
    };
    const html = deps.pages.recover({ ...page, hasPassword: factors.password }, pageContext);
    return reply.type('text/html; charset=utf-8').send(html);
  }
}

async function removeFactors(tx: Executor, accountId: AccountId): Promise<void> {
  await removeAuthenticator(tx, accountId);
  await removePasskeys(tx, accountId);
  await removeCodes(tx, accountId);
  await forgetCodes(tx, accountId);
}

function removedOf({ totp, passkeys, recoveryCodes }: Factors, { language }: Frame): readonly string[] {
  const { app, passkeys: named, codes, nothing } = wordsIn(language).signIn.recover;
  const removed = [
    ...(totp ? [app] : []),
    ...(passkeys > 0 ? [named(passkeys)] : []),
    ...(recoveryCodes > 0 ? [codes] : []),
  ];
  return removed.length === 0 ? [nothing] : removed;
}
