import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const read = (name: string): string => readFileSync(new URL(`assets/${name}`, import.meta.url), 'utf8');

export const DOCS_STYLE = '/assets/docs.css';
export const DOCS_SCRIPT = '/assets/docs.js';

const ASSETS = [
  { path: DOCS_STYLE, type: 'text/css; charset=utf-8', body: read('docs.css') },
  { path: DOCS_SCRIPT, type: 'text/javascript; charset=utf-8', body: read('docs.js') },
];

export function docsAssets(app: FastifyInstance): void {
  for (const { path, type, body } of ASSETS) {
    app.get(path, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=300').send(body),
    );
  }
}
