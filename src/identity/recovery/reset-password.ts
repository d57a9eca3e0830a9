import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FormFieldError } from '../../domain/index.ts';
import { getMessages } from '../../i18n/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { type AccountProfile, findAccountProfile } from '../accounts/account-profile.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { passwordErrorMessage, singleValue } from '../forms/form-fields.ts';
import { endLinks, findLink, useLink } from '../links/one-time-links.ts';
import { setPassword } from '../passwords/password.ts';
import { MIN_PASSWORD_LENGTH, validatePassword } from '../passwords/validate-password.ts';
import { endAllSessions } from '../sessions/session.ts';
import { resetCodeLimit } from '../sign-in/code-limit.ts';
import { type LinkPageRequest, linkPath, sendExpiredLinkPage, TOKEN_PARAMETER } from './expired-link.ts';
import { resetRequestLimit } from './forgot-password.ts';

const DONE = '/reset-done';

/**
 * Registers the page that sets a new password with an emailed link. It leaves second factors in place and doesn't sign
 * the person in.
 */
export function passwordResetRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  app.get<LinkPageRequest>(`/reset${TOKEN_PARAMETER}`, async (request, reply) => {
    const person = await findLinkOwner(request.params.token);
    return person === undefined ? sendExpiredLinkPage(deps, request, reply, 'mail') : show(request, reply, person, []);
  });

  app.post<LinkPageRequest>(`/reset${TOKEN_PARAMETER}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const password = singleValue(request.body?.['password']) ?? '';
    const person = await findLinkOwner(request.params.token);
    if (person === undefined) return sendExpiredLinkPage(deps, request, reply, 'mail');
    const { language } = deps.framing.forOperator(request);
    const errors = validatePassword(password, person).map((error) => ({
      field: 'password',
      message: passwordErrorMessage(error, language),
    }));
    if (errors.length > 0) return show(request, reply.code(400), person, errors);
    if (!(await reset(request, person, password))) return sendExpiredLinkPage(deps, request, reply, 'mail');
    return reply.redirect(DONE, 303);
  });

  app.get(DONE, async (request, reply) => {
    const pageContext = deps.framing.forOperator(request);
    const { doneTitle, done, signIn } = getMessages(pageContext.language).signIn.reset;
    const page = { title: doneTitle, text: [done], links: [{ path: '/sign-in', text: signIn }] };
    return sendHtml(reply, deps.pages.message(page, pageContext));
  });

  async function findLinkOwner(token: string): Promise<AccountProfile | undefined> {
    const link = await findLink(deps.db, token, 'reset-password', deps.clock.now());
    return link === undefined ? undefined : findAccountProfile(deps.db, link.accountId);
  }

  /**
   * Sets the new password. One statement checks that the link is valid and uses it up, so of two concurrent requests
   * only one sets a password.
   */
  function reset(
    request: FastifyRequest<LinkPageRequest>,
    { email }: AccountProfile,
    password: string,
  ): Promise<boolean> {
    return deps.db.transaction(async (tx) => {
      const now = deps.clock.now();
      const link = await useLink(tx, request.params.token, 'reset-password', now);
      if (link === undefined) return false;
      const { accountId } = link;
      await setPassword(tx, accountId, password, deps.passwordCost);
      await endAllSessions(tx, accountId);
      await endLinks(tx, accountId, now);
      await resetCodeLimit(tx, accountId);
      if (email !== undefined) await resetRequestLimit(tx, email);
      await changes.recordChange(tx, request, accountId, 'password');
      return true;
    });
  }

  function show(
    request: FastifyRequest<LinkPageRequest>,
    reply: FastifyReply,
    { username }: AccountProfile,
    errors: readonly FormFieldError[],
  ): FastifyReply {
    const pageContext = deps.framing.forOperator(request);
    const { title, forWhom, lead, button } = getMessages(pageContext.language).signIn.reset;
    const csrf = deps.cookies.csrf(request, reply);
    const page = {
      csrf,
      errors,
      action: linkPath(request, 'reset'),
      fields: {},
      minLength: MIN_PASSWORD_LENGTH,
      username,
      title,
      lead: [forWhom(username), lead],
      button,
    };
    return sendHtml(reply, deps.pages.newPassword(page, pageContext));
  }
}
