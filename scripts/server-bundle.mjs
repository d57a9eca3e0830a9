// Tells whether the bundle of the server is up to date with its sources. Plain JavaScript for any Node >= 20.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export const checkout = path.join(import.meta.dirname, '..');
/** Folder of the bundle. `npm ci` deletes it. */
export const bundle = path.join(checkout, 'node_modules/.cache/server');
/** File in the folder of a bundle that contains the fingerprint of its sources. */
export const STAMP = '.built';

export function isBundled() {
  const stamp = path.join(bundle, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceFingerprint();
}

/**
 * Hash of the names, sizes and modification times of the sources, and of the content of the files that decide what is
 * bundled. Reading all sources would take longer than the rest of the start.
 */
export function sourceFingerprint() {
  const hash = createHash('sha256');
  for (const name of readdirSync(path.join(checkout, 'src'), { recursive: true }).sort()) {
    if (!/(?<!\.test)\.(ts|json)$/.test(name)) continue;
    const { size, mtimeMs } = statSync(path.join(checkout, 'src', name));
    hash.update(`${name}\0${size}\0${mtimeMs}\0`);
  }
  for (const name of ['package-lock.json', 'scripts/build-server.mjs', 'scripts/server-bundle.mjs'])
    hash.update(readFileSync(path.join(checkout, name)));
  return hash.digest('hex');
}
