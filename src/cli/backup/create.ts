import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { archiveFolder } from '../../audit/index.ts';
import { createBackup, readArchiveState } from '../../backup/index.ts';
import { openDatabase } from '../../database/index.ts';
import { OperatorError } from '../../kernel/index.ts';
import { startDatabase } from '../../serving/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { BACKUP } from '../definitions/backup.ts';
import { createByteProgress, megabytes } from './byte-progress.ts';
import { embeddedDataDir } from './embedded-only.ts';
import { describeKey } from './key-place.ts';

export async function backupCommand(
  input: CommandInput,
  { positionals: [typed] }: CommandArguments<typeof BACKUP>,
): Promise<number> {
  const { config } = input;
  const dataDir = embeddedDataDir(config);
  const folder = path.resolve(input.folder, typed);
  if (!existsSync(path.join(dataDir, 'database'))) throw new OperatorError(`There is no database in ${dataDir}.`);
  if (isInside(folder, dataDir))
    throw new OperatorError(`${folder} is in the data folder, with which it would be lost. Choose another disk.`);
  const auditArchive = archiveFolder(config.auditArchiveDir, dataDir) ?? '';
  const hasAuditArchive = isInside(auditArchive, dataDir);
  const signal = input.stopSignal();
  const progress = createByteProgress(input.stderr);
  const opened = await startDatabase(config, { serving: false });
  // A checkpoint of a large database can take minutes, so statements have no time limit.
  const db = openDatabase(opened.connection, 2, 0);
  try {
    input.remark(`Database: ${dataDir}`);
    const { isOn } = await readArchiveState(db);
    const backup = await createBackup({
      db,
      dataDir: { passwordFile: path.join(dataDir, 'database-password') },
      folder,
      auditArchive: hasAuditArchive ? auditArchive : undefined,
      signal,
      onProgress: progress.show,
    }).finally(progress.stop);
    const bytes = backup.files.reduce((sum, file) => sum + file.bytes, 0);
    const key = await describeKey(config, dataDir, backup.dataKeys);
    const lines = [
      `Backup of ${backup.endedAt}: ${folder} (${backup.files.length} files, ${megabytes(bytes)})`,
      `Encryption key: ${key.text}`,
      isOn && config.walArchiveDir !== undefined
        ? `Write-ahead log: archived to ${config.walArchiveDir}. With it, the backup can be restored to any later second.`
        : 'Write-ahead log: not archived (WAL_ARCHIVE_DIR). A restore gives the database as it was when the backup ended.',
      hasAuditArchive
        ? 'Archive of the audit log: in the backup.'
        : `Archive of the audit log: NOT in the backup. Save ${auditArchive} too.`,
      'Settings, and the files that they name, aren’t in the backup.',
    ];
    printResult(
      input,
      {
        ...{ folder, bytes, files: backup.files.length, started_at: backup.startedAt, ended_at: backup.endedAt },
        encryption_key: { ...key.json, in_backup: false },
        wal_archive: isOn ? (config.walArchiveDir ?? null) : null,
        audit_archive_in_backup: hasAuditArchive,
      },
      lines.join('\n'),
    );
    return 0;
  } finally {
    await db.close();
    await opened.stop();
  }
}

/** Tells whether a path is a folder or inside it. Links are followed as far as the path exists. */
function isInside(place: string, folder: string): boolean {
  const relative = path.relative(realPath(folder), realPath(place));
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

const realPath = (place: string): string =>
  existsSync(place) ? realpathSync(place) : path.join(realPath(path.dirname(place)), path.basename(place));
