import type { FastifyInstance } from 'fastify';
import { wordsIn } from '../../words/index.ts';
import type { Changes } from '../changes.ts';
import type { PeopleDeps } from '../deps.ts';
import { isTaken, setEmail } from '../email-address.ts';
import { single } from '../form.ts';
import { endLinksOf, findLink, useLink } from '../links/store.ts';
import { SECURITY_PATH } from '../security/paths.ts';
import { LINK, type LinkRequest, linkOver, linkPath } from './link-over.ts';

interface Confirmed {
  readonly email: string;
  /** The account had no confirmed address before. */
  readonly isFirst: boolean;
}

/**
 * Confirms an email address with the link that was sent to it. Works without being signed in, for example in another
 * browser.
 */
export function confirmEmailRoutes(app: FastifyInstance, deps: PeopleDeps, changes: Changes): void {
  app.get<LinkRequest>(`/confirm-email${LINK}`, async (request, reply) => {
    const link = await findLink(deps.db, request.params.token, 'change-email', deps.clock.now());
    if (link?.email === undefined) return linkOver(deps, request, reply, 'account');
    const pageContext = deps.framing.plain(request);
    const { title, lead, button } = wordsIn(pageContext.language).signIn.confirmEmail;
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
    return reply.type('text/html; charset=utf-8').send(deps.pages.question(page, pageContext));
  });

  app.post<LinkRequest>(`/confirm-email${LINK}`, async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.['csrf']));
    const done = await confirmAddress(request.id, request.params.token);
    if (done === undefined) return linkOver(deps, request, reply, 'account');
    const pageContext = deps.framing.plain(request, SECURITY_PATH);
    const messages = wordsIn(pageContext.language).signIn;
    const { doneTitle, firstTitle, done: text, go } = messages.confirmEmail;
    const page = {
      title: done.isFirst ? firstTitle : doneTitle,
      text: [text(done.email)],
      links: [
        { path: SECURITY_PATH, text: go },
        ...(done.isFirst ? [{ path: '/forgot', text: messages.forgotten.title }] : []),
      ],
    };
    return reply.type('text/html; charset=utf-8').send(deps.pages.message(page, pageContext));
  });

  /**
   * Sets the address and emails the old and the new one. Returns `undefined` if the link is no longer valid, or another
   * account has the address by now.
   */
  async function confirmAddress(requestId: string, token: string): Promise<Confirmed | undefined> {
    return deps.db
      .transaction(async (tx) => {
        const link = await useLink(tx, token, 'change-email', deps.clock.now());
        if (link?.email === undefined) return undefined;
        const { accountId, email } = link;
        const set = await setEmail(tx, accountId, email);
        if (set === 'taken') return undefined;
        // Someone who still reads the old address's email must not be able to set a password with a link sent there.
        await endLinksOf(tx, accountId, deps.clock.now(), 'reset-password');
        const isFirst = set.had === undefined;
        for (const to of new Set([set.had ?? email, email]))
          await changes.tellAt(tx, to, accountId, (mail, { kind }) => {
            const values = { email, whom: mail.whom[kind] };
            return isFirst ? mail.emailConfirmed(values) : mail.emailChanged(values);
          });
        const event = { kind: 'account', outcome: 'success', requestId, accountId } as const;
        const action = isFirst ? 'email-confirmed' : 'email-changed';
        await deps.audit.recordWithin(tx, { ...event, detail: { action } });
        return { email, isFirst };
      })
      .catch((error: unknown) => {
        if (isTaken(error)) return undefined;
        throw error;
      });
  }
}
