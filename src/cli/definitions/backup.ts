import type { CommandDefinition } from '../definition.ts';

const FOLDER = { name: 'DIR', text: 'Folder of the backup' } as const;
const WAL = { value: 'DIR', text: 'Archive of the write-ahead log (default: WAL_ARCHIVE_DIR)' } as const;

const TIMELINE = { value: 'N', text: 'History to follow (default: the newest)' } as const;

export const BACKUP = {
  name: 'backup',
  summary: 'Back up the embedded database while it is used',
  description:
    'Copy the embedded database into a new folder, while servers and commands use it. The encryption key isn’t copied: the command says where it is.',
  arguments: [{ name: 'DIR', text: 'New folder for the backup' }],
  examples: ['backup /backup/2026-11-30'],
  details: [
    'The folder gets its name when the backup is complete and on the disk. [Backup of the embedded database](../backup.md) says what it contains and how to make one every day.',
  ],
} as const satisfies CommandDefinition;

export const BACKUP_VERIFY = {
  name: 'backup verify',
  summary: 'Check a backup, and to which times it can be restored',
  description:
    'Compare each file of a backup with its digest, read all of the write-ahead log since then, and print to which times the backup can be restored.',
  arguments: [FOLDER],
  options: { wal: WAL, timeline: TIMELINE },
  examples: ['backup verify /backup/2026-11-30', 'backup verify /backup/2026-11-30 --json'],
  exitCodes: { 0: 'the backup can be restored', 1: 'damaged or missing files, or failure' },
} as const satisfies CommandDefinition;

export const BACKUP_PRUNE = {
  name: 'backup prune',
  summary: 'Delete all but the newest backups',
  description:
    'Delete all but the newest backups in a folder, and the archived write-ahead log that none of the others needs.',
  arguments: [{ name: 'FOLDER', text: 'Folder that contains the folders of the backups' }],
  options: { keep: { value: 'N', text: 'Number of backups that stay', required: true }, wal: WAL },
  examples: ['backup prune /backup --keep 7'],
} as const satisfies CommandDefinition;

export const RESTORE = {
  name: 'restore',
  summary: 'Restore a backup, also to a chosen second',
  description:
    'Restore a backup into the data folder (DATA_DIR), which must not have a database. With the archive of the write-ahead log, restore the last transaction or a chosen second.',
  arguments: [FOLDER],
  options: {
    to: { value: 'TIME', text: 'Time, such as 2026-11-30T14:05:00Z (default: the latest)' },
    wal: WAL,
    timeline: TIMELINE,
  },
  examples: ['restore /backup/2026-11-30', "restore /backup/2026-11-30 --to '2026-11-30 14:05:00Z'"],
  details: [
    'All changes that were confirmed before the time are restored, and none that began after it. The command checks the key, the files and the log before it changes anything. Run it as the user of the server, with the server’s settings.',
  ],
} as const satisfies CommandDefinition;
