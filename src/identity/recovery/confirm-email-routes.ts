import type { FastifyInstance } from 'fastify';
import { getMessages } from '../../i18n/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { SECURITY_PATH } from '../account-security/paths.ts';
import { isEmailTakenError, setEmail } from '../accounts/email-address.ts';
import type { IdentityDeps } from '../deps.ts';
import type { CredentialChanges } from '../emails/credential-changes.ts';
import { singleValue } from '../forms/form-fields.ts';
import { endLinks, findLink, useLink } from '../links/one-time-links.ts';
import { type LinkPageRequest, linkPath, sendExpiredLinkPage, TOKEN_PARAMETER } from './expired-link.ts';

interface ConfirmedEmail {
  readonly email: string;
  /** True if the account had no confirmed email address before this confirmation. */
  readonly isFirst: boolean;
}

/**
 * Confirms an email address with the link that was emailed to it. The person doesn't have to be signed in, and can open
 * the link in another browser.
 */
export function confirmEmailRoutes(app: FastifyInstance, deps: IdentityDeps, changes: CredentialChanges): void {
  app.get<LinkPageRequest>(`/confirm-email${TOKEN_PARAMETER}`, async (request, reply) => {
    const link = await findLink(deps.db, request.params.token, 'change-email', deps.clock.now());
    if (link?.email === undefined) return sendExpiredLinkPage(deps, request, reply, 'account');
    const pageContext = deps.framing.forOperator(request);
    const { title, lead, button } = getMessages(pageContext.language).signIn.confirmEmail;
    const csrf = deps.cookies.csrf(request, reply);
    const page = {
      csrf,
      errors: [],
      action: linkPath(request, 'confirm-email'),
      fields: {},
      title,
      text: [lead(link.email)],
      button,
    };
    return sendHtml(reply, deps.pages.question(page, pageContext));
  });

  app.post<LinkPageRequest>(`/confirm-email${TOKEN_PARAMETER}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.['csrf']));
    const done = await confirmAddress(request.id, request.params.token);
    if (done === undefined) return sendExpiredLinkPage(deps, request, reply, 'account');
    const pageContext = deps.framing.forOperator(request, SECURITY_PATH);
    const messages = getMessages(pageContext.language).signIn;
    const { doneTitle, firstTitle, done: text, accountLink } = messages.confirmEmail;
    const page = {
      title: done.isFirst ? firstTitle : doneTitle,
      text: [text(done.email)],
      links: [
        { path: SECURITY_PATH, text: accountLink },
        ...(done.isFirst ? [{ path: '/forgot', text: messages.forgotten.title }] : []),
      ],
    };
    return sendHtml(reply, deps.pages.message(page, pageContext));
  });

  /**
   * Stores the address as the account's confirmed address, and informs the old and the new address by email. Returns
   * `undefined` if the link is no longer valid or another account has the address now.
   */
  async function confirmAddress(requestId: string, token: string): Promise<ConfirmedEmail | undefined> {
    return deps.db
      .transaction(async (tx) => {
        const link = await useLink(tx, token, 'change-email', deps.clock.now());
        if (link?.email === undefined) return undefined;
        const { accountId, email } = link;
        const set = await setEmail(tx, accountId, email);
        if (set === 'taken') return undefined;
        // Someone who can still read email at the old address must not be able to set a password with a reset link that
        // was sent there.
        await endLinks(tx, accountId, deps.clock.now(), 'reset-password');
        const isFirst = set.had === undefined;
        for (const to of new Set([set.had ?? email, email]))
          await changes.sendTo(tx, to, accountId, (mail, { kind }) => {
            const values = { email, whom: mail.helpContacts[kind] };
            return isFirst ? mail.emailConfirmed(values) : mail.emailChanged(values);
          });
        const event = { kind: 'account', outcome: 'success', requestId, accountId } as const;
        const action = isFirst ? 'email-confirmed' : 'email-changed';
        await deps.audit.appendInTransaction(tx, { ...event, detail: { action } });
        return { email, isFirst };
      })
      .catch((error: unknown) => {
        if (isEmailTakenError(error)) return undefined;
        throw error;
      });
  }
}
