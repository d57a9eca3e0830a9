import type { FastifyInstance } from 'fastify';
import type { BrandsService } from '../../brands/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { PortalDeps } from '../../portal-api/index.ts';
import { searchText } from '../layout/search.ts';
import { brandsPage } from './brands-page.ts';

/** Serves `/service-base-urls`, the page that lists the published practices and their FHIR base URLs. */
export function brandsPageRoutes(
  app: FastifyInstance,
  { brands, framing }: Pick<PortalDeps, 'framing'> & { readonly brands: BrandsService },
): void {
  app.get('/service-base-urls', async (request, reply) => {
    const page = brandsPage(framing.forOperator(request), await brands.latest(), searchText(request.query));
    return sendHtml(reply.header('cache-control', 'no-cache'), page);
  });
}
