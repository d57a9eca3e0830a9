import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUuid, Problem, traceOf } from '../../kernel/index.ts';
import { liveAccess } from '../../oauth/index.ts';
import type { AccountDeps } from '../deps.ts';
import { nothingHere, type Place, placeOf, type RecordParams, sendPage, single } from '../place.ts';
import { type Connection, connectionOf, connectionsOf } from './connection.ts';
import { disconnect } from './disconnect.ts';
import { disconnectPage, endedPage } from './disconnect-pages.ts';
import { connectionPage, connectionsPage, unreadPage } from './pages.ts';
import { type Elsewhere, grantsElsewhere } from './store.ts';

type GrantParams = { Params: { key: string; grantId: string } };
type DisconnectForm = GrantParams & { Body: { csrf?: unknown } | undefined };

/** Registers the connected apps: the list, the access of each app, and disconnecting. */
export function connectionRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/apps', async (request, reply) => {
    const context = await placeOf(deps, request, reply);
    const connections = await readConnections(deps, context, request);
    if (connections === undefined) return sendPage(reply.code(503).header('retry-after', 60), unreadPage(context));
    return sendPage(reply, connectionsPage(context, connections));
  });

  app.get<GrantParams>('/account/:key/apps/:grantId', async (request, reply) => {
    const { context, connection } = await loadConnection(request, reply);
    return sendPage(reply, connectionPage(context, connection));
  });

  app.get<GrantParams>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    const { context, connection, path } = await loadConnection(request, reply);
    if (!connection.connected) return reply.redirect(`${path}/ended`, 303);
    return sendPage(reply, disconnectPage(context, connection, await elsewhere(context, connection)));
  });

  /** Repeating the request ends access once and shows the same page. */
  app.post<DisconnectForm>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.csrf));
    const { context, connection, path } = await loadConnection(request, reply);
    if (connection.connected) await disconnect(deps, context, connection, request.id);
    return reply.redirect(`${path}/ended`, 303);
  });

  app.get<GrantParams>('/account/:key/apps/:grantId/ended', async (request, reply) => {
    const { context, connection, path } = await loadConnection(request, reply);
    if (connection.connected) return reply.redirect(path, 303);
    return sendPage(reply, endedPage(context, connection, await elsewhere(context, connection)));
  });

  async function loadConnection(request: FastifyRequest, reply: FastifyReply) {
    const context = await placeOf(deps, request, reply);
    const { grantId } = request.params as GrantParams['Params'];
    const connection = isUuid(grantId) ? await connectionOf(deps, context, grantId) : undefined;
    if (connection === undefined) throw nothingHere(request);
    return { context, connection, path: `${context.base}/apps/${connection.grant.grant_id}` };
  }

  /**
   * Finds connections of the same app that have access now. A shared sandbox account has none here, because they belong
   * to other visitors.
   */
  async function elsewhere(
    { whose: accountRecord, browser }: Place,
    { grant }: Connection,
  ): Promise<readonly Elsewhere[]> {
    if (browser !== undefined) return [];
    const found = await grantsElsewhere(deps.db, accountRecord, grant.client_id);
    const ids = found.map(({ grantId }) => grantId);
    const liveGrants = await liveAccess(deps, deps.clock.now(), ids);
    return found.filter(({ grantId }) => liveGrants.has(grantId));
  }
}

/** Returns undefined if the connections couldn't be read, so that the page can say so. Problems are rethrown. */
export async function readConnections(
  deps: AccountDeps,
  context: Place,
  request: FastifyRequest,
): Promise<readonly Connection[] | undefined> {
  try {
    return await connectionsOf(deps, context);
  } catch (error) {
    if (error instanceof Problem) throw error;
    request.log.error({ problem: 'connections-unread', trace: traceOf(error) });
    return undefined;
  }
}
