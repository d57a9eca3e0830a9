import { Type } from 'typebox';
import type { ClientId } from '../../kernel/index.ts';
import { firstCallOf, listLog, usageOf } from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { LogAnswer, LogAsked, LogFilter, UsageAnswer, UsageAsked } from '../contract/activity.ts';
import { REFUSALS } from '../contract/answers.ts';
import type { PortalDeps } from '../deps.ts';
import { csvOfLog } from './log-csv.ts';
import { itemOf, nextOf, positionIn, queryOf } from './log-query.ts';
import { spanOf, usageAnswer } from './usage-answer.ts';

const PAGE = 50;
const KEPT_DAYS = 30;
/** Most rows of a CSV file. Narrower filters give the rest. */
const MOST_EXPORTED = 10_000;
const OF_APP = Type.Object({ clientId: Type.String({ maxLength: 200 }) });

/** Adds the routes for the request log and usage of an app. */
export function activityRoutes(api: Api, { db, clock, guard }: PortalDeps): void {
  const tags = ['activity'];

  const logging = {
    tags,
    summary: 'What an app asked for, and why it was refused',
    params: OF_APP,
    querystring: LogAsked,
    response: { 200: LogAnswer, ...REFUSALS },
  };
  api.get('/developer/apps/:clientId/log', { schema: logging }, async (request) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    const { limit = PAGE, before, ...filter } = request.query;
    const query = { ...queryOf(filter), before: positionIn(before), limit: limit + 1 };
    const [rows, lostToday] = await Promise.all([listLog(db, app.clientId, query), countLostToday(app.clientId)]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    const next = rows.length > limit && last !== undefined ? nextOf(last) : null;
    return { items: page.map(itemOf), next, keptDays: KEPT_DAYS, lostToday };
  });

  const exporting = {
    tags,
    summary: `The same as CSV, ${MOST_EXPORTED} requests at most`,
    params: OF_APP,
    querystring: LogFilter,
    response: { ...REFUSALS },
  };
  api.get('/developer/apps/:clientId/log.csv', { schema: exporting }, async (request, reply) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    const rows = await listLog(db, app.clientId, { ...queryOf(request.query), limit: MOST_EXPORTED });
    return reply
      .type('text/csv; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="log.csv"')
      .serializer((text: string) => text)
      .send(csvOfLog(rows.map(itemOf)) as never);
  });

  const using = {
    tags,
    summary: 'How much an app is used, and how far its authorizations come',
    params: OF_APP,
    querystring: UsageAsked,
    response: { 200: UsageAnswer, ...REFUSALS },
  };
  api.get('/developer/apps/:clientId/usage', { schema: using }, async (request) => {
    const { app } = await guard.appMember(request, request.params.clientId, 'reader');
    const span = spanOf(request.query, clock.now());
    const [counted, firstCallAt] = await Promise.all([usageOf(db, app.clientId, span), firstCallOf(db, app.clientId)]);
    return usageAnswer(span, counted, firstCallAt);
  });

  /** Requests of today that were counted but not logged, because there were too many. */
  async function countLostToday(clientId: ClientId): Promise<number> {
    const counted = await usageOf(db, clientId, spanOf({ days: 1 }, clock.now()));
    return counted.find(({ measure }) => measure === 'lost')?.count ?? 0;
  }
}
