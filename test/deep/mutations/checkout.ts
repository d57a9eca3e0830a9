import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const VITEST = 'node_modules/vitest/vitest.mjs';
/** Tests don't read `.git` and `.data`. `node_modules` is linked instead of copied. */
const NOT_COPIED = ['.git', '.data', 'node_modules'];
/** Folders in node_modules that each copy of the checkout needs for itself. */
const NOT_LINKED = ['.vite', '.vite-temp', '.vitest'];

/** A copy of the checkout that may be changed. */
export interface Checkout {
  readonly folder: string;
  /** Changes one file while `work` runs. */
  withFile<Result>(file: string, change: (source: string) => string, work: () => Promise<Result>): Promise<Result>;
  run(options: RunOptions): Promise<TestRun>;
  remove(): Promise<void>;
}

export interface RunOptions {
  readonly files: readonly string[];
  /** Parts of the names of the tests to run. */
  readonly tests: readonly string[];
  readonly workers?: number;
}

export interface TestRun {
  /** `file > full name` of each test that passed. */
  readonly passed: readonly string[];
  readonly failed: readonly FailedTest[];
  /** Test files that failed as a whole, for instance because they could not be imported, with the reason. */
  readonly broken: readonly string[];
}

export interface FailedTest {
  /** File and full name of the test: `file > full name`. */
  readonly name: string;
  readonly messages: readonly string[];
}

export async function copyCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(path.join(tmpdir(), 'patient-access-mutants-'));
  // If tests run as root, the database runs as another user, who needs access to the folder.
  await chmod(folder, 0o711);
  for (const name of await readdir(ROOT)) {
    if (!NOT_COPIED.includes(name)) await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  const modules = path.join(ROOT, 'node_modules');
  await mkdir(path.join(folder, 'node_modules'));
  for (const name of await readdir(modules)) {
    if (!NOT_LINKED.includes(name)) await symlink(path.join(modules, name), path.join(folder, 'node_modules', name));
  }
  return {
    folder,
    async withFile(file, change, work) {
      const place = path.join(folder, file);
      const source = await readFile(place, 'utf8');
      await writeFile(place, change(source));
      try {
        return await work();
      } finally {
        await writeFile(place, source);
      }
    },
    run: (options) => runTests(folder, options),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs the tests as `npm test` does: without the deep ones, on the embedded database. */
async function runTests(folder: string, { files, tests, workers = 1 }: RunOptions): Promise<TestRun> {
  const report = path.join(folder, 'report.json');
  await rm(report, { force: true });
  const pattern = tests.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const options = ['--reporter=json', `--outputFile=${report}`, `--maxWorkers=${workers}`];
  const child = spawn(process.execPath, [VITEST, 'run', ...options, `--testNamePattern=${pattern}`, ...files], {
    cwd: folder,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += text));
  await once(child, 'close');
  const text = await readFile(report, 'utf8').catch(() => {
    throw new Error(`vitest wrote no report:\n${printed}`);
  });
  return readReport(folder, JSON.parse(text));
}

/** The environment without the variables that this run of vitest has set for its own tests. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(?:VITEST|VITE_|DEEP$|TEST_DATABASE|NODE_ENV$|TEST$|MODE$|DEV$|PROD$|SSR$|BASE_URL$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

function readReport(folder: string, { testResults }: Report): TestRun {
  const all = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, name: `${path.relative(folder, name)} > ${test.fullName}` })),
  );
  const failed = all.filter(({ status }) => status === 'failed');
  return {
    passed: all.filter(({ status }) => status === 'passed').map(({ name }) => name),
    failed: failed.map(({ name, failureMessages }) => ({ name, messages: failureMessages ?? [] })),
    broken: testResults
      .filter(
        ({ status, assertionResults }) =>
          status === 'failed' && assertionResults.every((one) => one.status !== 'failed'),
      )
      .map(({ name, message }) => `${path.relative(folder, name)}: ${message}`),
  };
}
