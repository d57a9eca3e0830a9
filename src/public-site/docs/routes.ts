import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Html, htmlToString, Problem } from '../../kernel/index.ts';
import { DocsSearchQuery, DocsSearchResponse, ERROR_RESPONSES, type PortalApi } from '../../portal-api/index.ts';
import type { FindPublicContext } from '../../web-pages/index.ts';
import { docsAssets } from './assets.ts';
import { fillPlaceholders, GUIDE, type GuidePage, readGuide } from './guide.ts';
import { renderMarkdown } from './markdown.ts';
import { docsPage, docsStartPage, type GuidePages } from './page.ts';
import { type PlaceholderDeps, placeholderValues } from './placeholder-values.ts';
import { type DocsSearchHit, searchDocs } from './search.ts';

export interface DocsDeps extends PlaceholderDeps {
  readonly findContext: FindPublicContext;
}

/** The server, which returns the OpenAPI document of its own JSON API. */
type ApiReader = Pick<FastifyInstance, 'inject'>;

const MAX_QUERY_LENGTH = 100;

/** The routes of the documentation, which share the rendered pages. */
export interface Docs {
  /** Adds the pages at `/docs`: Markdown files of the repository, with this server's addresses and tables filled in. */
  addPages(app: FastifyInstance): void;
  /** Adds the public JSON route that searches the documentation. */
  addSearch(api: PortalApi): void;
}

export function createDocs(deps: DocsDeps): Docs {
  let made: Promise<GuidePages> | undefined;
  const pages = (server: ApiReader): Promise<GuidePages> => {
    made ??= makePages(server, deps);
    return made;
  };
  return {
    addPages(app) {
      docsAssets(app);
      app.get<{ Querystring: { q?: unknown } }>('/docs', async (request, reply) => {
        const { q } = request.query;
        const query = typeof q === 'string' ? q.trim().slice(0, MAX_QUERY_LENGTH) : '';
        const all = await pages(app);
        return send(reply, docsStartPage(await deps.findContext(request), all, query, searchDocs(all, query)));
      });
      app.get<{ Params: { page: string } }>('/docs/:page', async (request, reply) => {
        const name = GUIDE.find((page) => page === request.params.page.toLowerCase());
        if (name === undefined) throw noSuchPage();
        return send(reply, docsPage(await deps.findContext(request), await pages(app), name));
      });
    },
    addSearch(api) {
      const schema = {
        tags: ['public'],
        summary: 'Search the documentation',
        querystring: DocsSearchQuery,
        response: { 200: DocsSearchResponse, ...ERROR_RESPONSES },
      };
      api.get('/public/docs', { schema }, async ({ query: { q } }) => ({
        results: searchDocs(await pages(api), q).map(toSearchResult),
      }));
    },
  };
}

const toSearchResult = ({ page, pageTitle, heading, slug }: DocsSearchHit) => ({
  path: heading === pageTitle ? `/docs/${page}` : `/docs/${page}#${slug}`,
  heading,
  page: pageTitle,
});

/**
 * Sends a page compressed. Compression can reveal secrets of an encrypted page (BREACH), but the
 * documentation has none.
 */
function send(reply: FastifyReply, page: Html): FastifyReply {
  reply.type('text/html; charset=utf-8').compress(htmlToString(page));
  return reply;
}

/**
 * Renders all pages on the first request. The table of routes comes from the JSON API's own OpenAPI
 * document, which is complete only when all routes are registered.
 */
async function makePages(server: ApiReader, deps: PlaceholderDeps): Promise<GuidePages> {
  const description = await server.inject({ method: 'GET', url: '/api/openapi.json' });
  const values = placeholderValues(deps, description.json());
  return new Map(
    GUIDE.map((page): [GuidePage, ReturnType<typeof renderMarkdown>] => [
      page,
      renderMarkdown(fillPlaceholders(readGuide(page), values)),
    ]),
  );
}

const noSuchPage = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'The documentation has no page with this name. Its pages are listed at /docs.',
  });
