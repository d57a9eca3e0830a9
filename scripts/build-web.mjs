// Builds web/ into web/dist when it is not what was built last, each file compressed beside itself. Runs on the pinned
// Node: setup.mjs calls it. Says nothing when there is nothing to do.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { alone } from './setup-lock.mjs';

const checkout = path.join(import.meta.dirname, '..');
const web = path.join(checkout, 'web');
const dist = path.join(web, 'dist');
const stamp = path.join(dist, '.built');
const say = (text) => process.stderr.write(`${text}\n`);

if (!isBuilt())
  await alone(path.join(checkout, '.build-lock'), build, () => say('Waiting for another build of the web pages…'));

async function build() {
  if (isBuilt()) return;
  say('Building the web pages…');
  const begun = Date.now();
  const wanted = sourceHash();
  const draft = path.join(web, `.dist-${process.pid}`);
  try {
    const vite = await import('vite');
    await vite.build({
      configFile: path.join(web, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: draft, emptyOutDir: true },
    });
    for (const name of readdirSync(path.join(draft, 'assets'))) compress(path.join(draft, 'assets', name));
    writeFileSync(path.join(draft, '.built'), wanted);
    rmSync(dist, { recursive: true, force: true });
    renameSync(draft, dist);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  say(`Web pages built in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
}

function isBuilt() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === sourceHash();
}

/** Of all that a build reads. */
function sourceHash() {
  const hash = createHash('sha256');
  const files = readdirSync(web, { recursive: true })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => /\.(tsx?|css|html|json|svg)$/.test(name) && !/^(dist|\.dist-)/.test(name))
    .sort();
  for (const name of files) hash.update(`${name}\0`).update(readFileSync(path.join(web, name)));
  return hash.update(readFileSync(path.join(checkout, 'package-lock.json'))).digest('hex');
}

function compress(file) {
  if (!/\.(js|css|svg)$/.test(file)) return;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
