import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the check over a small tree of sources: file below src -> text. */
function check(sources: Readonly<Record<string, string>>, exclude = ''): { status: number | null; faults: string[] } {
  const home = temporaryFolder();
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json']) cpSync(path.join(root, name), path.join(home, name));
  if (exclude !== '') {
    const config = path.join(home, '.dependency-cruiser.cjs');
    writeFileSync(config, readFileSync(config, 'utf8').replace("exclude: '^node_modules'", exclude));
  }
  for (const [name, text] of Object.entries(sources)) {
    const file = path.join(home, 'src', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  const options = { cwd: home, encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'scripts/check-rooms.mjs')], options);
  return { status, faults: stdout.trim().split('\n').slice(1).sort() };
}

const room = 'export interface Thing { readonly name: string }';
const uses = (file: string): string => `import { Thing } from '${file}';\nexport type Mine = Thing;`;
const usesType = (file: string): string => `import type { Thing } from '${file}';\nexport type Mine = Thing;`;

test('what the order allows passes', () => {
  const { status, faults } = check({
    'kernel/index.ts': "export * from './thing.ts';",
    'kernel/thing.ts': room,
    'config/index.ts': `${usesType('../kernel/index.ts')}\nexport const home = process.env['HOME'];`,
    'fhir/index.ts': "export * from './r4/thing.ts';",
    'fhir/core/thing.ts': usesType('../../kernel/index.ts'),
    'fhir/core/thing.test.ts': "import '../index.ts';",
    'fhir/store/thing.ts': "export type { Mine } from '../core/thing.ts';",
    'fhir/r4/thing.ts':
      "import type { Mine } from '../store/thing.ts';\nexport type { Mine };\nexport type { Mine as Other } from '../core/thing.ts';",
    'pages/index.ts': usesType('../kernel/index.ts'),
    'sandbox/index.ts': "export * from '../pages/index.ts';\n// process.env is read elsewhere",
    'http/index.ts': "export * from '../pages/index.ts';\nexport * from '../fhir/index.ts';",
    'compose.ts': "export * from './http/index.ts';",
    'main.ts': "import './compose.ts';",
    'cli/main.ts': "export const serve = () => import('../main.ts');",
  });
  expect(faults).toEqual([]);
  expect(status).toBe(0);
});

const planted = [
  ['a room below', 'order-of-src-kernel', 'kernel/a.ts', uses('../config/index.ts'), 'config/index.ts'],
  ['a sibling', 'order-of-src-oauth', 'oauth/a.ts', uses('../fhir/index.ts'), 'fhir/index.ts'],
  ['a type of it', 'order-of-src-oauth', 'oauth/b.ts', usesType('../fhir/index.ts'), 'fhir/index.ts'],
  [
    'an inline type',
    'order-of-src-oauth',
    'oauth/c.ts',
    "export type A = import('../fhir/index.ts').Thing;",
    'fhir/index.ts',
  ],
  [
    'one loaded late',
    'order-of-src-oauth',
    'oauth/d.ts',
    "export const a = import('../fhir/index.ts');",
    'fhir/index.ts',
  ],
  ['a later room', 'order-of-src-pages', 'pages/a.ts', usesType('../sandbox/index.ts'), 'sandbox/index.ts'],
  ['the root', 'order-of-src-http', 'http/a.ts', usesType('../compose.ts'), 'compose.ts'],
  ['the other version', 'order-of-src-fhir-r4', 'fhir/r4/a.ts', usesType('../dstu2/thing.ts'), 'fhir/dstu2/thing.ts'],
  ['a version', 'order-of-src-fhir-core', 'fhir/core/a.ts', usesType('../r4/thing.ts'), 'fhir/r4/thing.ts'],
  ['past an index', 'entrance', 'config/a.ts', usesType('../kernel/thing.ts'), 'kernel/thing.ts'],
  ['the same from above', 'entrance-from-above', 'main.ts', usesType('./http/thing.ts'), 'http/thing.ts'],
  ['a room without a place', 'unlisted-room', 'http/b.ts', usesType('../utils/index.ts'), 'utils/index.ts'],
  ['from such a room', 'unlisted-room-imports', 'utils/a.ts', usesType('../kernel/index.ts'), 'kernel/index.ts'],
  [
    'a room before a command needs it',
    'commands-start-fast',
    'cli/main.ts',
    uses('../audit/index.ts'),
    'audit/index.ts',
  ],
  ['a test', 'product-without-tests', 'kernel/b.ts', usesType('./thing.test.ts'), 'kernel/thing.test.ts'],
] as const;

test('each import against the order is found, and nothing else', () => {
  const targets = planted.map(([, , , , to]) => [to, room]);
  const sources = planted.map(([, , from, text]) => [from, text]);
  const { status, faults } = check(Object.fromEntries([...targets, ...sources]));
  expect(faults).toEqual(planted.map(([, rule, from, , to]) => `src/${from} -> src/${to}: ${rule}`).sort());
  expect(status).toBe(1);
});

test('a circle of types within a room is found, and what does not exist', () => {
  const { faults } = check({
    'audit/a.ts': usesType('./b.ts'),
    'audit/b.ts': usesType('./a.ts'),
    'audit/index.ts': "import './nothing.ts';",
  });
  expect(faults).toContain('src/audit/index.ts -> ./nothing.ts: resolvable');
  expect(faults.join()).toMatch(/audit\/a\.ts.*no-cycle/);
});

test('reading the environment outside of config is found', () => {
  const readers = {
    'http/a.ts': "export const a = process.env['A'];",
    'http/b.ts': 'export const a = process.env.A;',
    'http/c.ts': "export const a = process['env'];",
    'http/d.ts': "import { env } from 'node:process';\nexport const a = env;",
    'http/e.ts': "import process from 'node:process';\nexport const { env } = process;",
  };
  const { status, faults } = check(readers);
  const rest = ': reads the environment, which only src/config may';
  expect(faults).toEqual(Object.keys(readers).map((file) => `src/${file}${rest}`));
  expect(status).toBe(1);
});

test('a source that the cruiser does not see is a fault, not a success', () => {
  const { status, faults } = check({ 'audit/index.ts': room }, "exclude: '^(node_modules|src/audit)'");
  expect(faults).toEqual(['src/audit/index.ts: was not looked at, so nothing is known of its imports']);
  expect(status).toBe(1);
});
