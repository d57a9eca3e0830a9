import type { FastifyInstance } from 'fastify';
import type { PageContexts } from '../../i18n/index.ts';
import { type Clock, errorTrace, sendHtml, toProblem } from '../../kernel/index.ts';
import { ERROR_RESPONSES, type PortalApi, StatusResponse } from '../../portal-api/index.ts';
import type { FindPublicContext } from '../../web-pages/index.ts';
import { statusPage, statusUnavailablePage } from './page.ts';
import type { StatusMonitor } from './status.ts';
import { toStatusResponse } from './status-responses.ts';

interface StatusRouteDeps {
  readonly clock: Clock;
  readonly framing: PageContexts;
  readonly findContext: FindPublicContext;
  readonly status: StatusMonitor;
}

/** Serves `/status`, the public status page. */
export function statusRoutes(app: FastifyInstance, { clock, framing, findContext, status }: StatusRouteDeps): void {
  app.get('/status', async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    try {
      return sendHtml(reply, statusPage(await findContext(request), await status.report(), clock.now()));
    } catch (error) {
      // The usual error page would only say that something went wrong, so this route renders its
      // own.
      request.log.error({ problem: 'status-unread', trace: errorTrace(toProblem(error).cause) });
      return sendHtml(reply.code(503).header('retry-after', 60), statusUnavailablePage(framing.forOperator(request)));
    }
  });
}

/** Adds the public JSON route that returns the status of the service. */
export function statusApi(api: PortalApi, { clock, status }: Pick<StatusRouteDeps, 'clock' | 'status'>): void {
  const schema = {
    tags: ['public'],
    summary: 'Service status',
    response: { 200: StatusResponse, ...ERROR_RESPONSES },
  };
  api.get('/public/status', { schema }, async () => toStatusResponse(await status.report(), clock.now()));
}
