// Builds web/ into web/dist if its sources have changed, with a digest of each script and style (Subresource Integrity)
// and compressed copies of each file. Runs on the pinned Node, started by setup.mjs. Prints nothing if there is nothing to
// do.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { alone } from './setup-lock.mjs';
import { dist, isBuilt, sourceHash, web } from './web-build.mjs';

const checkout = path.join(import.meta.dirname, '..');
const print = (text) => process.stderr.write(`${text}\n`);

if (!isBuilt())
  await alone(path.join(checkout, '.build-lock'), build, () => print('Waiting for another build of the web pages…'));

async function build() {
  if (isBuilt()) return;
  print('Building the web pages…');
  const begun = Date.now();
  const hash = sourceHash();
  const outputFolder = path.join(web, `.dist-${process.pid}`);
  try {
    // Otherwise a build within a test would have the development version of React.
    process.env.NODE_ENV = 'production';
    const vite = await import('vite');
    await vite.build({
      configFile: path.join(web, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: outputFolder, emptyOutDir: true },
    });
    addIntegrity(outputFolder);
    for (const name of readdirSync(path.join(outputFolder, 'assets')))
      compress(path.join(outputFolder, 'assets', name));
    writeFileSync(path.join(outputFolder, '.built'), hash);
    rmSync(dist, { recursive: true, force: true });
    renameSync(outputFolder, dist);
  } finally {
    rmSync(outputFolder, { recursive: true, force: true });
  }
  print(`Web pages built in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
}

/**
 * Adds the digest of each file that the page loads: to its elements, and for modules that other modules import to an
 * import map (https://html.spec.whatwg.org/#import-map-integrity). A browser then runs no file that a cache or proxy has
 * changed.
 */
function addIntegrity(folder) {
  const page = path.join(folder, 'index.html');
  const integrity = Object.fromEntries(
    readdirSync(path.join(folder, 'assets'))
      .filter((name) => /\.(js|css)$/.test(name))
      .map((name) => [`/web/assets/${name}`, digest(path.join(folder, 'assets', name))]),
  );
  const modules = Object.fromEntries(Object.entries(integrity).filter(([name]) => name.endsWith('.js')));
  const importMap = `<script type="importmap">${JSON.stringify({ integrity: modules })}</script>`;
  const html = readFileSync(page, 'utf8')
    .replaceAll(
      /(?:src|href)="(\/web\/assets\/[^"]+\.(?:js|css))"/g,
      (found, name) => `${found} integrity="${integrity[name]}"`,
    )
    .replace(/<(?:script|link)[^>]*\/web\/assets\//, (first) => `${importMap}\n  ${first}`);
  writeFileSync(page, html);
}

function digest(file) {
  return `sha256-${createHash('sha256').update(readFileSync(file)).digest('base64')}`;
}

function compress(file) {
  if (!/\.(js|css|svg)$/.test(file)) return;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
