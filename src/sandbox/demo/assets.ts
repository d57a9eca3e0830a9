import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tokensStylesheet } from '../../design/index.ts';
import type { Asset } from '../../web-pages/index.ts';
import { LIBRARY_PATH } from './document.ts';

const FOLDER = new URL('assets/', import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const TYPES: Readonly<Record<string, string>> = { js: JAVASCRIPT, css: 'text/css; charset=utf-8' };

/** fhirclient's published build for current browsers, without polyfills. */
const library: Asset = {
  path: LIBRARY_PATH,
  contentType: JAVASCRIPT,
  body: readFileSync(createRequire(import.meta.url).resolve('fhirclient/build/fhir-client.pure.min.js')),
};

/** The stylesheet that starts with the design tokens. */
const MAIN_STYLE = 'shared/app.css';

const read = (name: string): Buffer => {
  const content = readFileSync(new URL(name, FOLDER));
  return name === MAIN_STYLE ? Buffer.concat([Buffer.from(tokensStylesheet()), content]) : content;
};

/**
 * Scripts and stylesheets of both apps, served without a build step. `patient` and `staff` are the two apps, `shared`
 * has what both use. The paths are as in the folder, so that the imports are the same on disk and in a browser.
 */
export const demoFiles: readonly Asset[] = ['patient', 'shared', 'staff'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, FOLDER))
    .sort()
    .map((file) => ({
      path: `/demo/${folder}/${file}`,
      contentType: TYPES[file.slice(file.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      body: read(`${folder}/${file}`),
    })),
);

/** Stylesheet of the page that shows the source. */
export const sourceStyle: Asset = {
  path: '/demo/source.css',
  contentType: 'text/css; charset=utf-8',
  body: readFileSync(new URL('source.css', import.meta.url)),
};

export const demoAssets: readonly Asset[] = [...demoFiles, library, sourceStyle];
