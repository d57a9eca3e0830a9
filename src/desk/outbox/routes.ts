import type { FastifyInstance } from 'fastify';
import { latestMail } from '../../mail/index.ts';
import { ADMINISTRATION } from '../administration/frame.ts';
import type { OfficeDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { isAtHome } from './at-home.ts';
import { outboxPage } from './page.ts';

const MOST = 100;

/**
 * Registers `/outbox` with sent and stored email. Because messages contain valid links, the page is only for
 * administrators and for requests from this machine; everyone else gets 404.
 */
export function outboxRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get('/outbox', async (request, reply) => {
    const session = await deps.signedIn.current(request);
    const isAdministrator = session?.administrator === true;
    if (!isAdministrator && !isAtHome(request, deps.publicUrl)) throw notFound();
    const backLink = isAdministrator ? { path: ADMINISTRATION, text: 'Administration' } : { path: '/', text: 'Home' };
    const mails = await latestMail(deps.db, MOST);
    // The view is recorded before the response is sent, because a reader could use the links.
    await deps.audit.record({
      kind: 'outbox',
      outcome: 'success',
      requestId: request.id,
      accountId: session?.accountId,
      detail: { by: isAdministrator ? 'administrator' : 'this machine', mails: mails.length },
    });
    const page = { mails, most: MOST, publicUrl: deps.publicUrl, back: backLink };
    return reply.type('text/html; charset=utf-8').send(outboxPage(deps.framing.forStaff(request), page));
  });
}
