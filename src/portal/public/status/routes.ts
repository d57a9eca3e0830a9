import type { FastifyInstance } from 'fastify';
import { problemOf, traceOf } from '../../../kernel/index.ts';
import type { Api } from '../../api/app.ts';
import { REFUSALS } from '../../contract/answers.ts';
import { StatusAnswer } from '../../contract/public.ts';
import type { PortalDeps } from '../../deps.ts';
import { reportAnswer } from './answers.ts';
import { statusPage, unreadPage } from './page.ts';

/** Serves `/status`, the public status page. */
export function statusRoutes(app: FastifyInstance, { clock, framing, status }: PortalDeps): void {
  app.get('/status', async (request, reply) => {
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    const context = framing.plain(request);
    try {
      return reply.send(statusPage(context, await status.report(), clock.now()));
    } catch (error) {
      // This page must say more than that something went wrong, so it renders its own error.
      request.log.error({ problem: 'status-unread', trace: traceOf(problemOf(error).cause) });
      return reply.code(503).header('retry-after', 60).send(unreadPage(context));
    }
  });
}

/** Adds the public JSON route of the status page. */
export function statusApi(api: Api, { clock, status }: PortalDeps): void {
  const schema = { tags: ['public'], summary: 'How the server is', response: { 200: StatusAnswer, ...REFUSALS } };
  api.get('/public/status', { schema }, async () => reportAnswer(await status.report(), clock.now()));
}
