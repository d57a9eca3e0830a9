import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { secretText } from '../../kernel/index.ts';
import type { PortalDeps } from '../deps.ts';

/** What `scripts/build-web.mjs` made of `web/`. */
const DIST = path.join(import.meta.dirname, '../../../web/dist');
const NONCE = /__NONCE__/g;

/** Pages of the React app: one document for each, whatever comes after. */
const PLACES = ['/developer', '/developer/*', '/review', '/review/*'] as const;

export function webRoutes(app: FastifyInstance, { random }: Pick<PortalDeps, 'random'>): void {
  app.register(fastifyStatic, {
    root: path.join(DIST, 'assets'),
    prefix: '/web/assets/',
    decorateReply: false,
    preCompressed: true,
    // Each name holds the hash of what it names.
    maxAge: '1y',
    immutable: true,
    index: false,
  });
  for (const place of PLACES) app.get(place, async (_request, reply) => sendDocument(reply));

  function sendDocument(reply: FastifyReply): FastifyReply {
    const nonce = secretText(random);
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', policy(nonce))
      .send(documentText().replaceAll(NONCE, nonce));
  }
}

/** Mantine puts the variables of its theme into a style element: that one is let in by its nonce. */
const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

let made: { readonly at: number; readonly text: string } | undefined;

/** Read anew when it was built anew: the files it names are others then. */
function documentText(): string {
  const file = path.join(DIST, 'index.html');
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (at === undefined) return NOT_BUILT;
  if (made?.at !== at) made = { at, text: readFileSync(file, 'utf8') };
  return made.text;
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Not built</title><p>The pages of the portal are not built. Run <code>node scripts/setup.mjs</code>.';
