import type { FastifyInstance } from 'fastify';
import { latestMail } from '../../mail/index.ts';
import { ADMINISTRATION } from '../administration/frame.ts';
import type { OfficeDeps } from '../deps.ts';
import { notFound } from '../roles.ts';
import { isAtHome } from './at-home.ts';
import { outboxPage } from './page.ts';

const MOST = 100;

/** `/outbox`: mail that was kept or sent. It holds links that are good: for administrators, and at home; to others it is not there. */
export function outboxRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get('/outbox', async (request, reply) => {
    const session = await deps.signedIn.current(request);
    const isAdministrator = session?.administrator === true;
    if (!isAdministrator && !isAtHome(request, deps.publicUrl)) throw notFound();
    const back = isAdministrator ? { path: ADMINISTRATION, text: 'Administration' } : { path: '/', text: 'Home' };
    const mails = await latestMail(deps.db, MOST);
    // Before the answer leaves: whoever reads these could use what they lead to.
    await deps.audit.record({
      kind: 'outbox',
      outcome: 'success',
      requestId: request.id,
      accountId: session?.accountId,
      detail: { by: isAdministrator ? 'administrator' : 'this machine', mails: mails.length },
    });
    const page = { mails, most: MOST, publicUrl: deps.publicUrl, back };
    return reply.type('text/html; charset=utf-8').send(outboxPage(deps.framing.forStaff(request), page));
  });
}
