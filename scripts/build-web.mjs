// Builds web/ into web/dist if its sources have changed, with compressed copies of each file. Runs on the pinned Node,
// started by setup.mjs. Prints nothing if there is nothing to do.
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
    const vite = await import('vite');
    await vite.build({
      configFile: path.join(web, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: outputFolder, emptyOutDir: true },
    });
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

function compress(file) {
  if (!/\.(js|css|svg)$/.test(file)) return;
  const content = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
