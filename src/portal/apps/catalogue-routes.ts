import { Type } from 'typebox';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { CatalogueAnswer, LanguageAsked } from '../contract/apps.ts';
import type { PortalDeps } from '../deps.ts';
import { catalogueIn } from './catalogue.ts';

export function catalogueRoutes(api: Api, deps: PortalDeps): void {
  const schema = {
    tags: ['apps'],
    summary: 'What an app can be registered with, in plain names',
    querystring: Type.Object({ language: Type.Optional(LanguageAsked) }, { additionalProperties: false }),
    response: { 200: CatalogueAnswer, ...REFUSALS },
  };
  api.get('/developer/catalogue', { schema }, async (request) => {
    await deps.guard.developer(request);
    return catalogueIn(request.query.language ?? deps.framing.plain(request).language, deps);
  });
}
