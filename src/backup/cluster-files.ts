import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** Folders and files of PostgreSQL's data directory that a backup copies. Paths start there. */
export interface ClusterFiles {
  /** Folders, parents first. A restore needs the empty ones too. */
  readonly folders: readonly string[];
  /** Files with their size now. `pg_control` is the last one. */
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
}

export const CONTROL_FILE = 'global/pg_control';

// https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA
/** Folders whose content a restored database must not have, or creates itself. */
const EMPTY_FOLDERS: ReadonlySet<string> = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
/** Folders in `pg_wal`, without which PostgreSQL reports an error. */
const WAL_FOLDERS = ['pg_wal/archive_status', 'pg_wal/summaries'];
/** Files of the running database, of another backup, and of another restore. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'postmaster.pid',
  'postmaster.opts',
  'backup_label',
  'tablespace_map',
  'backup_manifest',
  'recovery.signal',
  'standby.signal',
  'postgresql.auto.conf.tmp',
  'current_logfiles.tmp',
]);
/** Temporary files and tables, and caches. */
const TEMPORARY = /^(?:pgsql_tmp.*|pg_internal\.init.*|t\d+_\d+.*)$/;

/** Lists what a backup copies. Files that disappear meanwhile are left out. */
export async function listClusterFiles(cluster: string): Promise<ClusterFiles> {
  const folders: string[] = [];
  const files: { readonly path: string; readonly bytes: number }[] = [];
  async function visit(folder: string): Promise<void> {
    for (const entry of (await readdir(path.join(cluster, folder), { withFileTypes: true }).catch(ifMissing)) ?? []) {
      const inside = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (TEMPORARY.test(entry.name) || LEFT_OUT.has(inside) || inside === CONTROL_FILE) continue;
      if (entry.isDirectory()) {
        folders.push(inside);
        if (!EMPTY_FOLDERS.has(inside)) await visit(inside);
      } else if (entry.isFile()) {
        const found = await lstat(path.join(cluster, inside)).catch(ifMissing);
        if (found !== undefined) files.push({ path: inside, bytes: found.size });
      }
    }
  }
  await visit('');
  const control = await lstat(path.join(cluster, CONTROL_FILE));
  return {
    folders: [...folders, ...WAL_FOLDERS],
    files: [...files, { path: CONTROL_FILE, bytes: control.size }],
  };
}

const ifMissing = (error: NodeJS.ErrnoException): undefined => {
  if (error.code !== 'ENOENT') throw error;
};
