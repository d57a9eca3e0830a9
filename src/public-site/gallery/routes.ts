import type { FastifyInstance } from 'fastify';
import { findAppLogo } from '../../apps/index.ts';
import type { Executor, SpaceDatabase } from '../../database/index.ts';
import type { AppCategory } from '../../domain/index.ts';
import type { PageContexts } from '../../i18n/index.ts';
import type { Session, SessionGuard } from '../../identity/index.ts';
import { type Clock, EMBEDDABLE, isUuid, Problem, sendHtml, UNTRUSTED_FILE } from '../../kernel/index.ts';
import { type ConnectedApp, listConnectedApps, type ServedTypes } from '../../oauth/index.ts';
import {
  APP_CATEGORIES,
  ERROR_RESPONSES,
  ExampleAppsQuery,
  ExampleAppsResponse,
  GalleryQuery,
  GalleryResponse,
  type PortalApi,
} from '../../portal-api/index.ts';
import { hasLivePractice } from '../../practices/index.ts';
import { requestedPage } from '../../web-pages/index.ts';
import { matchesWords, searchText } from '../layout/search.ts';
import { GALLERY_PATHS, galleryPage, requestedKinds, type SandboxLinks } from './page.ts';
import { type GalleryEntry, listGalleryApps } from './store.ts';

export interface GalleryDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly framing: PageContexts;
  readonly types: ServedTypes;
  readonly issuer: string;
  readonly signedIn: Pick<SessionGuard, 'current'>;
  /** Pages of the sandbox that exist on this server. An empty gallery links to them. */
  readonly sandboxLinks: SandboxLinks;
}

const matchesSearch = (words: string) => (app: GalleryEntry) =>
  words === '' || matchesWords(words, [app.name, app.description, app.developer]);

const isInCategory = (category: AppCategory | undefined) => (app: GalleryEntry) =>
  category === undefined || app.category === category;

/** Returns the category of a query string. Anything that isn't a category counts as none. */
const requestedCategory = (query: unknown): AppCategory | undefined =>
  APP_CATEGORIES.find((category) => category === (query as { readonly category?: unknown }).category);

/** Serves `/apps`, the public gallery of apps for patients. */
export function galleryRoutes(app: FastifyInstance, deps: GalleryDeps): void {
  const { db, clock, framing, types, issuer, signedIn } = deps;
  app.get(GALLERY_PATHS.apps, async (request, reply) => {
    const session = await signedIn.current(request);
    const isPatient = session?.kind === 'patient';
    const found = search(await listGalleryApps(db, issuer), request.query);
    const hasLinks = !found.any && (await mayTrySandbox(db, session));
    const gallery = {
      ...found,
      kind: 'apps' as const,
      types,
      connected: isPatient ? await listConnectedApps(db, clock.now(), session) : NO_CONNECTIONS,
      sandboxLinks: hasLinks ? deps.sandboxLinks : NO_SANDBOX_LINKS,
    };
    return sendHtml(
      reply.header('cache-control', cachingFor(session)),
      galleryPage({ ...framing.forOperator(request), user: session }, gallery),
    );
  });
}

/** A page that shows who is signed in, or which apps a patient uses, is never stored, not even by the person's browser. */
const cachingFor = (session: Session | undefined): string => (session === undefined ? 'no-cache' : 'no-store');

/**
 * Tells whether an empty gallery may link to the sandbox. A patient's own account never gets the links. A visitor who
 * isn't signed in may be a patient of a live practice, if the server has one.
 */
const mayTrySandbox = async (db: Executor, session: Session | undefined): Promise<boolean> =>
  session === undefined ? !(await hasLivePractice(db)) : session.kind !== 'patient' || session.published;

/** Returns the apps that a query string asks for, and the search that the page shows. */
function search(all: readonly GalleryEntry[], query: unknown) {
  const words = searchText(query);
  const category = requestedCategory(query);
  const found = all.filter(matchesSearch(words));
  return {
    matches: found.filter(isInCategory(category)),
    categories: APP_CATEGORIES.filter((one) => one === category || found.some(isInCategory(one))),
    any: all.length > 0,
    words,
    category,
    page: requestedPage((query as { readonly page?: unknown }).page),
  };
}

export interface ExampleGalleryDeps extends Omit<GalleryDeps, 'clock' | 'db' | 'sandboxLinks'> {
  /** The database with the made-up apps only. */
  readonly db: SpaceDatabase;
}

/**
 * Serves the gallery of the sandbox, with the page of the real one. Its apps are made up: no one can connect them, and
 * they are never in the real gallery.
 */
export function exampleGalleryRoutes(app: FastifyInstance, deps: ExampleGalleryDeps): void {
  const { db, framing, types, issuer, signedIn } = deps;
  const toLogoPath = (clientId: string, version: string | undefined): string | undefined =>
    version === undefined ? undefined : `${GALLERY_PATHS.examples}/logos/${clientId}?v=${version}`;

  app.get(GALLERY_PATHS.examples, async (request, reply) => {
    const session = await signedIn.current(request);
    const gallery = {
      ...search(await listGalleryApps(db, issuer, toLogoPath), request.query),
      kind: 'examples' as const,
      types,
      connected: NO_CONNECTIONS,
      sandboxLinks: NO_SANDBOX_LINKS,
    };
    const page = galleryPage({ ...framing.forOperator(request), user: session }, gallery);
    return sendHtml(reply.header('cache-control', cachingFor(session)), page);
  });

  app.get<{ Params: { clientId: string } }>(`${GALLERY_PATHS.examples}/logos/:clientId`, async (request, reply) => {
    const { clientId } = request.params;
    const logo = isUuid(clientId) ? await findAppLogo(db, clientId) : undefined;
    if (logo === undefined) throw new Problem('not-found', { status: 404, message: 'This app has no logo.' });
    return reply
      .type(logo.type)
      .header('cache-control', 'public, max-age=86400')
      .headers({ ...UNTRUSTED_FILE, ...EMBEDDABLE })
      .send(logo.bytes);
  });
}

const NO_CONNECTIONS: readonly ConnectedApp[] = [];
const NO_SANDBOX_LINKS: SandboxLinks = { examples: false, demo: false };

/** Adds the public JSON route that finds the made-up apps of the sandbox by name, for the search of the portal. */
export function exampleGalleryApi(api: PortalApi, { db, issuer }: Pick<ExampleGalleryDeps, 'db' | 'issuer'>): void {
  const schema = {
    tags: ['public'],
    summary: 'Made-up apps that show what the gallery looks like. Only with the sandbox',
    querystring: ExampleAppsQuery,
    response: { 200: ExampleAppsResponse, ...ERROR_RESPONSES },
  };
  api.get('/public/example-apps', { schema }, async (request) => {
    const found = (await listGalleryApps(db, issuer)).filter(matchesSearch(searchText(request.query)));
    return {
      apps: found.map(({ name, developer }) => ({
        name,
        developer,
        path: `${GALLERY_PATHS.examples}?${new URLSearchParams({ q: name })}`,
      })),
    };
  });
}

/** Adds the public JSON route that returns the apps of the gallery. */
export function galleryApi(
  api: PortalApi,
  { db, framing, types, issuer }: Omit<GalleryDeps, 'signedIn' | 'clock' | 'sandboxLinks'>,
): void {
  const schema = {
    tags: ['public'],
    summary: 'Apps that patients can connect',
    querystring: GalleryQuery,
    response: { 200: GalleryResponse, ...ERROR_RESPONSES },
  };
  api.get('/public/apps', { schema }, async (request) => {
    const { language } = framing.forOperator(request);
    const found = (await listGalleryApps(db, issuer))
      .filter(matchesSearch(searchText(request.query)))
      .filter(isInCategory(request.query.category));
    const apps = found.map(({ scope: _, ...app }) => ({
      ...app,
      asksFor: [...requestedKinds({ scope: _, ...app }, types, language)],
      dataUse: app.dataUse as Record<string, string>,
    }));
    return { total: apps.length, apps };
  });
}
