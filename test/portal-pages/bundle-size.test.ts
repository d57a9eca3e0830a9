import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/checkout.ts';

const DIST = path.join(CHECKOUT, 'web/dist');
const MOST_BYTES = 250 * 1024;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
}
const manifest = JSON.parse(readFileSync(path.join(DIST, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;

/** All files that a browser loads before it runs a chunk: the chunk and everything it imports, each once. */
function filesOf(...names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const imported of manifest[name]?.imports ?? []) visit(imported);
  };
  for (const name of names) visit(name);
  return [...seen].map((name) => manifest[name]?.file ?? '');
}

/** Key of a source in the manifest, relative to the folder of the pages. */
const manifestKey = (file: string): string => path.posix.relative('web', file);

const compressed = (files: readonly string[]): number =>
  files.reduce((sum, file) => sum + statSync(path.join(DIST, `${file}.br`)).size, 0);

describe('the script of the first screen', () => {
  it('has at most 250 KB, compressed', () => {
    expect(compressed(filesOf('index.html'))).toBeLessThan(MOST_BYTES);
  });

  it.each([
    ['the list of applications', 'web/developer/apps/apps-page.tsx'],
    ['the wizard', 'web/developer/apps/new/new-app.tsx'],
    ['the page of an app', 'web/developer/apps/app/app-page.tsx'],
  ])('stays below that together with %s', (_name, file) => {
    const page = manifestKey(file);
    expect(manifest[page], page).toBeDefined();
    expect(compressed(filesOf('index.html', manifestKey('web/developer/routes.tsx'), page))).toBeLessThan(MOST_BYTES);
  });
});
