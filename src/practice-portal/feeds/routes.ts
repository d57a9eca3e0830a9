import type { FastifyInstance } from 'fastify';
import { type ClientId, sendHtml } from '../../kernel/index.ts';
import { DEFAULT_TIME_ZONE, findPracticeSettings } from '../../practices/index.ts';
import type { PracticeAdminDeps } from '../deps.ts';
import { loadStaffContext } from '../roles.ts';
import { listPracticeFeeds } from './feeds.ts';
import { renderFeedsPage } from './page.ts';

/** Maximum number of rejected entries on the page. */
const MAX_REJECTED = 100;

export interface FeedRouteDeps extends PracticeAdminDeps {
  /** The app of the example feed. It is the only feed that shared sandbox accounts see. */
  readonly exampleFeed: ClientId;
}

/**
 * Registers the page with the apps that send data to a practice. The page is for the administrators and privacy officers
 * of the practice. The feeds of developers in the sandbox aren't shown to shared accounts, because anyone can sign in
 * with these.
 */
export function feedRoutes(app: FastifyInstance, deps: FeedRouteDeps): void {
  app.get('/practice/:practiceId/feeds', async (request, reply) => {
    const context = await loadStaffContext(deps, request, 'administrator', 'privacy-officer');
    const { practiceId } = context.job;
    const { timeZone = DEFAULT_TIME_ZONE } = (await findPracticeSettings(deps.db, practiceId)) ?? {};
    const clientId = context.session.published ? deps.exampleFeed : undefined;
    const found = await listPracticeFeeds(deps, { practiceId, limit: MAX_REJECTED, clientId });
    const page = { ...context, ...found, csrf: deps.cookies.csrf(request, reply), limit: MAX_REJECTED, timeZone };
    return sendHtml(reply, renderFeedsPage(deps.framing.forStaff(request), page));
  });
}
