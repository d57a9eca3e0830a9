import type { FastifyInstance } from 'fastify';
import { addRecentReads } from '../../audit/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findPracticeSettings } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { loadStaffContext } from '../roles.ts';
import { visibleBrowser } from '../shared-account-visibility.ts';
import { renderUsedAppsPage } from './page.ts';
import { listUsedApps } from './store.ts';

/**
 * Registers the page with the apps that patients of a practice use. The page is for the administrators and privacy
 * officers of the practice.
 */
export function usedAppsRoutes(app: FastifyInstance, deps: PracticeAdminDeps): void {
  app.get('/practice/:practiceId/apps', async (request, reply) => {
    const context = await loadStaffContext(deps, request, 'administrator', 'privacy-officer');
    const { practiceId } = context.job;
    const { timeZone = DEFAULT_TIME_ZONE } = (await findPracticeSettings(deps.db, practiceId)) ?? {};
    await addRecentReads(deps.db, deps.clock);
    const used = await listUsedApps(deps.db, practiceId, deps.clock.now(), visibleBrowser(context.session));
    const page = { ...context, csrf: deps.cookies.csrf(request, reply), ...used, timeZone };
    return sendHtml(reply, renderUsedAppsPage(deps.framing.forStaff(request), page));
  });
}
