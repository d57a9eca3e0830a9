import type { FastifyInstance } from 'fastify';
import { listStaffPositions } from '../../identity/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { ADMINISTRATION_PATH } from '../administration/administration-page.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { formField } from '../form-fields.ts';
import { practicePath } from '../staff-page.ts';
import { renderStaffHome } from './page.ts';

const isJoined = (query: unknown): boolean => formField(query, 'done') === 'joined';

/**
 * Registers `/practice`, where staff start. Staff of a single practice are redirected to the patients of that practice,
 * and staff of several practices choose one.
 */
export function staffHomeRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get('/practice', async (request, reply) => {
    const session = await deps.signedIn.staff(request);
    if (session.sandboxAdministrator) return reply.redirect('/review', 303);
    const jobs = await listStaffPositions(deps.db, session.accountId);
    const [only, ...others] = jobs;
    if (!session.administrator && only !== undefined && others.length === 0)
      return reply.redirect(practicePath(only.practiceId, 'patients'), 303);
    if (session.administrator && only === undefined) return reply.redirect(ADMINISTRATION_PATH, 303);
    const page = { session, jobs, csrf: deps.cookies.csrf(request, reply), joined: isJoined(request.query) };
    return sendHtml(reply, renderStaffHome(deps.framing.forStaff(request), page));
  });
}
