import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { makeFolder, temporaryFolder } from '../support/database/folders.ts';
import { DEEP } from '../support/runs/slice.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const { judge } = await import(new URL('../../scripts/test-report.mjs', import.meta.url).href);

interface Options {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a project with these files, the scripts of this repository, and checks that pass. */
function project(files: Readonly<Record<string, string>>, home = temporaryFolder()): string {
  for (const name of ['scripts', 'test/support/runs/cpu-time.ts']) {
    cpSync(path.join(root, name), path.join(home, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(home, 'node_modules'));
  write(home, {
    'package.json': packageWith({}),
    'vitest.config.js': `export default { test: { setupFiles: 'test/support/runs/cpu-time.ts', isolate: false, testTimeout: 60_000 } };`,
    ...files,
  });
  return home;
}

const packageWith = (checks: Readonly<Record<string, string>>): string => {
  const names = ['types', 'types:web', 'lint', 'modules', 'unused', 'secrets', 'dependencies'];
  const scripts = { ...Object.fromEntries(names.map((name) => [name, 'true'])), ...checks };
  return JSON.stringify({ type: 'module', scripts });
};

function write(home: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * Runs `npm test` in a project.
 * @returns its output and exit code
 */
function npmTest(home: string, { args = [], env = {} }: Options = {}): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync(process.execPath, [path.join(home, 'scripts/test.mjs'), ...args], {
    cwd: home,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  });
  return { status, lines: stdout.trim().split('\n') };
}

function git(home: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: home, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

const fileWith = (body: string): string => `import { test } from 'vitest';\n${body}`;
const passing = fileWith(`test('passes', () => {});`);
const failing = fileWith(`test('fails', () => { throw new Error('always'); });`);
/** Source of a test that fails the first time it runs in a folder. */
const flaky = (name: string): string =>
  fileWith(`
  import { existsSync, writeFileSync } from 'node:fs';
  test('loses a race', () => {
    if (existsSync('${name}')) return;
    writeFileSync('${name}', '');
    throw new Error('only once');
  });`);

test('in CI, a test that passes only the second time is named as flaky, and fails the run as a broken one does', () => {
  const { status, lines } = npmTest(project({ 'test/race.test.ts': flaky('race'), 'test/broken.test.ts': failing }), {
    env: { CI: 'true' },
  });
  expect(status).toBe(1);
  expect(lines.filter((line) => line.startsWith('FLAKY'))).toEqual([
    'FLAKY: passed only on the second run: test/race.test.ts > loses a race',
  ]);
  expect(lines.at(-1)).toBe('7 passed, 2 failed');
});

test('in CI, a flaky test alone fails the run', () => {
  const resultsWith = (state: string) => [
    {
      file: 'test/race.test.ts',
      failed: state === 'failed',
      cpuSeconds: 0,
      tests: [{ name: 'loses a race', state, retried: false }],
    },
  ];
  const { passed, failed, lines } = judge(resultsWith('failed'), { rerun: resultsWith('passed') });
  expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
  expect(lines).toContain('FLAKY: passed only on the second run: test/race.test.ts > loses a race');
});

describe('outside CI, a run with one problem of each kind', () => {
  let status: number | null;
  let lines: readonly string[];
  beforeAll(() => {
    const { folder, remove } = makeFolder();
    const files = {
      'package.json': packageWith({ lint: 'echo unused import; false' }),
      'test/good.test.ts': passing,
      'test/race.test.ts': flaky('race'),
      'test/retry.test.ts': flaky('retry').replace("'loses a race'", "'is tried again', { retry: 1 }"),
      'test/import.test.ts': `import './missing.ts';\n${passing}`,
    };
    ({ status, lines } = npmTest(project(files, folder)));
    return remove;
  });

  test('fails', () => {
    expect(status).toBe(1);
  });

  test('counts a failed check, a failed test, a retry that hid a failure, and a file that failed without a failed test', () => {
    expect(lines.at(-1)).toBe('7 passed, 4 failed');
  });

  test('prints the output of the failed check', () => {
    expect(lines).toContain('unused import');
  });

  test('does not rerun failed tests, and reports what a retry hid', () => {
    expect(lines.filter((line) => line.startsWith('FLAKY'))).toEqual([
      'FLAKY: passed only on the second run: test/retry.test.ts > is tried again',
    ]);
  });
});

test.runIf(DEEP)('an uncaught error fails the run', () => {
  const { status, lines } = npmTest(
    project({ 'test/one.test.ts': fileWith(`test('passes', () => void Promise.reject(new Error('lost')));`) }),
  );
  expect(status).toBe(1);
  expect(lines.at(-1)).toBe('8 passed, 1 failed');
});

test('a file that takes more than 4 % of the CPU time fails a run of the whole suite, and not a partial run', () => {
  const files = [...Array(20).keys()].map((number) => ({
    ...{ project: 'embedded', file: `test/${number}.test.ts`, failed: false, cpuSeconds: number === 7 ? 2 : 1 },
    tests: [{ name: 'passes', state: 'passed', retried: false }],
  }));
  const tooSlow = (lines: readonly string[]) => lines.flatMap((line) => /^TOO SLOW: (\S+)/.exec(line)?.[1] ?? []);
  const whole = judge(files, { whole: true });
  expect({ failed: whole.failed, tooSlow: tooSlow(whole.lines) }).toEqual({ failed: 1, tooSlow: ['test/7.test.ts'] });
  const part = judge(files);
  expect({ failed: part.failed, tooSlow: tooSlow(part.lines) }).toEqual({ failed: 0, tooSlow: [] });
});

test.runIf(DEEP)('the CPU time of a file includes that of the programs it starts', () => {
  const burn =
    'const begun = process.cpuUsage().user; let n = 0; while (process.cpuUsage().user < begun + 1.1e6) for (let i = 0; i < 1e7; i++) n += i;';
  const home = project({
    'test/own.test.ts': fileWith(`test('computes', () => { ${burn} });`),
    'test/child.test.ts': fileWith(`
      import { spawnSync } from 'node:child_process';
      test('starts a program', () => void spawnSync(process.execPath, ['-e', '${burn}']));`),
    'test/quick.test.ts': passing,
  });
  const whole = npmTest(home);
  expect(whole.status).toBe(1);
  const tooSlow = whole.lines.flatMap((line) => /^TOO SLOW: (\S+)/.exec(line)?.[1] ?? []);
  expect(tooSlow.sort()).toEqual(['test/child.test.ts', 'test/own.test.ts']);
  expect(whole.lines.at(-1)).toBe('10 passed, 2 failed');
  const part = npmTest(home, { args: ['test/own.test.ts'] });
  expect(part.status).toBe(0);
  expect(part.lines.at(-1)).toBe('8 passed, 0 failed');
});

test('--changed runs the tests of the changed module, and those that use a changed helper', () => {
  const home = project({
    '.gitignore': 'node_modules\n',
    'src/billing/claims/list.ts': '',
    'test/billing/claims.test.ts': passing,
    'test/billing/payments.test.ts': passing,
    'test/reports/monthly.test.ts': `import '../support/helper.ts';\n${passing}`,
    'test/support/helper.ts': '',
  });
  git(home, 'init');
  git(home, 'add', '.');
  git(home, 'commit', '--message', 'All');
  const ranAfter = (file: string): string[] => {
    write(home, { [file]: 'export {};\n' });
    const { lines } = npmTest(home, { args: ['--changed'] });
    git(home, 'checkout', '.');
    return lines.flatMap((line) => /✓ (test\S+)/.exec(line)?.[1] ?? []);
  };
  expect(ranAfter('src/billing/claims/list.ts')).toEqual(['test/billing/claims.test.ts']);
  expect(ranAfter('test/support/helper.ts')).toEqual(['test/reports/monthly.test.ts']);
  expect(npmTest(home, { args: ['--changed'] }).lines.at(-1)).toBe('7 passed, 0 failed');
});
