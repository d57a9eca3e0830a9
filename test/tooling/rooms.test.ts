import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, temporaryFolder } from '../support/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs the check over a small tree of sources: file below src -> text. */
function check(
  sources: Readonly<Record<string, string>>,
  { exclude = '', home = temporaryFolder() } = {},
): { status: number | null; faults: string[] } {
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

const circle = { 'audit/circle-a.ts': usesType('./circle-b.ts'), 'audit/circle-b.ts': usesType('./circle-a.ts') };
const readers = {
  'http/reader-a.ts': "export const a = process.env['A'];",
  'http/reader-b.ts': 'export const a = process.env.A;',
  'http/reader-c.ts': "export const a = process['env'];",
  'http/reader-d.ts': "import { env } from 'node:process';\nexport const a = env;",
  'http/reader-e.ts': "import process from 'node:process';\nexport const { env } = process;",
};

describe('a tree with a mistake of each kind', () => {
  let status: number | null;
  let faults: readonly string[];
  beforeAll(() => {
    const targets = planted.map(([, , , , to]) => [to, room]);
    const sources = planted.map(([, , from, text]) => [from, text]);
    const tree = Object.fromEntries([...targets, ...sources]);
    const { folder: home, remove } = makeFolder();
    ({ status, faults } = check({ ...tree, ...circle, ...readers, 'audit/b.ts': "import './nothing.ts';" }, { home }));
    return remove;
  });
  const isOfCircle = (fault: string): boolean => fault.includes('no-cycle');

  test('fails the check', () => {
    expect(status).toBe(1);
  });

  test('has no other error than the planted ones: imports against the order, one of nothing, uses of the environment', () => {
    const expected = [
      ...planted.map(([, rule, from, , to]) => `src/${from} -> src/${to}: ${rule}`),
      'src/audit/b.ts -> ./nothing.ts: resolvable',
      ...Object.keys(readers).map((file) => `src/${file}: reads the environment, which only src/config may`),
    ];
    expect(faults.filter((fault) => !isOfCircle(fault))).toEqual(expected.sort());
  });

  test('has a circle of types within a room', () => {
    expect(faults.filter(isOfCircle).join()).toMatch(/audit\/circle-a\.ts.*no-cycle/);
  });
});

test('a source that the cruiser does not see is a fault, not a success', () => {
  const { status, faults } = check({ 'audit/index.ts': room }, { exclude: "exclude: '^(node_modules|src/audit)'" });
  expect(faults).toEqual(['src/audit/index.ts: was not looked at, so nothing is known of its imports']);
  expect(status).toBe(1);
});
