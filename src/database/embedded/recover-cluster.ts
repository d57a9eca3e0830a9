import { chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { OperatorError } from '../../kernel/index.ts';
import { stopPostmaster, toConnection } from './attach-to-cluster.ts';
import { prepareBinaries } from './binaries.ts';
import type { DataDir } from './data-dir.ts';
import { clusterSettings, findFreePort } from './launch-postmaster.ts';
import type { EmbeddedConnection } from './locks.ts';
import { lastLines } from './log.ts';
import { findRunningPostmaster } from './postmaster.ts';
import { runProgram } from './run-program.ts';
import { restoreCommand } from './wal-archive.ts';

export interface RecoveryOptions {
  /** Copy of a cluster, from a backup. It belongs to the user of the database. */
  readonly cluster: string;
  readonly password: string;
  /** Time until which transactions are repeated; undefined for all that are archived. */
  readonly target: Date | undefined;
  /** Timeline to follow: the history of the database, which forks at each restore. */
  readonly timeline: number;
  /** Folder with archived WAL of this cluster; undefined to use only what is in the copy. */
  readonly walFolder: string | undefined;
  /** The archive that the settings name, to which the new timeline is archived. */
  readonly walArchive: string | undefined;
  readonly signal: AbortSignal;
}

export interface RecoveredCluster {
  readonly connection: EmbeddedConnection;
  stop(): Promise<void>;
}

const POLL_INTERVAL = 50;

/**
 * Starts PostgreSQL on a copy of a cluster, lets it repeat the WAL until the target, and waits until it accepts writes, on
 * a new timeline.
 * @throws OperatorError with PostgreSQL's own message if the recovery fails
 */
export async function recoverCluster(dataDir: DataDir, options: RecoveryOptions): Promise<RecoveredCluster> {
  const { cluster, password, signal } = options;
  requestRecovery(cluster, dataDir);
  const copy: DataDir = { ...dataDir, cluster };
  const bin = prepareBinaries(dataDir);
  const settings = {
    ...(await clusterSettings({ ...options, dataDir: copy, connections: 0 })),
    ...recoverySettings(options),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = await runProgram(
    copy,
    bin,
    ['postgres', '-D', cluster, '-p', String(await findFreePort()), ...flags],
    true,
  );
  const stop = async () => {
    // The files may be moved only when no process uses them any more.
    for (; program.pid !== undefined && program.isRunning(); await pause(POLL_INTERVAL))
      await stopPostmaster(cluster, program.pid);
  };
  for (;;) {
    const postmaster = findRunningPostmaster(cluster);
    if (postmaster?.ready) return { connection: toConnection({ password }, postmaster), stop };
    if (!program.isRunning())
      throw new OperatorError(
        `The restored database can't be started. Its last output:${lastLines(program.readOutput())}`,
      );
    if (signal.aborted) {
      await stop();
      throw new OperatorError('The restore was stopped.');
    }
    await pause(POLL_INTERVAL);
  }
}

/** Makes PostgreSQL recover from an archive when it starts, and not only from a crash. */
function requestRecovery(cluster: string, { user }: DataDir): void {
  const file = path.join(cluster, 'recovery.signal');
  writeFileSync(file, '', { mode: 0o600 });
  if (user !== undefined) chownSync(file, user.uid, user.gid);
}

function recoverySettings({ target, timeline, walFolder }: RecoveryOptions): Readonly<Record<string, string>> {
  return {
    // PostgreSQL needs a command, also if all WAL is in the copy.
    restore_command: walFolder === undefined ? 'false' : restoreCommand(walFolder),
    recovery_target_timeline: String(timeline),
    recovery_target_action: 'promote',
    // A standby that can be read would need at least as many connections as the database that wrote the WAL.
    hot_standby: 'off',
    ...(target && { recovery_target_time: `${target.toISOString().replace('T', ' ').slice(0, -1)}+00` }),
  };
}
