import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm test` prints and ends with in a small project that has these test files, and checks that pass. */
function npmTest(
  files: Readonly<Record<string, string>>,
  { args = [], env = {}, lint = 'true' }: { args?: string[]; env?: Record<string, string>; lint?: string } = {},
): { status: SpawnSyncReturns<string>['status']; lines: string[] } {
  const home = temporaryFolder();
  for (const name of ['scripts', 'test/support/cpu-time.ts'])
    cpSync(path.join(root, name), path.join(home, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
  const project: Record<string, string> = {
    'package.json': JSON.stringify({
      type: 'module',
      scripts: { types: 'true', 'types:web': 'true', lint, rooms: 'true', unused: 'true' },
    }),
    'vitest.config.js': `export default { test: { setupFiles: 'test/support/cpu-time.ts', isolate: false, maxWorkers: 2 } }`,
    ...files,
  };
  for (const [name, text] of Object.entries(project)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { status, stdout } = spawnSync(process.execPath, [path.join(home, 'scripts/test.mjs'), ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  });
  return { status, lines: stdout.trim().split('\n') };
}

const fileWith = (body: string): string => `import { test } from 'vitest';\n${body}`;
const passing = fileWith(`test('passes', () => {});`);
const failing = fileWith(`test('fails', () => { throw new Error('always'); });`);
/** Fails the first time it runs in a folder. */
const flaky = fileWith(`
  import { existsSync, writeFileSync } from 'node:fs';
  test('loses a race', () => {
    if (existsSync('ran')) return;
    writeFileSync('ran', '');
    throw new Error('only once');
  });`);

test('a run whose checks and tests pass counts them', () => {
  const { status, lines } = npmTest({ 'test/one.test.ts': passing, 'test/two.test.ts': passing });
  expect(status).toBe(0);
  expect(lines.at(-1)).toBe('7 passed, 0 failed');
});

test('a failed check fails the run and shows its output', () => {
  const { status, lines } = npmTest({ 'test/one.test.ts': passing }, { lint: 'echo unused import; false' });
  expect(status).toBe(1);
  expect(lines).toContain('unused import');
  expect(lines.at(-1)).toBe('5 passed, 1 failed');
});

test('in CI, a test that passes only the second time fails the run and is named as flaky', () => {
  const { status, lines } = npmTest(
    { 'test/race.test.ts': flaky, 'test/broken.test.ts': failing },
    { env: { CI: 'true' } },
  );
  expect(status).toBe(1);
  expect(lines.filter((line) => line.startsWith('FLAKY'))).toEqual([
    'FLAKY: passed only the second time: test/race.test.ts > loses a race',
  ]);
  expect(lines.at(-1)).toBe('5 passed, 2 failed');
});

test('outside CI, no failed test runs again', () => {
  const { lines } = npmTest({ 'test/race.test.ts': flaky });
  expect(lines.filter((line) => line.startsWith('FLAKY'))).toEqual([]);
  expect(lines.at(-1)).toBe('5 passed, 1 failed');
});

test('a retry that hides a failure fails the run', () => {
  const retrying = flaky.replace("'loses a race'", "'loses a race', { retry: 1 }");
  const { status, lines } = npmTest({ 'test/race.test.ts': retrying });
  expect(status).toBe(1);
  expect(lines).toContain('FLAKY: passed only the second time: test/race.test.ts > loses a race');
  expect(lines.at(-1)).toBe('5 passed, 1 failed');
});

test('a file that fails without a failed test counts as failed', () => {
  const { status, lines } = npmTest({ 'test/one.test.ts': `import './missing.ts';\n${passing}` });
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('5 passed, 1 failed');
});

test('an error that nothing catches fails the run', () => {
  const { status, lines } = npmTest({
    'test/one.test.ts': fileWith(`test('passes', async () => { void Promise.reject(new Error('lost')); });`),
  });
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('6 passed, 1 failed');
});

test('a file that takes more than 4 % of the CPU time fails a run of the whole suite', () => {
  const burn = 'const begun = process.cpuUsage().user; while (process.cpuUsage().user < begun + 1e6);';
  const files = {
    'test/own.test.ts': fileWith(`test('computes', { timeout: 60_000 }, () => { ${burn} });`),
    'test/child.test.ts': fileWith(`
      import { spawnSync } from 'node:child_process';
      test('starts a program', { timeout: 60_000 }, () => void spawnSync(process.execPath, ['-e', '${burn}']));`),
    'test/quick.test.ts': passing,
  };
  const whole = npmTest(files);
  expect(whole.status).toBe(1);
  expect(whole.lines.filter((line) => line.startsWith('TOO SLOW')).map((line) => line.split(' ')[2])).toEqual(
    expect.arrayContaining(['test/own.test.ts', 'test/child.test.ts']),
  );
  const part = npmTest(files, { args: ['test/own.test.ts'] });
  expect(part.status).toBe(0);
});
