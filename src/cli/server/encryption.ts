import path from 'node:path';
import { createAuditLog } from '../../audit/index.ts';
import { ENCRYPTED_TABLES } from '../../encrypted-tables.ts';
import { createKeyFile, rotateEncryption } from '../../encryption/index.ts';
import { systemClock as clock, OperatorError, systemRandom as random } from '../../kernel/index.ts';
import { announceToAdministrators } from '../announce.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { KEYS_CREATE_ENCRYPTION_KEY } from '../definitions/server.ts';
import { withInstallation } from '../with-installation.ts';

export async function createEncryptionKeyCommand(
  input: CommandInput,
  { values: { add }, positionals }: CommandArguments<typeof KEYS_CREATE_ENCRYPTION_KEY>,
): Promise<number> {
  const file = path.resolve(input.folder, positionals[0]);
  const keyId = await createKeyFile(file, { add });
  printResult(
    input,
    { file, key_id: keyId },
    add
      ? `${file} has a new key, ${keyId}. Copy the file to all servers, then run: patient-access keys rotate-encryption`
      : `${file} has the key ${keyId}. Set ENCRYPTION_KEY_FILE to this file for all servers, and keep a copy of it apart from the backups of the database.`,
  );
  return 0;
}

const NO_KEY =
  'No encryption key is set. Create one with "patient-access keys create-encryption FILE", and set ENCRYPTION_KEY_FILE to the file.';

export async function rotateEncryptionCommand(input: CommandInput): Promise<number> {
  const { keyId, rewrapped, encrypted, removed } = await withInstallation(
    input,
    async ({ db, encryptionKey: key, encryption }) => {
      if (key === undefined) throw new OperatorError(NO_KEY);
      const rotation = await rotateEncryption(db, { key, encryption, tables: ENCRYPTED_TABLES, now: clock.now() });
      const action = { action: 'rotate-encryption-key', subject: '' } as const;
      await announceToAdministrators(db, input, { encryption }, action);
      await createAuditLog({ db, clock, random }).append({
        kind: 'key',
        outcome: 'success',
        detail: { action: 'rotate-encryption', key: rotation.keyId, by: 'command line' },
      });
      return rotation;
    },
  );
  const rows = Object.values(encrypted).reduce((sum, count) => sum + count, 0);
  const lines = [
    `All secrets are encrypted with the key ${keyId}. Rows encrypted: ${rows}.`,
    ...(rewrapped > 0 ? ['Earlier keys are no longer needed, except for backups from before this command.'] : []),
  ];
  printResult(input, { key_id: keyId, rewrapped, encrypted, removed }, lines.join('\n'));
  return 0;
}
