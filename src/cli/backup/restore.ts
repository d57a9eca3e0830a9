import path from 'node:path';
import { restoreBackup } from '../../backup/index.ts';
import { openEncryptionKey } from '../../encryption/index.ts';
import { systemClock as clock, OperatorError } from '../../kernel/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { RESTORE } from '../definitions/backup.ts';
import { createByteProgress } from './byte-progress.ts';
import { embeddedDataDir, walChoice } from './embedded-only.ts';

export async function restoreCommand(
  input: CommandInput,
  { positionals: [typed], values }: CommandArguments<typeof RESTORE>,
): Promise<number> {
  const { config } = input;
  const dataDir = embeddedDataDir(config);
  const target = values.to === undefined ? undefined : parseTime(values.to);
  const progress = createByteProgress(input.stderr);
  const { backup, lastTransaction, timeline } = await restoreBackup({
    folder: path.resolve(input.folder, typed),
    dataDir,
    target,
    key: openEncryptionKey(config.encryption, dataDir),
    ...walChoice(input, values),
    archiveTo: config.walArchiveDir,
    signal: input.stopSignal(),
    onProgress: progress.show,
    onRecovery() {
      progress.stop();
      input.remark('PostgreSQL repeats the write-ahead log.');
    },
  }).finally(progress.stop);
  const last = lastTransaction?.toISOString() ?? backup.endedAt;
  printResult(
    input,
    { data_dir: dataDir, backup_ended_at: backup.endedAt, target: target ?? null, last_transaction: last, timeline },
    [
      `Restored ${dataDir} ${target === undefined ? 'completely' : `to ${target.toISOString()}`}. The last transaction is of ${last}.`,
      'Settings, and the files that they name, aren’t part of a backup. Use those of the server.',
      'Before you start the server, run: patient-access after-restore --reapply',
    ].join('\n'),
  );
  return 0;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?) ?(Z|[+-]\d\d:\d\d)$/;

/**
 * Parses the time to restore. It needs a zone, because a wrong one would lose hours.
 * @throws OperatorError
 */
function parseTime(typed: string): Date {
  const [, day = '', time = '', zone = ''] = TIME.exec(typed.trim()) ?? [];
  const at = new Date(`${day}T${time}${zone}`);
  if (zone === '' || Number.isNaN(at.getTime()))
    throw new OperatorError(`--to is "${typed}" but must be a time with its zone, such as 2026-01-31T14:05:00Z.`);
  if (at > clock.now()) throw new OperatorError(`--to is ${at.toISOString()}, which is in the future.`);
  return at;
}
