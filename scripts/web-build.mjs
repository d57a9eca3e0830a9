// Tells whether web/dist is up to date with its sources. Plain JavaScript for any Node >= 20.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const checkout = path.join(import.meta.dirname, '..');
export const web = path.join(checkout, 'web');
export const dist = path.join(web, 'dist');
const stamp = path.join(dist, '.built');

export function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();
}

/** Hash of every file that a build reads. */
export function sourceHash() {
  const hash = createHash('sha256');
  for (const name of ['web', 'src/i18n', 'src/design', 'src/web-pages/assets'].flatMap(filesIn))
    hash.update(`${name}\0`).update(readFileSync(path.join(checkout, name)));
  for (const name of ['scripts/build-web.mjs', 'package-lock.json'])
    hash.update(readFileSync(path.join(checkout, name)));
  return hash.digest('hex');
}

function filesIn(folder) {
  return readdirSync(path.join(checkout, folder), { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => /\.(tsx?|css|html|json|svg)$/.test(name) && !/^(dist|\.dist-)/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}
