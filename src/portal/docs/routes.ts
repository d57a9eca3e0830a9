import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '../../kernel/index.ts';
import type { PortalDeps } from '../deps.ts';
import { docsAssets } from './assets.ts';
import { filled, GUIDE, type GuidePage, readGuide } from './guide.ts';
import { rendered } from './markdown.ts';
import { docsPage, docsStart, type Pages } from './page.ts';
import { search } from './search.ts';
import { guideValues } from './values.ts';

const LONGEST_QUESTION = 100;
const HTML = 'text/html; charset=utf-8';

/** Serves the documentation at `/docs`: files of the repository with this server's addresses and tables filled in. */
export function docsRoutes(app: FastifyInstance, deps: PortalDeps): void {
  let made: Promise<Pages> | undefined;
  const pages = (): Promise<Pages> => {
    made ??= makePages(app, deps);
    return made;
  };
  docsAssets(app);

  app.get<{ Querystring: { q?: unknown } }>('/docs', async (request, reply) => {
    const { q } = request.query;
    const query = typeof q === 'string' ? q.trim().slice(0, LONGEST_QUESTION) : '';
    const all = await pages();
    return send(reply, docsStart(deps.framing.plain(request), all, query, search(all, query)));
  });

  app.get<{ Params: { page: string } }>('/docs/:page', async (request, reply) => {
    const name = GUIDE.find((page) => page === request.params.page.toLowerCase());
    if (name === undefined) throw nothingThere();
    return send(reply, docsPage(deps.framing.plain(request), await pages(), name));
  });
}

/** These pages contain no secrets, so they may be compressed. */
function send(reply: FastifyReply, html: string): FastifyReply {
  reply.type(HTML).compress(html);
  return reply;
}

/**
 * The table of routes comes from the JSON API's own OpenAPI document, which is complete only when all
 * routes are registered.
 */
async function makePages(app: FastifyInstance, deps: PortalDeps): Promise<Pages> {
  const description = await app.inject({ method: 'GET', url: '/api/openapi.json' });
  const values = guideValues(deps, description.json());
  return new Map(
    GUIDE.map((page): [GuidePage, ReturnType<typeof rendered>] => [page, rendered(filled(readGuide(page), values))]),
  );
}

const nothingThere = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'The documentation has no page with this name. Its pages are listed at /docs.',
  });
