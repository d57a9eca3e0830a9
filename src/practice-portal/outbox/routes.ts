import type { FastifyInstance } from 'fastify';
import { sendHtml } from '../../kernel/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { isLocalRequest } from './local-request.ts';
import { OUTBOX_PATH, renderOutboxPage } from './page.ts';

const MAX_MESSAGES = 100;

/**
 * Registers `/outbox`, the page that lists the latest emails. The text of the emails in the outbox contains valid
 * links, so the page is only for administrators and for requests from this machine. Everyone else gets 404.
 */
export function outboxRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get(OUTBOX_PATH, async (request, reply) => {
    const session = await deps.signedIn.current(request);
    const isAdministrator = session?.administrator === true;
    if (!isAdministrator && !isLocalRequest(request, deps.publicUrl)) throw notFound();
    const pageContext = deps.framing.forStaff(request);
    const mails = await deps.post.listLatest(deps.db, MAX_MESSAGES);
    // The view is recorded in the audit log before the response is sent, because the reader could use the links.
    await deps.audit.append({
      kind: 'outbox',
      outcome: 'success',
      requestId: request.id,
      accountId: session?.accountId,
      detail: { by: isAdministrator ? 'administrator' : 'this machine', mails: mails.length },
    });
    const administrator = isAdministrator ? { session, csrf: deps.cookies.csrf(request, reply) } : undefined;
    const page = { mails, limit: MAX_MESSAGES, publicUrl: deps.publicUrl, administrator };
    return sendHtml(reply, renderOutboxPage(pageContext, page));
  });
}
