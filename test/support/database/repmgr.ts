import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chownSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findDatabaseUser } from '../../../src/database/embedded/database-user.ts';
import { until } from '../runs/until.ts';
import { freePort } from '../servers/processes.ts';
import { makeFolder } from './folders.ts';
import { isResponding, queryValues } from './query.ts';
import { killWithChildren, type ReplicatedDatabase, STREAMING_SETTINGS } from './replicated.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Returns the folder with PostgreSQL and repmgr as Debian installs them; undefined if they aren't installed. */
export function findRepmgr(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return versions.map((version) => path.join(DEBIAN, version, 'bin')).find((bin) => existsSync(`${bin}/repmgrd`));
}

const USER = 'repmgr';
const DATABASE = 'records';

interface Node {
  readonly port: number;
  readonly data: string;
  readonly settings: string;
}

/** Starts a primary and a synchronous standby, which repmgr promotes when the primary is gone. */
export async function startWithRepmgr(): Promise<ReplicatedDatabase> {
  const bin = findRepmgr();
  if (bin === undefined) throw new Error('repmgr isn’t installed');
  const { folder, remove } = makeFolder();
  const user = findDatabaseUser(folder);
  const owner = user && { uid: user.uid, gid: user.gid };
  const options = { ...owner, cwd: '/', env: { PATH: `${bin}:/usr/bin:/bin`, LC_ALL: 'C.UTF-8', HOME: folder } };
  const processes: ChildProcess[] = [];
  const run = (program: string, ...words: readonly string[]) =>
    promisify(execFile)(path.join(bin, program), words, options);
  const start = (program: string, ...words: readonly string[]): ChildProcess => {
    const child = spawn(path.join(bin, program), words, { ...options, stdio: 'ignore' });
    processes.push(child);
    return child;
  };
  const urlAt = (...nodes: readonly Node[]) =>
    `postgresql://${USER}@${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${DATABASE}`;
  const makeNode = async (number: number): Promise<Node> => {
    const own = path.join(folder, `node${number}`);
    mkdirSync(own, { mode: 0o700 });
    if (owner !== undefined) chownSync(own, owner.uid, owner.gid);
    const node = { port: await freePort(), data: path.join(own, 'data'), settings: path.join(own, 'repmgr.conf') };
    writeFileSync(node.settings, repmgrSettings(number, node, bin));
    return node;
  };
  const [primary, standby] = [await makeNode(1), await makeNode(2)];
  const atPrimary = ['-h', '127.0.0.1', '-p', String(primary.port), '-U', USER, '-d', USER];

  await run('initdb', '-D', primary.data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C');
  appendFileSync(path.join(primary.data, 'postgresql.conf'), `${STREAMING_SETTINGS}${REPMGR_SETTINGS}`);
  const postmaster = start('postgres', '-D', primary.data, '-p', String(primary.port));
  await until(() =>
    isResponding({ connectionString: urlAt(primary).replace(DATABASE, 'postgres') }).catch(() => false),
  );
  for (const name of [USER, DATABASE]) await run('createdb', ...atPrimary.slice(0, 6), name);
  await run('repmgr', '-f', primary.settings, 'primary', 'register');
  await run('repmgr', ...atPrimary, '-f', standby.settings, 'standby', 'clone', '--fast-checkpoint');
  start('postgres', '-D', standby.data, '-p', String(standby.port));
  await until(() => isResponding({ connectionString: urlAt(standby) }).catch(() => false));
  await run('repmgr', '-f', standby.settings, 'standby', 'register');
  // Only the primary waits for the standby. After the failover, no other host can confirm a change.
  await queryValues({ connectionString: urlAt(primary) }, "alter system set synchronous_standby_names = 'node2'");
  await queryValues({ connectionString: urlAt(primary) }, 'select pg_reload_conf()');
  const isSynchronous = "select 1 from pg_stat_replication where sync_state = 'sync'";
  await until(async () => (await queryValues({ connectionString: urlAt(primary) }, isSynchronous)).length === 1);
  start('repmgrd', '-f', standby.settings, '--no-pid-file', '--daemonize=false');

  return {
    url: urlAt(primary, standby),
    standbyUrl: urlAt(standby),
    killPrimary: () => killWithChildren(postmaster.pid),
    failOver: () =>
      until(async () => {
        const [isStandby] = await queryValues({ connectionString: urlAt(standby) }, 'select pg_is_in_recovery()');
        return isStandby === false;
      }),
    async close() {
      for (const child of processes.reverse()) {
        const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
        killWithChildren(child.pid);
        await ended;
      }
      await remove();
    },
  };
}

/** The standby gives the primary up after three attempts, a second apart. */
const repmgrSettings = (number: number, { port, data, settings }: Node, bin: string): string => `
node_id=${number}
node_name='node${number}'
conninfo='host=127.0.0.1 port=${port} user=${USER} dbname=${USER} connect_timeout=2'
data_directory='${data}'
pg_bindir='${bin}'
failover=automatic
promote_command='${bin}/repmgr standby promote -f ${settings}'
follow_command='${bin}/repmgr standby follow -f ${settings}'
monitor_interval_secs=1
reconnect_attempts=3
reconnect_interval=1
`;

const REPMGR_SETTINGS = `
shared_preload_libraries = 'repmgr'
max_wal_senders = 10
`;
