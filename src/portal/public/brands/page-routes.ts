import type { FastifyInstance } from 'fastify';
import type { PortalDeps } from '../../deps.ts';
import { wordsAsked } from '../page/search.ts';
import { brandsPage } from './page.ts';

/** Serves `/service-base-urls`, the published practices and addresses as a page. */
export function brandsPageRoutes(app: FastifyInstance, { brands, framing }: PortalDeps): void {
  app.get('/service-base-urls', async (request, reply) => {
    const page = brandsPage(framing.plain(request), await brands.latest(), wordsAsked(request.query));
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
  });
}
