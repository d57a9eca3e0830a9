import { ENCRYPTED_TABLES } from '../../encrypted-tables.ts';
import { countUnencryptedRows, findKeyFile, findOpenPermissions, listDataKeys } from '../../encryption/index.ts';
import type { Installation } from '../../installation.ts';
import { OperatorError } from '../../kernel/index.ts';
import type { CommandInput } from '../command.ts';
import { type DoctorFinding, errorFinding, okFinding, warningFinding } from './finding.ts';

const ROTATE = 'patient-access keys rotate-encryption';
const SECRETS = 'signing keys, authenticator secrets and emails';

/** Checks whether secrets in the database are encrypted, and whether the encryption key is available and protected. */
export async function checkEncryption(
  { config }: Pick<CommandInput, 'config'>,
  installation: Installation,
): Promise<readonly DoctorFinding[]> {
  const keyFile = findKeyFile(config.encryption, installation.dataDir);
  const access = keyFile === undefined ? undefined : await findOpenPermissions(keyFile);
  return [
    await checkKey(installation),
    ...(access === undefined
      ? []
      : [warningFinding('encryption', `${access} the encryption key ${keyFile}.`, `Run: chmod o=,g-w ${keyFile}`)]),
  ];
}

async function checkKey(installation: Installation): Promise<DoctorFinding> {
  const { db, encryption, encryptionKey: key, dataDir } = installation;
  const dataKeys = await listDataKeys(db);
  if (key === undefined && dataKeys.length === 0)
    return warningFinding(
      'encryption',
      `${SECRETS} aren’t encrypted in the database.`,
      `Create a key with "patient-access keys create-encryption FILE", set ENCRYPTION_KEY_FILE to the file for all servers, restart them, and run: ${ROTATE}`,
    );
  if (dataKeys.length === 0)
    return warningFinding(
      'encryption',
      `${SECRETS} aren’t encrypted in the database yet.`,
      dataDir === undefined ? `When all servers have the key, run: ${ROTATE}` : 'Start the server.',
    );
  try {
    await encryption.requireKey(db);
    const keyId = (await key?.currentKeyId()) ?? '';
    const { clear, outdated } = await countUnencryptedRows(db, ENCRYPTED_TABLES);
    const unfinished = [
      ...(clear > 0 ? [`rows that aren’t encrypted: ${clear}`] : []),
      ...(outdated > 0 ? [`rows that are encrypted with an earlier data key: ${outdated}`] : []),
      ...(dataKeys.some((one) => one.keyId !== keyId) ? ['an earlier encryption key is still needed'] : []),
    ];
    return unfinished.length > 0
      ? warningFinding('encryption', `${unfinished.join('; ')}.`, `Run: ${ROTATE}`)
      : okFinding('encryption', `${SECRETS} are encrypted with the key ${keyId}`);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return errorFinding(
      'encryption',
      error.message,
      'Without the key, people can’t sign in with an authenticator app, and the server doesn’t start (docs/encryption.md).',
    );
  }
}
