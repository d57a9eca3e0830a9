// The order of rooms (.dependency-cruiser.cjs) in the folder this is run in, src/config as the only reader of the
// environment, and what the portal's pages (web/) may import.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const faults = [...roomFaults(), ...environmentReaders(), ...webFaults()];
for (const fault of faults) console.log(fault);
if (faults.length > 0) process.exitCode = 1;

function roomFaults() {
  const { modules, summary } = cruise();
  // with a TypeScript it does not know, the cruiser sees no modules and reports that all is well
  const seen = new Set(modules.map(({ source }) => source));
  const unseen = sources().filter((file) => !seen.has(file));
  console.log(`${modules.length} modules, ${summary.totalDependenciesCruised} imports looked at`);
  return [
    ...summary.violations.map(describe),
    ...unseen.map((file) => `${file}: was not looked at, so nothing is known of its imports`),
  ];
}

function cruise() {
  const cruiser = path.join(import.meta.dirname, '../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const options = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src'];
  const { stdout, stderr } = spawnSync(process.execPath, [cruiser, ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`dependency-cruiser failed: ${stderr}${stdout.slice(0, 2000)}`);
  }
}

function describe({ rule, from, to, cycle }) {
  const way = cycle?.length > 0 ? cycle.map(({ name }) => name).join(' -> ') : to;
  return `${from} -> ${way}: ${rule.name}`;
}

function environmentReaders() {
  const ways = [
    /\bprocess\??(\.env\b|\[\s*['"]env['"])/,
    /\{[^}]*\benv\b[^}]*\}\s*(=\s*process\b|from\s*['"](node:)?process['"])/,
  ];
  const product = sources().filter((file) => !file.startsWith('src/config/') && !file.endsWith('.test.ts'));
  return product
    .filter((file) => {
      const text = withoutComments(readFileSync(file, 'utf8'));
      return ways.some((way) => way.test(text));
    })
    .map((file) => `${file}: reads the environment, which only src/config may`);
}

/** The pages know the server by its contract alone, and of that the types; no room of theirs knows another. */
function webFaults() {
  const files = existsSync('web')
    ? readdirSync('web', { recursive: true }).filter((name) => /^(?!dist)[^.].*\.tsx?$/.test(name))
    : [];
  return files.flatMap((name) => {
    const file = `web/${name.split(path.sep).join('/')}`;
    const imports = readFileSync(file, 'utf8').matchAll(/import (type )?[^;]*?'(\.[^']+)'/g);
    return [...imports].flatMap(([, type, to]) =>
      webFault(file, path.posix.join(path.posix.dirname(file), to), type !== undefined),
    );
  });
}

function webFault(file, to, isType) {
  const room = file.split('/')[1];
  const other = to.split('/')[1];
  if (to.startsWith('src/') && !(isType && to.startsWith('src/portal/contract/')))
    return [`${file} -> ${to}: pages import types of src/portal/contract and nothing else of the server`];
  const isRoom = (name) => name === 'developer' || name === 'review';
  const ofRoom = isRoom(other) && room !== other && file !== 'web/shell/app.tsx';
  return ofRoom ? [`${file} -> ${to}: a room of pages is entered by web/shell/app.tsx alone`] : [];
}

function withoutComments(text) {
  return text.replaceAll(/^\s*(\/\/|\/?\*).*$/gm, '');
}

function sources() {
  return readdirSync('src', { recursive: true })
    .map((name) => `src/${name.split(path.sep).join('/')}`)
    .filter((name) => name.endsWith('.ts'));
}
