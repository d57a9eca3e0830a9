import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { FormFieldError } from '../../domain/index.ts';
import { getMessages, type PageContext } from '../../i18n/index.ts';
import { type AccountId, sendHtml } from '../../kernel/index.ts';
import { lockFactors } from '../account-security/lock-factors.ts';
import { overviewPath } from '../account-security/paths.ts';
import { type AccountProfile, findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { removeAuthenticator } from '../factors/authenticator.ts';
import { type Factors, findFactors } from '../factors/factors.ts';
import { removeRecoveryCodes } from '../factors/recovery-codes.ts';
import { passwordErrorMessage, requireProblem, signInErrorMessage, singleValue } from '../forms/form-fields.ts';
import { endLinks, findLink, useLink } from '../links/one-time-links.ts';
import { removePasskeys } from '../passkeys/passkey-store.ts';
import { setPassword } from '../passwords/password.ts';
import { MIN_PASSWORD_LENGTH, validatePassword } from '../passwords/validate-password.ts';
import { endAllSessions } from '../sessions/session.ts';
import { resetCodeLimit } from '../sign-in/code-limit.ts';
import { accountLockedProblem, verifyAccountPassword } from '../sign-in/verify-account-password.ts';
import { type LinkPageRequest, linkPath, sendExpiredLinkPage, TOKEN_PARAMETER } from './expired-link.ts';

interface RecoverySubject {
  readonly person: AccountProfile;
  readonly factors: Factors;
}

/**
 * Registers the MFA reset page, which opens with a link that a practice gives to a person who lost their second factor.
 * The link is one of two proofs, and the password is the other. If the account has no password, the practice has
 * verified the person's identity and the person chooses a password here.
 */
export function mfaResetRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  app.get<LinkPageRequest>(`/recover${TOKEN_PARAMETER}`, async (request, reply) => {
    const subject = await find(request.params.token);
    return subject === undefined
      ? sendExpiredLinkPage(deps, request, reply, 'practice')
      : show(request, reply, subject, []);
  });

  app.post<LinkPageRequest>(`/recover${TOKEN_PARAMETER}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const subject = await find(request.params.token);
    if (subject === undefined) return sendExpiredLinkPage(deps, request, reply, 'practice');
    const password = singleValue(request.body?.['password']) ?? '';
    const errors = await checkPassword(request, reply, subject, password);
    if (errors.length > 0) return show(request, reply, subject, errors);
    const newPassword = subject.factors.password ? undefined : password;
    if (!(await recover(request, request.params.token, newPassword)))
      return sendExpiredLinkPage(deps, request, reply, 'practice');
    const { accountId, kind } = subject.person;
    const returnTo = kind === 'staff' ? '/' : overviewPath('set-up-anew');
    return reply.redirect(await deps.signInCompletion.complete(request, reply, accountId, { returnTo }), 303);
  });

  async function find(token: string): Promise<RecoverySubject | undefined> {
    const link = await findLink(deps.db, token, 'lost-factor', deps.clock.now());
    if (link === undefined) return undefined;
    const [person, factors] = [
      await findAccountProfile(deps.db, link.accountId),
      await findFactors(deps.db, link.accountId),
    ];
    return person === undefined || factors === undefined ? undefined : { person, factors };
  }

  /**
   * Checks the entered password. If the account has a password, the entered one must equal it; otherwise it is a new
   * password that must meet the rules. If the password is rejected, sets the HTTP status of the reply and returns the
   * errors to show in the form.
   */
  async function checkPassword(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, factors }: RecoverySubject,
    password: string,
  ): Promise<readonly FormFieldError[]> {
    const { language } = deps.framing.forOperator(request);
    if (!factors.password) {
      if (person.lockedAt !== undefined) {
        reply.code(403);
        return [{ field: 'password', message: signInErrorMessage(accountLockedProblem(), language) }];
      }
      reply.code(400);
      return validatePassword(password, person).map((fieldError) => ({
        field: 'password',
        message: passwordErrorMessage(fieldError, language),
      }));
    }
    const { accountId, username } = person;
    const detail = { action: 'recover' };
    const failed = () =>
      deps.audit.append({ kind: 'factor', outcome: 'failure', requestId: request.id, accountId, detail });
    try {
      await verifyAccountPassword(deps, request, { name: username, password, accountId }, failed);
      return [];
    } catch (error) {
      const problem = requireProblem(error);
      if (problem.retryAfter !== undefined) reply.header('retry-after', problem.retryAfter);
      reply.code(problem.status === 401 ? 400 : problem.status);
      const wrong = getMessages(language).signIn.errors.currentPassword;
      return [{ field: 'password', message: problem.status === 401 ? wrong : signInErrorMessage(problem, language) }];
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
      await endAllSessions(tx, link.accountId);
      await endLinks(tx, link.accountId, now);
      await changes.recordChange(tx, request, link.accountId, 'factors-removed');
      return true;
    });
  }

  function show(
    request: FastifyRequest<LinkPageRequest>,
    reply: FastifyReply,
    { person, factors }: RecoverySubject,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const pageContext = deps.framing.forOperator(request);
    const csrf = deps.cookies.csrf(request, reply);
    const page = {
      csrf,
      errors,
      action: linkPath(request, 'recover'),
      fields: {},
      minLength: MIN_PASSWORD_LENGTH,
      username: person.username,
      removed: removedFactorNames(factors, pageContext),
    };
    const html = deps.pages.resetMfa({ ...page, hasPassword: factors.password }, pageContext);
    return sendHtml(reply, html);
  }
}

async function removeFactors(tx: Executor, accountId: AccountId): Promise<void> {
  await removeAuthenticator(tx, accountId);
  await removePasskeys(tx, accountId);
  await removeRecoveryCodes(tx, accountId);
  await resetCodeLimit(tx, accountId);
}

function removedFactorNames({ totp, passkeys, recoveryCodes }: Factors, { language }: PageContext): readonly string[] {
  const { app, passkeys: named, codes, nothing } = getMessages(language).signIn.resetMfa;
  const removed = [
    ...(totp ? [app] : []),
    ...(passkeys > 0 ? [named(passkeys)] : []),
    ...(recoveryCodes > 0 ? [codes] : []),
  ];
  return removed.length === 0 ? [nothing] : removed;
}
