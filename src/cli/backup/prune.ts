import path from 'node:path';
import { pruneBackups } from '../../backup/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { BACKUP_PRUNE } from '../definitions/backup.ts';
import { parseCount } from '../option-values.ts';
import { walArchiveOf } from './embedded-only.ts';

export async function pruneBackupsCommand(
  input: CommandInput,
  { positionals: [typed], values }: CommandArguments<typeof BACKUP_PRUNE>,
): Promise<number> {
  const { kept, removed, walFiles } = await pruneBackups({
    folder: path.resolve(input.folder, typed),
    keep: parseCount('keep', values.keep),
    walArchive: walArchiveOf(input, values.wal),
  });
  printResult(
    input,
    { kept, removed, wal_files: walFiles },
    [
      `Deleted: ${removed.length === 0 ? 'none' : removed.join(', ')}. Kept: ${kept.length === 0 ? 'none' : kept.join(', ')}.`,
      `Deleted files of the write-ahead log: ${walFiles}.`,
    ].join('\n'),
  );
  return 0;
}
