import type { FastifyRequest } from 'fastify';
import { findFirstCall, listAppLog, listMadeUpAppLog, readMadeUpUsage, readUsage } from '../../apps/index.ts';
import type { SpaceDatabase } from '../../database/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import {
  AppLogFilter,
  AppLogQuery,
  AppLogResponse,
  AppParams,
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
  UsageQuery,
  UsageResponse,
} from '../../portal-api/index.ts';
import { formatLogCsv } from './log-csv.ts';
import { formatLogCursor, parseLogCursor, toLogItem, toLogSelection } from './log-query.ts';
import { resolvePeriod, toUsageResponse } from './usage-response.ts';

const PAGE = 50;
const KEPT_DAYS = 30;
/** Maximum number of rows in a CSV file. Developers can use narrower filters to get the rest. */
const MAX_EXPORTED = 10_000;

/** How the activity of real apps is read, and that of made-up apps, which have tables of their own. */
const REAL = { listLog: listAppLog, readUsage };
const MADE_UP: typeof REAL = { listLog: listMadeUpAppLog, readUsage: readMadeUpUsage };

interface AppActivity extends Readonly<typeof REAL> {
  readonly db: SpaceDatabase;
}

/** Adds the routes that return the request log and usage of an app. */
export function activityRoutes(api: PortalApi, { clock, guard }: Pick<PortalContext, 'clock' | 'guard'>): void {
  const tags = ['activity'];

  const logging = {
    tags,
    summary: 'List an app’s requests and the causes of errors',
    params: AppParams,
    querystring: AppLogQuery,
    response: { 200: AppLogResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId/log', { schema: logging }, async (request) => {
    const { app, ...space } = await findActivity(request, request.params.clientId);
    const { limit = PAGE, before, ...filter } = request.query;
    const query = { ...toLogSelection(filter), before: parseLogCursor(before), limit: limit + 1 };
    const [rows, lostToday] = await Promise.all([
      space.listLog(space.db, app.clientId, query),
      countLostToday(space, app.clientId),
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last !== undefined ? formatLogCursor(last) : null;
    return { items: page.map(toLogItem), next, keptDays: KEPT_DAYS, lostToday };
  });

  const exporting = {
    tags,
    summary: `Export the request log as CSV, at most ${MAX_EXPORTED} requests`,
    params: AppParams,
    querystring: AppLogFilter,
    response: { ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId/log.csv', { schema: exporting }, async (request, reply) => {
    const { app, ...space } = await findActivity(request, request.params.clientId);
    const rows = await space.listLog(space.db, app.clientId, { ...toLogSelection(request.query), limit: MAX_EXPORTED });
    return reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="log.csv"')
      .serializer((text: string) => text)
      .send(formatLogCsv(rows.map(toLogItem)) as never);
  });

  const using = {
    tags,
    summary: 'Get an app’s usage and authorization funnel',
    params: AppParams,
    querystring: UsageQuery,
    response: { 200: UsageResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/apps/:clientId/usage', { schema: using }, async (request) => {
    const { app, ...space } = await findActivity(request, request.params.clientId);
    const span = resolvePeriod(request.query, clock.now());
    const [counted, firstCallAt] = await Promise.all([
      space.readUsage(space.db, app.clientId, span),
      findFirstCall(space.db, app.clientId),
    ]);
    return toUsageResponse(span, counted, firstCallAt);
  });

  async function findActivity(request: FastifyRequest, clientId: string) {
    const { app, db, isMadeUp } = await guard.appMember(request, clientId, 'reader');
    return { app, db, ...(isMadeUp ? MADE_UP : REAL) };
  }

  /** Returns the number of today's requests that were counted but not logged, because there were too many. */
  async function countLostToday(space: AppActivity, clientId: ClientId): Promise<number> {
    const counted = await space.readUsage(space.db, clientId, resolvePeriod({ days: 1 }, clock.now()));
    return counted.find(({ measure }) => measure === 'lost')?.count ?? 0;
  }
}
