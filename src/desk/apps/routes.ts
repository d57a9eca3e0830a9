import type { FastifyInstance } from 'fastify';
import { DEFAULT_TIME_ZONE, findSettings } from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { staffAt } from '../roles.ts';
import { seenFrom } from '../seen-from.ts';
import { usedAppsPage } from './page.ts';
import { usedApps } from './store.ts';

/** Registers the page with the apps that patients of a practice use, for its administrators and privacy officers. */
export function usedAppsRoutes(app: FastifyInstance, deps: OfficeDeps): void {
  app.get('/practice/:practiceId/apps', async (request, reply) => {
    const context = await staffAt(deps, request, 'administrator', 'privacy-officer');
    const { practiceId } = context.job;
    const { timeZone = DEFAULT_TIME_ZONE } = (await findSettings(deps.db, practiceId)) ?? {};
    const apps = await usedApps(deps.db, practiceId, deps.clock.now(), seenFrom(context.session));
    const page = { ...context, csrf: deps.cookies.csrf(request, reply), apps, timeZone };
    return reply.type('text/html; charset=utf-8').send(usedAppsPage(deps.framing.forStaff(request), page));
  });
}
