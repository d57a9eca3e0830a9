import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errorTrace, isUuid, Problem } from '../../kernel/index.ts';
import { findActiveAccess } from '../../oauth/index.ts';
import { requestedPage } from '../../web-pages/index.ts';
import type { PatientPortalDeps } from '../deps.ts';
import {
  loadPortalContext,
  type PatientPortalContext,
  type RecordParams,
  recordNotFound,
  sendPage,
  singleValue,
} from '../portal-context.ts';
import { type AppConnection, findConnection, listConnections } from './connection.ts';
import { disconnect } from './disconnect.ts';
import { renderDisconnectedPage, renderDisconnectPage } from './disconnect-pages.ts';
import { renderConnectionPage, renderConnectionsPage, renderConnectionsUnavailablePage } from './pages.ts';
import { listOtherConnections, type OtherConnection } from './store.ts';

type ConnectionListRequest = RecordParams & { Querystring: { page?: unknown } };
type ConnectionParams = { Params: { key: string; grantId: string } };
type DisconnectForm = ConnectionParams & { Body: { csrf?: unknown } | undefined };

/** Registers the pages of connected apps: the list, the access of each app, and disconnecting. */
export function connectionRoutes(app: FastifyInstance, deps: PatientPortalDeps): void {
  app.get<ConnectionListRequest>('/account/:key/apps', async (request, reply) => {
    const context = await loadPortalContext(deps, request, reply);
    const connections = await tryListConnections(deps, context, request);
    if (connections === undefined)
      return sendPage(reply.code(503).header('retry-after', 60), renderConnectionsUnavailablePage(context));
    const { page } = request.query;
    return sendPage(
      reply,
      renderConnectionsPage(context, connections, page === undefined ? undefined : requestedPage(page)),
    );
  });

  app.get<ConnectionParams>('/account/:key/apps/:grantId', async (request, reply) => {
    const { context, connection } = await loadConnection(request, reply);
    return sendPage(reply, renderConnectionPage(context, connection));
  });

  app.get<ConnectionParams>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    const { context, connection, path } = await loadConnection(request, reply);
    if (!connection.connected) return reply.redirect(`${path}/ended`, 303);
    return sendPage(reply, renderDisconnectPage(context, connection, await elsewhere(context, connection)));
  });

  /** Disconnects the app. If the request is repeated, access has already ended, and the same page is shown. */
  app.post<DisconnectForm>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    deps.cookies.requireCsrf(request, singleValue(request.body?.csrf));
    const { context, connection, path } = await loadConnection(request, reply);
    if (connection.connected) await disconnect(deps, context, connection, request.id);
    return reply.redirect(`${path}/ended`, 303);
  });

  app.get<ConnectionParams>('/account/:key/apps/:grantId/ended', async (request, reply) => {
    const { context, connection, path } = await loadConnection(request, reply);
    if (connection.connected) return reply.redirect(path, 303);
    return sendPage(reply, renderDisconnectedPage(context, connection, await elsewhere(context, connection)));
  });

  async function loadConnection(request: FastifyRequest, reply: FastifyReply) {
    const context = await loadPortalContext(deps, request, reply);
    const { grantId } = request.params as ConnectionParams['Params'];
    const connection = isUuid(grantId) ? await findConnection(deps, context, grantId) : undefined;
    if (connection === undefined) throw recordNotFound(request);
    return { context, connection, path: `${context.basePath}/apps/${connection.grant.grant_id}` };
  }

  /**
   * Finds other connections of the same app that have access now. For a shared sandbox account the list is empty,
   * because the account's other connections may belong to other visitors.
   */
  async function elsewhere(
    { accountRecord, browser }: PatientPortalContext,
    { grant }: AppConnection,
  ): Promise<readonly OtherConnection[]> {
    if (browser !== undefined) return [];
    const found = await listOtherConnections(deps.db, accountRecord, grant.client_id);
    const ids = found.map(({ grantId }) => grantId);
    const liveGrants = await findActiveAccess(deps, deps.clock.now(), ids);
    return found.filter(({ grantId }) => liveGrants.has(grantId));
  }
}

/**
 * Lists the connections. Returns undefined if they couldn't be read, so that the page can say so. Rethrows a `Problem`.
 */
export async function tryListConnections(
  deps: PatientPortalDeps,
  context: PatientPortalContext,
  request: FastifyRequest,
): Promise<readonly AppConnection[] | undefined> {
  try {
    return await listConnections(deps, context);
  } catch (error) {
    if (error instanceof Problem) throw error;
    request.log.error({ problem: 'connections-unread', trace: errorTrace(error) });
    return undefined;
  }
}
