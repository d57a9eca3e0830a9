import { findLatestBackup, readArchiveState } from '../../backup/index.ts';
import type { Executor } from '../../database/index.ts';
import { days } from '../../kernel/index.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

/** Milliseconds after which a backup counts as old. Restoring takes longer, the more WAL has to be repeated. */
const OLD = days(8);
const BACK_UP = 'Run: patient-access backup DIR';

/**
 * Checks the archive of the embedded database's write-ahead log, and the latest backup.
 * @param walArchive folder of the setting; undefined without an archive
 * @param dataDir undefined for an external database, about whose backups nothing is known
 */
export async function checkBackup(
  db: Executor,
  {
    walArchive,
    dataDir,
    now,
  }: { readonly walArchive: string | undefined; readonly dataDir: string | undefined; readonly now: Date },
): Promise<readonly DoctorFinding[]> {
  if (dataDir === undefined) return [];
  const state = await readArchiveState(db);
  if (walArchive === undefined)
    return [
      state.isOn
        ? warningFinding(
            'backup',
            'the running database archives its write-ahead log, but WAL_ARCHIVE_DIR isn’t set here.',
            'Set it for commands too. A command that starts the database without it leaves a gap in the archive.',
          )
        : okFinding('backup', 'the write-ahead log isn’t archived (WAL_ARCHIVE_DIR)'),
    ];
  if (!state.isOn)
    return [
      warningFinding(
        'backup',
        'WAL_ARCHIVE_DIR is set, but the running database doesn’t archive its write-ahead log.',
        'Restart the server, then make a backup.',
      ),
    ];
  if (state.failedAt !== undefined)
    return [
      errorFinding(
        'backup',
        `the write-ahead log can’t be archived to ${walArchive}. The last attempt was at ${state.failedAt.toISOString()}; ${state.waiting} files wait, and the log takes ${Math.ceil(state.bytes / 1e6)} MB.`,
        'Check that the folder exists, that its disk has space, and that the user of the database may write there. postgres.log has the reason. The log grows until then, and the database stops if its disk is full.',
      ),
    ];
  const latest = await findLatestBackup(walArchive, state);
  if (latest === undefined)
    return [
      warningFinding(
        'backup',
        `no backup was made since PostgreSQL began to archive its write-ahead log to ${walArchive}.`,
        BACK_UP,
      ),
    ];
  if (latest.missing !== undefined)
    return [
      warningFinding(
        'backup',
        `the write-ahead log ${latest.missing} is missing in ${walArchive}, so the backup of ${latest.endedAt.toISOString()} can’t be restored to later times.`,
        BACK_UP,
      ),
    ];
  const message = `latest backup: ${latest.endedAt.toISOString()}; write-ahead log archived to ${walArchive} until ${state.archivedAt?.toISOString() ?? 'then'}`;
  return [
    now.getTime() - latest.endedAt.getTime() > OLD
      ? warningFinding('backup', `${message}.`, BACK_UP)
      : okFinding('backup', message),
  ];
}
