import type { FastifyInstance } from 'fastify';
import { jobsOf } from '../../people/index.ts';
import { ADMINISTRATION } from '../administration/frame.ts';
import type { OfficeDeps } from '../deps.ts';
import { deskPath } from '../frame.ts';
import { staffHomePage } from './page.ts';

/** Registers `/practice`. Staff of a single practice are redirected to its patients; all others choose. */
export function staffHomeRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get('/practice', async (request, reply) => {
    const session = await deps.signedIn.staff(request);
    const jobs = await jobsOf(deps.db, session.accountId);
    const [only, ...others] = jobs;
    if (!session.administrator && only !== undefined && others.length === 0)
      return reply.redirect(deskPath(only.practiceId, 'patients'), 303);
    if (session.administrator && only === undefined) return reply.redirect(ADMINISTRATION, 303);
    const page = { session, jobs, csrf: deps.cookies.csrf(request, reply) };
    return reply.type('text/html; charset=utf-8').send(staffHomePage(deps.framing.forStaff(request), page));
  });
}
