import type { BackupManifest } from '../../backup/index.ts';
import type { Config } from '../../config/index.ts';
import { findKeyFile } from '../../encryption/index.ts';

/** Says where the encryption key of a backup is. It is never in the backup. */
export async function describeKey(
  { encryption }: Config,
  dataDir: string,
  dataKeys: BackupManifest['dataKeys'],
): Promise<{ readonly text: string; readonly json: Readonly<Record<string, unknown>> }> {
  const [newest] = dataKeys.slice(-1);
  if (newest === undefined)
    return {
      text: 'none. The secrets in this database aren’t encrypted.',
      json: { id: null, file: null, program: null },
    };
  const { keyId } = newest;
  const program = encryption?.program;
  const file = findKeyFile(encryption, dataDir);
  const place = program === undefined ? `in the file ${file}` : `in the care of ${program}`;
  return {
    text: `${keyId}, ${place}. It is NOT in the backup, which can’t be restored without it. Keep a copy apart from the backup.`,
    json: { id: keyId, file: file ?? null, program: program ?? null },
  };
}
