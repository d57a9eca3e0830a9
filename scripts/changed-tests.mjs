// Selects the tests that a change affects. Almost every test starts the whole server and so imports almost every
// module, so imports can't tell which tests are about a change, but file names can. The tests of src/a/b/ are beside
// the modules, and in test/a/b/ and test/a/b-*.test.ts, or in test/a/ if there are none with that name.
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Tests of sources whose tests have other names. */
const TESTS_OF = {
  'src/access/**': [
    'src/access/**',
    'test/oauth/**',
    'test/fhir/authorization/**',
    'test/fhir/**/{granular,leaks,mixed-grants,narrowed}*',
  ],
  'src/audit/**': [
    'test/patient-portal/access-log*',
    'test/practice-portal/disclosures*',
    'test/oauth/token/token-audit*',
  ],
  'src/config/**': ['src/config/**', 'test/docs/**', 'test/start-up/**'],
  'src/database/embedded/**': ['src/database/**', 'test/start-up/embedded*'],
  'src/fhir/dstu2/**': ['src/fhir/dstu2/**', 'test/fhir/dstu2/**'],
  'src/fhir/export/**': ['src/fhir/export/**', 'test/fhir/export/**'],
  'src/fhir/groups/**': ['test/cli/groups*', 'test/fhir/export/groups*', 'test/admin-api/groups/**'],
  'src/fhir/openapi/**': ['test/fhir/openapi/**'],
  'src/oauth/launch/**': ['test/oauth/launch/**'],
  'src/oauth/**': ['src/oauth/**', 'test/oauth/**'],
  'src/brands/**': ['src/brands/**', 'test/brands/**', 'test/public-site/pages*'],
  'src/public-site/**': ['src/public-site/**', 'test/public-site/**', 'test/portal-pages/**'],
  'src/portal-api/**': ['test/portal-api/**', 'test/portal-pages/**'],
  'src/apps/**': [
    'src/apps/**',
    'test/oauth/register/**',
    'test/developer-api/{apps,organisations}/**',
    'test/admin-api/review/**',
  ],
  'src/sandbox/**': ['src/sandbox/**', 'test/sandbox/**', 'test/start-up/demo*', 'test/us-core/**'],
  'src/validation/**': ['src/validation/**', 'test/us-core/**', 'test/validation/**'],
  'src/i18n/*/{developer-portal,admin-portal}/**': [
    'src/i18n/**',
    'test/{developer-api,admin-api,portal-pages,sign-up,public-site}/**/*browser*',
    'test/developer-api/{apps/draft-errors,explorer/test-patients}*',
  ],
  'src/i18n/**/{patient-portal,patient-record}.ts': ['src/i18n/**', 'test/patient-portal/**'],
  'src/i18n/**/consent.ts': ['src/i18n/**', 'test/oauth/consent/**'],
  'src/i18n/**/enrollment.ts': ['src/i18n/**', 'test/enrollment/**'],
  'src/i18n/**/{security,security-email,sign-in}.ts': ['src/i18n/**', 'test/identity/**'],
  'src/i18n/**/*.ts': ['src/i18n/**', 'test/{mail,web-pages}/**', 'test/developer-api/apps/spanish*'],
  'web/admin/**': ['test/admin-api/**/*browser*'],
  'web/**': ['test/{developer-api,admin-api,portal-pages,sign-up,public-site}/**/*browser*'],
  'docs/tables.md': ['test/database/table-owners*'],
  'docs/**': ['test/docs/**', 'test/guide/**', 'test/public-site/docs/**'],
  '{ARCHITECTURE,CONTRIBUTING,README}.md': ['test/docs/**'],
  'bench/**': [],
  '{scripts,.ci}/**': ['test/tooling/**', 'test/start-up/setup*'],
};

/** Files and folders whose change affects every test. */
const EVERYTHING = ['src/{http,kernel}/**', 'src/*.ts', 'package-lock.json', 'vitest.config.ts'];

/** Returns the test files to run for the differences from a commit, relative to the checkout. */
export function changedTests(commit) {
  return testsOf(changedFiles(commit));
}

/** Tracked files that differ from where this branch left the commit, and new files. */
function changedFiles(commit) {
  const base = git('merge-base', commit, 'HEAD');
  return [...git('diff', '--name-only', ...base), ...git('ls-files', '--others', '--exclude-standard')];
}

function git(...args) {
  const { status, stdout, stderr } = spawnSync('git', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.split('\n').filter(Boolean);
}

/** Returns the tests for changed files, without the deep tests. */
export function testsOf(changed) {
  const files = globSync('{src,test}/**/*.ts').map((file) => file.split(path.sep).join('/'));
  const tests = files.filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/deep/'));
  if (changed.some(matchesAny(EVERYTHING))) return tests;
  const affected = addImporters(changed, files);
  const isNamedFor = matchesAny(changed.flatMap((file) => testGlobs(file, tests)));
  return tests.filter((test) => affected.has(test) || isNamedFor(test));
}

const matchesAny = (globs) => (file) => globs.some((glob) => path.matchesGlob(file, glob));

function testGlobs(file, tests) {
  const exception = Object.keys(TESTS_OF).find((glob) => path.matchesGlob(file, glob));
  if (exception !== undefined) return TESTS_OF[exception];
  const [top, moduleName, part] = file.split('/');
  if (top !== 'src') return [];
  const narrow = [`src/${moduleName}/${part}/**`, `test/${moduleName}/${part}{/**,.test.ts,-*}`];
  return tests.some(matchesAny(narrow.slice(1))) ? narrow : [`src/${moduleName}/**`, `test/${moduleName}/**`];
}

/** Adds the tests that import a changed file, and those that use a changed part of `test`. */
function addImporters(changed, files) {
  const importers = new Map();
  for (const file of files.filter((name) => name.endsWith('.test.ts') || name.startsWith('test/'))) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)) {
      const imported = path.posix.join(path.posix.dirname(file), name);
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  const affected = new Set(changed);
  // The loop also visits files that are added while it runs.
  for (const file of affected) {
    const follow = file.startsWith('test/') || changed.includes(file);
    for (const importer of (follow && importers.get(file)) || []) affected.add(importer);
  }
  return affected;
}
