import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Database, DataDir } from '../database/index.ts';
import { fillNewFolder, OperatorError, syncFolder } from '../kernel/index.ts';
import { type BackupSession, startBackup } from './backup-session.ts';
import { CONTROL_FILE, listClusterFiles } from './cluster-files.ts';
import { type BackupFile, copyFile, listFiles, makeFolder, writeNewFile } from './copied-files.ts';
import { readDataKeys } from './data-keys.ts';
import { BACKUP, type BackupManifest, FORMAT, writeManifest } from './manifest.ts';
import { parseLsn, parseSegmentName, segmentName } from './wal/lsn.ts';

export interface CreateOptions {
  readonly db: Database;
  readonly dataDir: Pick<DataDir, 'passwordFile'>;
  /** New folder for the backup. */
  readonly folder: string;
  /** Archive of the audit log, if it belongs to the data folder. */
  readonly auditArchive: string | undefined;
  readonly signal: AbortSignal;
  onProgress(done: number, all: number): void;
}

/**
 * Copies the running database into a new folder. Servers and commands can use it meanwhile: PostgreSQL's WAL, of which
 * the backup has the needed part, makes the copied files consistent when they are restored.
 */
export async function createBackup(options: CreateOptions): Promise<BackupManifest> {
  const { db, folder } = options;
  return fillNewFolder(folder, async (temporary) => {
    const dataKeys = await readDataKeys(db);
    const startedAt = new Date().toISOString();
    const session = await startBackup(db);
    const copy = createCopier(temporary, options);
    const { folders } = await copyCluster(session, copy, temporary, options);
    const end = await session.stop();
    await copy.add(`${BACKUP.database}/backup_label`, (to) => writeNewFile(to, end.label));
    const timeline = await copyWal(session, end.lsn, copy, temporary);
    await copy.add(BACKUP.password, (to) => copyFile(options.dataDir.passwordFile, to, options));
    await copyAuditArchive(copy, temporary, options);
    const manifest = {
      format: FORMAT,
      postgresql: session.facts.version,
      systemIdentifier: session.facts.systemIdentifier,
      segmentBytes: session.facts.segmentBytes,
      timeline,
      startLsn: session.start.lsn,
      stopLsn: end.lsn,
      startedAt,
      endedAt: end.at.toISOString(),
      dataKeys,
      folders,
      files: copy.files,
    };
    await writeManifest(temporary, manifest);
    return manifest;
  });
}

interface Copier {
  readonly files: readonly BackupFile[];
  /** Writes a file of the backup. It isn't added if the file to copy has disappeared. */
  add(name: string, write: (to: string) => Promise<Omit<BackupFile, 'path'> | undefined>): Promise<void>;
}

function createCopier(temporary: string, { signal }: Pick<CreateOptions, 'signal'>): Copier {
  const files: BackupFile[] = [];
  return {
    files,
    async add(name, write) {
      if (signal.aborted) throw new OperatorError('The backup was stopped. Nothing was stored.');
      const written = await write(path.join(temporary, name));
      if (written !== undefined) files.push({ path: name, ...written });
    },
  };
}

async function copyCluster(
  { facts }: BackupSession,
  copy: Copier,
  temporary: string,
  { signal, onProgress }: CreateOptions,
) {
  const { folders, files } = await listClusterFiles(facts.folder);
  const all = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const onBytes = (bytes: number): void => {
    done += bytes;
    onProgress(done, Math.max(done, all));
  };
  const made = ['', ...folders].map((inside) => path.join(temporary, BACKUP.database, inside));
  for (const folder of made) await makeFolder(folder);
  for (const { path: inside } of files) {
    const from = path.join(facts.folder, inside);
    await copy.add(`${BACKUP.database}/${inside}`, (to) =>
      inside === CONTROL_FILE ? copyControlFile(from, to) : copyFile(from, to, { signal, onBytes }),
    );
  }
  for (const folder of made) await syncFolder(folder);
  return { folders };
}

/** Reads `pg_control` until two reads are the same, because PostgreSQL may be writing it. */
async function copyControlFile(from: string, to: string): Promise<Omit<BackupFile, 'path'>> {
  let before = await readFile(from);
  for (;;) {
    const now = await readFile(from);
    if (now.equals(before)) return writeNewFile(to, now);
    before = now;
  }
}

/** Copies the WAL from the start of the backup to its end. @returns the timeline */
async function copyWal({ facts, start }: BackupSession, stopLsn: string, copy: Copier, temporary: string) {
  const { segmentBytes, folder } = facts;
  const first = parseSegmentName(start.segment, segmentBytes);
  if (first === undefined) throw new Error(`unknown WAL file ${start.segment}`);
  await makeFolder(path.join(temporary, BACKUP.wal));
  // An end at the beginning of a segment is in the one before.
  const last = Math.floor((parseLsn(stopLsn) - 1) / segmentBytes);
  const { signal } = new AbortController();
  for (let segment = first.segment; segment <= last; segment++) {
    const name = segmentName(first.timeline, segment, segmentBytes);
    await copy.add(`${BACKUP.wal}/${name}`, async (to) => {
      const copied = await copyFile(path.join(folder, 'pg_wal', name), to, { signal });
      if (copied === undefined) throw new OperatorError(`The WAL file ${name} is missing. Run the backup again.`);
      return copied;
    });
  }
  await syncFolder(path.join(temporary, BACKUP.wal));
  return first.timeline;
}

/**
 * Copies the archive of the audit log, after the database: the archive then has every segment that the database counts as
 * archived.
 */
async function copyAuditArchive(copy: Copier, temporary: string, { auditArchive, signal }: CreateOptions) {
  if (auditArchive === undefined) return;
  const to = path.join(temporary, BACKUP.auditArchive);
  const names = (await listFiles(auditArchive).catch(() => [])).filter((name) => !name.endsWith('.tmp'));
  if (names.length === 0) return;
  await makeFolder(to);
  for (const name of names)
    await copy.add(`${BACKUP.auditArchive}/${name}`, (target) =>
      copyFile(path.join(auditArchive, name), target, { signal }),
    );
  await syncFolder(to);
}
