import path from 'node:path';
import { toSecond, verifyBackup } from '../../backup/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { BACKUP_VERIFY } from '../definitions/backup.ts';
import { createByteProgress, megabytes } from './byte-progress.ts';
import { walChoice } from './embedded-only.ts';

export async function verifyBackupCommand(
  input: CommandInput,
  { positionals: [typed], values }: CommandArguments<typeof BACKUP_VERIFY>,
): Promise<number> {
  const folder = path.resolve(input.folder, typed);
  const progress = createByteProgress(input.stderr);
  const verified = await verifyBackup({
    folder,
    ...walChoice(input, values),
    onProgress: progress.show,
  }).finally(progress.stop);
  const { backup, bytes, from, to, archived, problems, timeline, otherTimelines } = verified;
  const keyId = backup.dataKeys.at(-1)?.keyId;
  const [first, last] = [toSecond(from, 'up'), toSecond(to, 'down')];
  const lines = [
    `Backup of ${backup.endedAt}: ${backup.files.length} files, ${megabytes(bytes)}; PostgreSQL ${backup.postgresql}`,
    `Files of the write-ahead log from the archive: ${archived.length}`,
    ...(otherTimelines.length === 0
      ? []
      : [
          `Timeline: ${timeline}. The archive has others that continue this backup (--timeline): ${otherTimelines.join(', ')}`,
        ]),
    to > from
      ? `It can be restored to its last transaction, ${to.toISOString()}, or with --to to any second from ${first} to ${last}.`
      : `A restore gives the database as it was when the backup ended, at ${from.toISOString()}.`,
    `Encryption key that a restore needs: ${keyId ?? 'none'}`,
    ...problems.map((problem) => `PROBLEM: ${problem}`),
    problems.length === 0 ? 'The backup is as it was written.' : 'Don’t rely on this backup. Make a new one.',
  ];
  printResult(
    input,
    {
      ...{ folder, bytes, files: backup.files.length, ended_at: backup.endedAt, timeline },
      other_timelines: otherTimelines,
      last_transaction: to.toISOString(),
      restorable_seconds: to > from ? { from: first, to: last } : null,
      archived_wal_files: archived.length,
      encryption_key: keyId ?? null,
      problems,
    },
    lines.join('\n'),
  );
  return problems.length === 0 ? 0 : 1;
}
