import { createSecretKey, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OperatorError, sha256, systemRandom } from '../kernel/index.ts';
import { KEY_BYTES, seal, unseal } from './aes-gcm.ts';
import type { EncryptionKey } from './encryption-key.ts';

/** Size that no file with keys has. It keeps a wrong path, such as that of a log, from being read. */
const MAX_BYTES = 64 * 1024;
const HEADER = `# Encryption keys of Patient Access, one in each line. The last one encrypts. Keep a copy apart from the backups of
# the database: without it, they can't be used.
`;

export interface KeyFile extends EncryptionKey {
  has(keyId: string): Promise<boolean>;
}

interface FileKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

/**
 * Opens a file with encryption keys: one in each line, 256 random bits in base64. Empty lines and lines that begin with
 * `#` don't count. The last key wraps, and all of them unwrap. The file is read again when a key is missing, so a key
 * can be added without a restart.
 */
export function openKeyFile(file: string): KeyFile {
  let known: readonly FileKey[] = [];
  async function current(): Promise<FileKey> {
    known = await readKeys(file);
    const last = known.at(-1);
    if (last === undefined) throw new OperatorError(`The file ${file} has no encryption key.`);
    return last;
  }
  const find = (keyId: string): FileKey | undefined => known.find((one) => one.keyId === keyId);
  return {
    async has(keyId) {
      if (find(keyId) === undefined && existsSync(file)) known = await readKeys(file);
      return find(keyId) !== undefined;
    },
    currentKeyId: async () => (await current()).keyId,
    async wrap(dataKey) {
      const { keyId, key } = await current();
      return { keyId, wrapped: seal(key, dataKey, context(keyId)) };
    },
    async unwrap({ keyId, wrapped }) {
      if (find(keyId) === undefined) known = await readKeys(file);
      const found = find(keyId);
      if (found === undefined)
        throw new OperatorError(
          `The database is encrypted with the key ${keyId}, which isn't in the file ${file}. Restore the file that has this key.`,
        );
      try {
        return unseal(found.key, wrapped, context(keyId));
      } catch {
        throw new OperatorError(`The table data_key was changed: the key ${keyId} can't decrypt its data key.`);
      }
    },
  };
}

const context = (keyId: string): string => `data key wrapped by ${keyId}`;

async function readKeys(file: string): Promise<readonly FileKey[]> {
  let text: string;
  try {
    if ((await stat(file)).size > MAX_BYTES) throw new OperatorError(`The file ${file} has more than encryption keys.`);
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    throw new OperatorError(`The file ${file} with the encryption key ${describeReason(error)}`);
  }
  return text.split('\n').flatMap((line, index) => {
    const given = line.trim();
    if (given === '' || given.startsWith('#')) return [];
    const bytes = Buffer.from(given, 'base64');
    if (!/^[\w+/-]{43}=?$/.test(given) || bytes.length !== KEY_BYTES)
      throw new OperatorError(`Line ${index + 1} of ${file} isn't an encryption key: 256 bits in base64.`);
    return [toFileKey(bytes)];
  });
}

function describeReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT') return `can't be read (${code}).`;
  return 'doesn’t exist. Restore your copy of it. For a new installation, create it with "patient-access keys create-encryption".';
}

function toFileKey(bytes: Buffer): FileKey {
  const key = createSecretKey(bytes);
  const keyId = fileKeyId(bytes);
  bytes.fill(0);
  return { keyId, key };
}

/** Returns the id of a key in a file: a part of its hash, from which the key can't be found. */
const fileKeyId = (bytes: Buffer): string =>
  sha256(Buffer.concat([Buffer.from('patient-access encryption key\u0000'), bytes])).toString('hex', 0, 8);

/**
 * Creates a file with a new encryption key that only the user of this program can read.
 * @param options.add adds the key to an existing file instead, as the last one
 * @returns the id of the key
 * @throws OperatorError if the file exists, or if `add` is set and it doesn't
 */
export async function createKeyFile(file: string, { add = false } = {}): Promise<string> {
  const bytes = systemRandom.bytes(KEY_BYTES);
  const line = `${bytes.toString('base64')}\n`;
  try {
    if (add) {
      await readKeys(file);
      const text = await readFile(file, 'utf8');
      await writeToDisk(file, 'a', text === '' || text.endsWith('\n') ? line : `\n${line}`);
    } else await writeToDisk(file, 'wx', `${HEADER}${line}`);
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new OperatorError(
      code === 'EEXIST'
        ? `The file ${file} exists already. To add a key to it, use --add.`
        : `The file ${file} can't be written (${code}).`,
    );
  }
  return fileKeyId(bytes);
}

/**
 * Writes to a file, and waits until it is on the disk. The database would be lost if it had a data key whose encryption
 * key was lost in a power failure.
 */
async function writeToDisk(file: string, flags: 'a' | 'wx', text: string): Promise<void> {
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Windows can't open a folder.
  const folder = await open(path.dirname(file)).catch(() => undefined);
  await folder?.sync().finally(() => folder.close());
}

/**
 * Tells who else can read a file with encryption keys, or change it. Its group may read it, because the program often
 * runs as a user who can't change it.
 * @returns undefined if that is all right, or if the file doesn't exist
 */
export async function findOpenPermissions(file: string): Promise<string | undefined> {
  // Windows has no such permissions.
  if (process.platform === 'win32') return undefined;
  const mode = (await stat(file).catch(() => undefined))?.mode ?? 0;
  if ((mode & 0o007) !== 0) return 'all users of this machine can access';
  return (mode & 0o020) === 0 ? undefined : 'its group can change';
}
