import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Api } from '../../api/app.ts';
import { REFUSALS } from '../../contract/answers.ts';
import { GalleryAnswer, GalleryQuery } from '../../contract/public.ts';
import type { PortalDeps } from '../../deps.ts';
import { fits, wordsAsked } from '../page/search.ts';
import { asksFor, galleryPage, PATH } from './page.ts';
import { type ListedApp, listedApps } from './store.ts';

const suits = (words: string) => (app: ListedApp) =>
  words === '' || fits(words, [app.name, app.description, app.developer]);

/** Serves `/apps`, the public gallery of apps for patients. */
export function galleryRoutes(app: FastifyInstance, { db, framing, types }: PortalDeps): void {
  app.get(PATH, async (request, reply) => {
    const words = wordsAsked(request.query);
    const all = await listedApps(db);
    const gallery = { found: all.filter(suits(words)), any: all.length > 0, words, page: pageAsked(request), types };
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(galleryPage(framing.plain(request), gallery));
  });
}

function pageAsked(request: FastifyRequest): number {
  const { page } = request.query as { readonly page?: unknown };
  return typeof page === 'string' && /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1;
}

/** Adds the public JSON route of the gallery. */
export function galleryApi(api: Api, { db, framing, types }: PortalDeps): void {
  const schema = {
    tags: ['public'],
    summary: 'Apps that patients may choose',
    querystring: GalleryQuery,
    response: { 200: GalleryAnswer, ...REFUSALS },
  };
  api.get('/public/apps', { schema }, async (request) => {
    const { language } = framing.plain(request);
    const found = (await listedApps(db)).filter(suits(wordsAsked(request.query)));
    const apps = found.map(({ scope: _, ...app }) => ({
      ...app,
      asksFor: [...asksFor({ scope: _, ...app }, types, language)],
      dataUse: app.dataUse as Record<string, string>,
    }));
    return { total: apps.length, apps };
  });
}
