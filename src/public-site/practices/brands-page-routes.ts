import type { FastifyInstance } from 'fastify';
import type { BrandsService } from '../../brands/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import { type FindPublicContext, requestedPage } from '../../web-pages/index.ts';
import { searchText } from '../layout/search.ts';
import { brandsPage } from './brands-page.ts';

/** Serves `/service-base-urls`, the page that lists the published practices and their FHIR base URLs. */
export function brandsPageRoutes(
  app: FastifyInstance,
  { brands, findContext }: { readonly brands: BrandsService; readonly findContext: FindPublicContext },
): void {
  app.get('/service-base-urls', async (request, reply) => {
    const { page } = request.query as { readonly page?: unknown };
    const selection = { words: searchText(request.query), page: requestedPage(page) };
    const html = brandsPage(await findContext(request), await brands.latest(), selection);
    return sendHtml(reply.header('cache-control', 'no-cache'), html);
  });
}
