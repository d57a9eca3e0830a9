import { readdirSync, readFileSync } from 'node:fs';

export interface DemoAsset {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

const FOLDER = new URL('assets/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

/** The demo app's scripts and style sheet, served unchanged without a build step. */
export const demoAssets: readonly DemoAsset[] = readdirSync(FOLDER)
  .sort()
  .map((name) => ({
    path: `/demo/${name}`,
    contentType: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
    body: readFileSync(new URL(name, FOLDER)),
  }));
