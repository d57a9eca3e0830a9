import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageContexts } from '../../i18n/index.ts';
import type { SessionGuard } from '../../identity/index.ts';
import { PRIVATE, Problem, type Random, randomSecret, sha256 } from '../../kernel/index.ts';
import { APP_TABS, PAGES } from '../../portal-api/index.ts';

/** Folder of the built React pages, written by `scripts/build-web.mjs` from `web/`. */
const DIST = path.join(import.meta.dirname, '../../../web/dist');
const NONCE = /__NONCE__/g;

/**
 * Patterns of the paths of all React pages. As in React Router, a path may be in upper or lower
 * case and may have a trailing slash.
 */
const PAGE_PATTERNS = Object.entries(PAGES).flatMap(([room, pages]) =>
  Object.entries(pages).map(([page, access]) => {
    const path = page === '' ? `/${room}` : `/${room}/${page}`;
    const pattern = path.replace(':tab', `(${APP_TABS.join('|')})`).replaceAll(/:\w+/g, '[^/]+');
    return { pattern: new RegExp(`^${pattern}/?$`, 'i'), access };
  }),
);

/**
 * Serves the same HTML document for every React page. An unknown address gets the document with
 * status 404, and the React app then says that there is no such page.
 */
export function webRoutes(
  app: FastifyInstance,
  {
    random,
    signedIn,
    framing,
  }: { readonly random: Random; readonly signedIn: SessionGuard; readonly framing: PageContexts },
): void {
  app.register(fastifyStatic, {
    root: path.join(DIST, 'assets'),
    prefix: '/web/assets/',
    decorateReply: false,
    preCompressed: true,
    // A file name contains a hash of the content, so a cached file never gets outdated.
    maxAge: '1y',
    immutable: true,
    index: false,
  });
  for (const room of Object.keys(PAGES))
    for (const address of [`/${room}`, `/${room}/*`]) app.get(address, (request, reply) => sendPage(request, reply));

  async function sendPage(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const [pathname = ''] = request.url.split('?');
    const page = PAGE_PATTERNS.find(({ pattern }) => pattern.test(pathname));
    if (page?.access === 'signed-in' && (await signedIn.current(request)) === undefined)
      throw new Problem('sign-in-needed', {
        status: 401,
        message: 'You are not signed in. Sign in to open this page.',
      });
    return sendDocument(request, reply.code(page === undefined ? 404 : 200));
  }

  function sendDocument(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const nonce = randomSecret(random);
    // The pages load the messages of this language at once, before they know the session.
    const { language } = framing.forOperator(request);
    const { text, importMapHash } = readDocument();
    return reply
      .type('text/html; charset=utf-8')
      .headers(PRIVATE)
      .header('content-security-policy', contentSecurityPolicy(nonce, importMapHash))
      .send(text.replaceAll(NONCE, nonce).replace('<html lang="en">', `<html lang="${language}">`));
  }
}

/**
 * Returns the Content-Security-Policy of the React pages. The UI library Mantine puts its theme
 * variables into a style element, which is allowed by nonce. The import map, which has the digests
 * of the scripts, is allowed by its own.
 */
const contentSecurityPolicy = (nonce: string, importMapHash: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${importMapHash}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

interface BuiltDocument {
  readonly at: number;
  readonly text: string;
  /** SHA-256 of the import map in base64. */
  readonly importMapHash: string;
}

let cachedDocument: BuiltDocument | undefined;

/**
 * Returns the HTML document of the React pages. Reads the document again after a build, because a
 * new document refers to other script files.
 */
function readDocument(): BuiltDocument {
  const file = path.join(DIST, 'index.html');
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined) return { at: 0, text: NOT_BUILT, importMapHash: '' };
  if (cachedDocument?.at !== at) {
    const text = readFileSync(file, 'utf8');
    const [, importMap = ''] = /<script type="importmap">([^<]*)<\/script>/.exec(text) ?? [];
    cachedDocument = { at, text, importMapHash: sha256(importMap).toString('base64') };
  }
  return cachedDocument;
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built</title><p>The portal pages are not built. Run <code>node scripts/setup.mjs</code>.';
