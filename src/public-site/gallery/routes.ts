import type { FastifyInstance } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { SessionGuard } from '../../identity/index.ts';
import { sendHtml } from '../../kernel/index.ts';
import type { ServedTypes } from '../../oauth/index.ts';
import { ERROR_RESPONSES, GalleryQuery, GalleryResponse, type PortalApi } from '../../portal-api/index.ts';
import { requestedPage } from '../../web-pages/index.ts';
import { matchesWords, searchText } from '../layout/search.ts';
import { galleryPage, PATH, requestedKinds } from './page.ts';
import { type GalleryEntry, listGalleryApps } from './store.ts';

export interface GalleryDeps {
  readonly db: Executor;
  readonly framing: PageContexts;
  readonly types: ServedTypes;
  readonly signedIn: Pick<SessionGuard, 'current'>;
}

const matchesSearch = (words: string) => (app: GalleryEntry) =>
  words === '' || matchesWords(words, [app.name, app.description, app.developer]);

/** Serves `/apps`, the public gallery of apps for patients. */
export function galleryRoutes(app: FastifyInstance, { db, framing, types, signedIn }: GalleryDeps): void {
  app.get(PATH, async (request, reply) => {
    const words = searchText(request.query);
    const all = await listGalleryApps(db);
    const account = (await signedIn.current(request))?.kind;
    const gallery = {
      matches: all.filter(matchesSearch(words)),
      any: all.length > 0,
      words,
      page: requestedPage((request.query as { readonly page?: unknown }).page),
      types,
      account,
    };
    return sendHtml(
      reply.header('cache-control', account === undefined ? 'no-cache' : 'private, no-cache'),
      galleryPage(framing.forOperator(request), gallery),
    );
  });
}

/** Adds the public JSON route that returns the apps of the gallery. */
export function galleryApi(api: PortalApi, { db, framing, types }: Omit<GalleryDeps, 'signedIn'>): void {
  const schema = {
    tags: ['public'],
    summary: 'Apps that patients can connect',
    querystring: GalleryQuery,
    response: { 200: GalleryResponse, ...ERROR_RESPONSES },
  };
  api.get('/public/apps', { schema }, async (request) => {
    const { language } = framing.forOperator(request);
    const found = (await listGalleryApps(db)).filter(matchesSearch(searchText(request.query)));
    const apps = found.map(({ scope: _, ...app }) => ({
      ...app,
      asksFor: [...requestedKinds({ scope: _, ...app }, types, language)],
      dataUse: app.dataUse as Record<string, string>,
    }));
    return { total: apps.length, apps };
  });
}
