import { Type } from 'typebox';
import { CatalogResponse, ERROR_RESPONSES, type PortalApi, RequestedLanguage } from '../../portal-api/index.ts';
import type { CatalogDeps } from '../deps.ts';
import { buildCatalog } from './catalog.ts';

export function catalogRoutes(api: PortalApi, deps: CatalogDeps): void {
  const schema = {
    tags: ['apps'],
    summary: 'List the options for registering an app, with readable names',
    querystring: Type.Object({ language: Type.Optional(RequestedLanguage) }, { additionalProperties: false }),
    response: { 200: CatalogResponse, ...ERROR_RESPONSES },
  };
  api.get('/developer/catalogue', { schema }, async (request, reply) => {
    await deps.guard.anyDeveloper(request);
    // The answer is the same for all developers, so compression reveals no secret (BREACH).
    const catalog = buildCatalog(request.query.language ?? deps.framing.forOperator(request).language, deps);
    return reply.type('application/json; charset=utf-8').compress(catalog as never);
  });
}
