import { describe, expect, test } from 'vitest';
import { check } from './check-sources.ts';

const thing = "export const Thing = { name: 'thing' };";
const uses = (file: string): string => `import { Thing } from '${file}';\nexport const mine = Thing;`;
const usesType = (file: string): string => `import type { Thing } from '${file}';\nexport let mine: Thing;`;

test('imports in the order of the modules pass', () => {
  const { status, problems } = check({
    'src/kernel/index.ts': "export * from './thing.ts';",
    'src/kernel/thing.ts': thing,
    'src/config/index.ts': `${usesType('../kernel/index.ts')}\nexport const home = process.env['HOME'];`,
    'src/fhir/index.ts': "export * from './r4/thing.ts';",
    'src/fhir/model/thing.ts': usesType('../../kernel/index.ts'),
    'src/fhir/model/thing.test.ts': "import '../index.ts';",
    'src/fhir/store/thing.ts': "export type { Mine } from '../model/thing.ts';",
    'src/fhir/r4/thing.ts':
      "import type { Mine } from '../store/thing.ts';\nexport type { Mine };\nexport type { Mine as Other } from '../model/thing.ts';",
    'src/web-pages/index.ts': usesType('../kernel/index.ts'),
    'src/sandbox/index.ts': "export * from '../web-pages/index.ts';\n// process.env is read elsewhere",
    'src/http/index.ts': "export * from '../web-pages/index.ts';\nexport * from '../fhir/index.ts';",
    'src/app.ts': "export * from './http/index.ts';",
    'src/main.ts': "import './app.ts';",
    'src/cli/main.ts': "export const serve = () => import('../main.ts');",
    'src/portal-api/contract/app.ts': thing,
    'web/developer/app.tsx': `${usesType('../../src/portal-api/contract/app.ts')}\nexport const app = <p />;`,
    'web/shell/app.tsx': "export * from '../developer/app.tsx';",
  });
  expect(problems).toEqual([]);
  expect(status).toBe(0);
});

const mistakes = [
  {
    what: 'a module of a lower line',
    from: 'src/kernel/a.ts',
    text: uses('../config/index.ts'),
    to: 'src/config/index.ts',
    problem: 'kernel may not import config',
  },
  {
    what: 'a module of the same line',
    from: 'src/oauth/a.ts',
    text: uses('../fhir/index.ts'),
    to: 'src/fhir/index.ts',
    problem: 'oauth may not import fhir',
  },
  {
    what: 'a type of that module',
    from: 'src/oauth/b.ts',
    text: usesType('../fhir/index.ts'),
    to: 'src/fhir/index.ts',
    problem: 'oauth may not import fhir',
  },
  {
    what: 'an inline type of that module',
    from: 'src/oauth/c.ts',
    text: "export type A = import('../fhir/index.ts').Thing;",
    to: 'src/fhir/index.ts',
    problem: 'oauth may not import fhir',
  },
  {
    what: 'a dynamic import',
    from: 'src/oauth/d.ts',
    text: "export const a = import('../fhir/index.ts');",
    to: 'src/fhir/index.ts',
    problem: 'oauth may not import fhir',
  },
  {
    what: 'a re-export',
    from: 'src/oauth/e.ts',
    text: "export type { Thing } from '../fhir/index.ts';",
    to: 'src/fhir/index.ts',
    problem: 'oauth may not import fhir',
  },
  {
    what: 'the composition',
    from: 'src/http/a.ts',
    text: usesType('../app.ts'),
    to: 'src/app.ts',
    problem: 'http may not import app.ts',
  },
  {
    what: 'the other FHIR version',
    from: 'src/fhir/r4/a.ts',
    text: usesType('../dstu2/thing.ts'),
    to: 'src/fhir/dstu2/thing.ts',
    problem: 'fhir/r4 may not import fhir/dstu2',
  },
  {
    what: 'a FHIR version from version-independent code',
    from: 'src/fhir/model/a.ts',
    text: usesType('../r4/thing.ts'),
    to: 'src/fhir/r4/thing.ts',
    problem: 'fhir/model may not import fhir/r4',
  },
  {
    what: 'a file behind an index.ts',
    from: 'src/config/a.ts',
    text: usesType('../kernel/thing.ts'),
    to: 'src/kernel/thing.ts',
    problem: 'enter a module through its index.ts',
  },
  {
    what: 'a file behind an index.ts, from src itself',
    from: 'src/main.ts',
    text: usesType('./http/thing.ts'),
    to: 'src/http/thing.ts',
    problem: 'enter a module through its index.ts',
  },
  {
    what: 'a module that is missing from the order',
    from: 'src/http/b.ts',
    text: usesType('../utils/index.ts'),
    to: 'src/utils/index.ts',
    problem: 'utils has no place in the order of modules',
  },
  {
    what: 'a module from one that is missing from the order',
    from: 'src/utils/a.ts',
    text: usesType('../kernel/index.ts'),
    to: 'src/kernel/index.ts',
    problem: 'utils has no place in the order of modules',
  },
  {
    what: 'a module before the command is known',
    from: 'src/cli/main.ts',
    text: uses('../audit/index.ts'),
    to: 'src/audit/index.ts',
    problem: 'the command line loads this before it knows which command runs',
  },
  {
    what: 'a test',
    from: 'src/kernel/b.ts',
    text: usesType('./thing.test.ts'),
    to: 'src/kernel/thing.test.ts',
    problem: 'the product imports no tests',
  },
] as const;

test.each(mistakes)('$what may not be imported: $problem', ({ from, text, to, problem }) => {
  expect(check({ [to]: thing, [from]: text })).toEqual({ status: 1, problems: [`${from} -> ${to}: ${problem}`] });
});

test('an import of a missing file is reported', () => {
  expect(check({ 'src/audit/a.ts': "import './nothing.ts';" }).problems).toEqual([
    'src/audit/a.ts -> ./nothing.ts: no such file',
  ]);
});

test('a cycle of type imports is reported with its files', () => {
  const { status, problems } = check({ 'src/audit/a.ts': usesType('./b.ts'), 'src/audit/b.ts': usesType('./a.ts') });
  expect(problems).toEqual(['src/audit/a.ts -> src/audit/b.ts -> src/audit/a.ts: cycle']);
  expect(status).toBe(1);
});

describe('only src/config reads the environment', () => {
  test.each([
    "export const a = process.env['A'];",
    'export const a = process.env.A;',
    "export const a = process['env'];",
    "import { env } from 'node:process';\nexport const a = env;",
    "import process from 'node:process';\nexport const { env } = process;",
  ])('%s', (text) => {
    expect(check({ 'src/http/a.ts': text }).problems).toEqual(['src/http/a.ts: only src/config reads the environment']);
  });
});

test('pages import only their catalog and types of the JSON API, and developer and administrator pages do not import each other', () => {
  const { problems } = check({
    'src/portal-api/contract/app.ts': thing,
    'src/apps/index.ts': thing,
    'web/developer/a.ts': uses('../../src/portal-api/contract/app.ts'),
    'web/developer/b.ts': usesType('../../src/apps/index.ts'),
    'web/developer/c.ts': usesType('../admin/d.ts'),
    'web/admin/d.ts': thing,
    'src/i18n/en/web.ts': thing,
    'src/i18n/en/consent.ts': thing,
    'web/admin/e.ts': uses('../../src/i18n/en/web.ts'),
    'web/admin/f.ts': uses('../../src/i18n/en/consent.ts'),
  });
  expect(problems).toEqual([
    'web/admin/f.ts -> src/i18n/en/consent.ts: pages import only their catalog, the design and types of src/portal-api/contract',
    'web/developer/a.ts -> src/portal-api/contract/app.ts: pages import only their catalog, the design and types of src/portal-api/contract',
    'web/developer/b.ts -> src/apps/index.ts: pages import only their catalog, the design and types of src/portal-api/contract',
    'web/developer/c.ts -> web/admin/d.ts: only web/shell/app.tsx imports both parts',
  ]);
});

test('the catalog of the pages imports only the catalog', () => {
  const { status, problems } = check({
    'src/kernel/index.ts': thing,
    'src/i18n/en/web.ts': uses('./shell.ts'),
    'src/i18n/en/shell.ts': uses('../../kernel/index.ts'),
    'src/i18n/en/consent.ts': uses('../../kernel/index.ts'),
  });
  expect(problems).toEqual([
    'src/i18n/en/shell.ts -> src/kernel/index.ts: the pages load this file, so it imports only src/i18n',
  ]);
  expect(status).toBe(1);
});

test('a type name that several files export is reported, a re-export is not', () => {
  const { status, problems } = check({
    'src/audit/a.ts': 'export interface Event { readonly at: Date }',
    'src/audit/b.ts': 'type Event = string;\nexport type { Event };\nexport class Journal {}',
    'src/audit/index.ts': "export type { Event } from './a.ts';\nexport { Journal } from './b.ts';",
    'src/web-pages/a.ts':
      "import type { Event } from '../audit/index.ts';\ntype Journal = Event;\nexport type { Event };",
    'web/shell/a.tsx': 'export type Event = number;',
  });
  expect(problems).toEqual(['src/audit/a.ts, src/audit/b.ts, web/shell/a.tsx: several types are named Event']);
  expect(status).toBe(1);
});

test('a function that a module exports needs a doc comment', () => {
  const { status, problems } = check({
    'src/audit/index.ts': "export { append, inner } from './a.ts';\nexport * from './b.ts';",
    'src/audit/a.ts':
      '/** Appends an event. */\nexport function append() {}\n// No doc comment.\nexport const inner = () => 1;\nexport const own = () => 2;',
    'src/audit/b.ts': "export { list as find } from './c.ts';\nexport function read() {}\nexport const limit = 1;",
    'src/audit/c.ts': 'export async function list() {}\nexport async function other() {}',
  });
  expect(problems).toEqual([
    'src/audit/a.ts: inner needs a doc comment, because its module exports it',
    'src/audit/b.ts: read needs a doc comment, because its module exports it',
    'src/audit/c.ts: list needs a doc comment, because its module exports it',
  ]);
  expect(status).toBe(1);
});

test('a comment that begins like a fragment is reported with its line', () => {
  const { status, problems } = check({
    'src/audit/a.ts': "// A line says more\n// what of it.\nexport const a = 'of'; // Of one day.\n/** Whose it is. */",
    'src/mail/a.js': '/*\n * By which it is found.\n */',
    'web/shell/a.tsx': '/** Whatever is left. */\nexport const b = 1;\n\n// What is left.\n',
    'bench/a.ts': '/** Office hours. */',
    'scripts/a.mjs': '//what it does',
    'test/mail/a.test.ts': '/** Which email it is. */',
  });
  expect(problems).toEqual([
    "scripts/a.mjs:1: a comment that begins with 'what' is a fragment",
    "src/audit/a.ts:3: a comment that begins with 'Of' is a fragment",
    "src/audit/a.ts:4: a comment that begins with 'Whose' is a fragment",
    "src/mail/a.js:1: a comment that begins with 'By which' is a fragment",
    "test/mail/a.test.ts:1: a comment that begins with 'Which' is a fragment",
    "web/shell/a.tsx:4: a comment that begins with 'What' is a fragment",
  ]);
  expect(status).toBe(1);
});
