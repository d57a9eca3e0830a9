import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tokensStylesheet } from '../../design/index.ts';
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

/** The style sheet that starts with the design tokens. */
const MAIN_STYLE = 'demo.css';

const read = (name: string): Buffer => {
  const content = readFileSync(new URL(name, FOLDER));
  return name === MAIN_STYLE ? Buffer.concat([Buffer.from(tokensStylesheet()), content]) : content;
};

/** The demo app's own scripts and style sheets, served without a build step. */
export const demoFiles: readonly Asset[] = readdirSync(FOLDER)
  .sort()
  .map((name) => ({
    path: `/demo/${name}`,
    contentType: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body: read(name),
  }));

export const demoAssets: readonly Asset[] = [...demoFiles, library];
