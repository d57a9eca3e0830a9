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

/** Connected apps: which there are, what each may do, and an end to it. */
export function connectionRoutes(app: FastifyInstance, deps: AccountDeps): void {
  app.get<RecordParams>('/account/:key/apps', async (request, reply) => {
    const place = await placeOf(deps, request, reply);
    const connections = await readConnections(deps, place, request);
    if (connections === undefined) return sendPage(reply.code(503).header('retry-after', 60), unreadPage(place));
    return sendPage(reply, connectionsPage(place, connections));
  });

  app.get<GrantParams>('/account/:key/apps/:grantId', async (request, reply) => {
    const { place, connection } = await asked(request, reply);
    return sendPage(reply, connectionPage(place, connection));
  });

  app.get<GrantParams>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    const { place, connection, path } = await asked(request, reply);
    if (!connection.connected) return reply.redirect(`${path}/ended`, 303);
    return sendPage(reply, disconnectPage(place, connection, await elsewhere(place, connection)));
  });

  /** Sent twice, it ends once, and shows the same. */
  app.post<DisconnectForm>('/account/:key/apps/:grantId/disconnect', async (request, reply) => {
    deps.cookies.requireCsrf(request, single(request.body?.csrf));
    const { place, connection, path } = await asked(request, reply);
    if (connection.connected) await disconnect(deps, place, connection, request.id);
    return reply.redirect(`${path}/ended`, 303);
  });

  app.get<GrantParams>('/account/:key/apps/:grantId/ended', async (request, reply) => {
    const { place, connection, path } = await asked(request, reply);
    if (connection.connected) return reply.redirect(path, 303);
    return sendPage(reply, endedPage(place, connection, await elsewhere(place, connection)));
  });

  async function asked(request: FastifyRequest, reply: FastifyReply) {
    const place = await placeOf(deps, request, reply);
    const { grantId } = request.params as GrantParams['Params'];
    const connection = isUuid(grantId) ? await connectionOf(deps, place, grantId) : undefined;
    if (connection === undefined) throw nothingHere(request);
    return { place, connection, path: `${place.base}/apps/${connection.grant.grant_id}` };
  }

  /** With access now. A published account is used by others, whose connections are nobody's business here. */
  async function elsewhere({ whose, browser }: Place, { grant }: Connection): Promise<readonly Elsewhere[]> {
    if (browser !== undefined) return [];
    const found = await grantsElsewhere(deps.db, whose, grant.client_id);
    const ids = found.map(({ grantId }) => grantId);
    const lives = await liveAccess(deps, deps.clock.now(), ids);
    return found.filter(({ grantId }) => lives.has(grantId));
  }
}

/** undefined: they could not be read, which is for a page to say in words. */
export async function readConnections(
  deps: AccountDeps,
  place: Place,
  request: FastifyRequest,
): Promise<readonly Connection[] | undefined> {
  try {
    return await connectionsOf(deps, place);
  } catch (error) {
    if (error instanceof Problem) throw error;
    request.log.error({ problem: 'connections-unread', trace: traceOf(error) });
    return undefined;
  }
}
