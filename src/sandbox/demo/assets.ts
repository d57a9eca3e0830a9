import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Asset } from '../../web-pages/index.ts';
import { LIBRARY_PATH } from './page.ts';

const FOLDER = new URL('assets/', import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = { js: JAVASCRIPT, css: 'text/css; charset=utf-8' };

/** fhirclient's published build for current browsers, without polyfills. */
const library: Asset = {
  path: LIBRARY_PATH,
  contentType: JAVASCRIPT,
  body: readFileSync(createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.pure.min.js')),
};

/** The demo app's own scripts and style sheets, served unchanged without a build step. */
export const demoFiles: readonly Asset[] = readdirSync(FOLDER)
  .sort()
  .map((name) => ({
    path: `/demo/${name}`,
    contentType: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body: readFileSync(new URL(name, FOLDER)),
  }));

export const demoAssets: readonly Asset[] = [...demoFiles, library];
