// Bundles the server into a few files if its sources have changed, because Node takes longer to load three thousand
// modules than to do everything else at a start. Runs on the pinned Node, started by setup.mjs. Prints nothing if there
// is nothing to do.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundle, checkout, isBundled, STAMP, sourceFingerprint } from './server-bundle.mjs';
import { alone } from './setup-lock.mjs';

const print = (text) => process.stderr.write(`${text}\n`);

async function build() {
  if (isBundled()) return;
  const begun = Date.now();
  const fingerprint = sourceFingerprint();
  const folder = `${bundle}-${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    await bundleInto(folder);
    writeFileSync(path.join(folder, STAMP), fingerprint);
    rmSync(bundle, { recursive: true, force: true });
    renameSync(folder, bundle);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  print(`Server built in ${((Date.now() - begun) / 1000).toFixed(1)} s.`);
}

async function bundleInto(folder) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    cwd: checkout,
    input: { main: path.join(checkout, 'src/main.ts') },
    platform: 'node',
    // A package with native code loads its library from its own folder.
    external: ['@node-rs/argon2', 'pg-native'],
    plugins: [sourceAddresses],
    logLevel: 'silent',
  });
  const { output } = await build.generate({
    format: 'esm',
    // The names have no hashes, so that the compile cache has only the latest version of each file.
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
    comments: false,
    banner: ADDRESS_FUNCTIONS,
  });
  await build.close();
  for (const { fileName, code } of output) writeFileSync(path.join(folder, fileName), escapeNonAscii(code));
}

/** Functions for the places where a source asks for its own address. The bundle is three folders below the checkout. */
const ADDRESS_FUNCTIONS = [
  `import { fileURLToPath as $toPath } from 'node:url';`,
  `const $sourceUrl = (name) => new URL('../../../' + name, import.meta.url).href;`,
  `const $sourceFolder = (name) => $toPath($sourceUrl(name));`,
].join('\n');

/** Lets a bundled source find its files: it gets its own address instead of that of the bundle. */
const sourceAddresses = {
  name: 'source-addresses',
  transform(code, id) {
    const name = path.relative(checkout, id).split(path.sep).join('/');
    if (!name.startsWith('src/') || !code.includes('import.meta.')) return;
    return code
      .replaceAll('import.meta.dirname', `$sourceFolder(${JSON.stringify(path.posix.dirname(name))})`)
      .replaceAll('import.meta.url', `$sourceUrl(${JSON.stringify(name)})`);
  },
};

/**
 * Escapes all other characters than ASCII. V8 stores a source with a single character outside of Latin-1 with two bytes
 * per character, and keeps it as long as the server runs.
 */
const escapeNonAscii = (code) =>
  code.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

if (!isBundled())
  await alone(path.join(checkout, '.server-lock'), build, () => print('Waiting for another build of the server…'));
