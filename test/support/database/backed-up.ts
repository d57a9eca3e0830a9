import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findDatabaseUser } from '../../../src/database/embedded/database-user.ts';
import { findCommand } from '../docs/commands.ts';
import { until } from '../runs/until.ts';
import { freePort } from '../servers/processes.ts';
import { makeFolder } from './folders.ts';
import { queryValues } from './query.ts';
import { killWithChildren } from './replicated.ts';

const DEBIAN = '/usr/lib/postgresql';
const USER = 'postgres';
const DATABASE = 'records';

/** Returns why there can be no PostgreSQL with pgBackRest here; undefined if there can. */
export function missingForBackups(): string | undefined {
  if (findCommand('pgbackrest') === undefined) return 'this machine has no Debian package pgbackrest';
  return findBin() === undefined ? 'this machine has no Debian package postgresql' : undefined;
}

/** The folder with the newest PostgreSQL that Debian installed. */
function findBin(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions
    .sort((one, other) => Number(other) - Number(one))
    .map((version) => path.join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(`${bin}/postgres`));
}

/** A PostgreSQL whose WAL is archived by pgBackRest. */
export interface BackedUpDatabase {
  readonly url: string;
  /** Folder of its programs, such as pg_dump of the same version. */
  readonly bin: string;
  /** Makes a full backup while the database runs. */
  backUp(): Promise<void>;
  /** Archives the WAL up to now. */
  archive(): Promise<void>;
  /** Ends all processes with SIGKILL, and moves the files away. */
  lose(): void;
  /** Restores to a time, and starts the database. */
  restore(target: string): Promise<void>;
  /** Starts the database that was lost on another port, without archiving. @returns its URL */
  startLost(): Promise<string>;
  close(): Promise<void>;
}

/** Starts a PostgreSQL as Debian installs it, with an encrypted repository of pgBackRest. */
export async function startBackedUp(): Promise<BackedUpDatabase> {
  const bin = findBin();
  const pgBackRest = findCommand('pgbackrest');
  if (bin === undefined || pgBackRest === undefined) throw new Error(missingForBackups());
  const { folder, remove } = makeFolder();
  const user = findDatabaseUser(folder);
  const owner = user && { uid: user.uid, gid: user.gid };
  const home = path.join(folder, 'backed-up');
  mkdirSync(home, { mode: 0o700 });
  if (owner !== undefined) chownSync(home, owner.uid, owner.gid);
  const options = { ...owner, cwd: '/', env: { PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8', HOME: home } };
  const [data, lost] = [path.join(home, 'data'), path.join(home, 'lost')];
  const port = await freePort();
  const urlAt = (at: number, database = DATABASE) => `postgresql://${USER}@127.0.0.1:${at}/${database}`;
  const settings = path.join(home, 'pgbackrest.conf');
  writeFileSync(settings, pgBackRestSettings({ home, data, port }), { mode: 0o644 });
  const run = (program: string, ...words: readonly string[]) =>
    promisify(execFile)(program, words, options).catch((error: { stdout: string; stderr: string }) => {
      throw new Error(`${program}: ${error.stdout}${error.stderr}`);
    });
  const backRest = (command: string, ...words: readonly string[]) =>
    run(pgBackRest, `--config=${settings}`, '--stanza=records', ...words, command);
  const running: ChildProcess[] = [];
  async function start(folderOfData: string, at: number, ...words: readonly string[]): Promise<ChildProcess> {
    const place = ['-D', folderOfData, '-p', String(at), '-k', home];
    const child = spawn(path.join(bin ?? '', 'postgres'), [...place, ...words], { ...options, stdio: 'ignore' });
    running.push(child);
    const responds = 'select not pg_is_in_recovery()';
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
      return (
        (await queryValues({ connectionString: urlAt(at, 'postgres') }, responds).catch(() => [false]))[0] === true
      );
    });
    return child;
  }

  await run(path.join(bin, 'initdb'), '-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C');
  const push = `${pgBackRest} --config=${settings} --stanza=records archive-push %p`;
  appendFileSync(path.join(data, 'postgresql.conf'), `${POSTGRESQL_SETTINGS}archive_command = '${push}'\n`);
  let postmaster = await start(data, port);
  await queryValues({ connectionString: urlAt(port, 'postgres') }, `create database ${DATABASE}`);
  await backRest('stanza-create');
  await backRest('check');

  return {
    url: urlAt(port),
    bin,
    backUp: async () => void (await backRest('backup', '--type=full')),
    archive: async () => void (await backRest('check')),
    lose() {
      killWithChildren(postmaster.pid);
      renameSync(data, lost);
    },
    async restore(target) {
      mkdirSync(data, { mode: 0o700 });
      if (owner !== undefined) chownSync(data, owner.uid, owner.gid);
      await backRest('restore', '--type=time', `--target=${target}`, '--target-action=promote');
      postmaster = await start(data, port);
    },
    async startLost() {
      const at = await freePort();
      await start(lost, at, '-c', 'archive_mode=off');
      return urlAt(at);
    },
    async close() {
      for (const child of running) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGQUIT');
        await ended;
      }
      await remove();
    },
  };
}

const POSTGRESQL_SETTINGS = `
listen_addresses = '127.0.0.1'
shared_buffers = 64MB
wal_level = replica
archive_mode = on
archive_timeout = 60
`;

const pgBackRestSettings = ({ home, data, port }: { home: string; data: string; port: number }): string => `
[global]
repo1-path=${home}/repository
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=a passphrase of the test
repo1-retention-full=2
log-path=${home}
lock-path=${home}
spool-path=${home}
log-level-file=off
start-fast=y
[records]
pg1-path=${data}
pg1-port=${port}
pg1-socket-path=${home}
pg1-user=${USER}
`;
