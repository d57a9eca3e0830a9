import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, Random } from '../../kernel/index.ts';
import { hashCode } from '../passwords/password.ts';

/**
 * An account has ten recovery codes of 50 random bits each (look-up secrets, NIST SP 800-63B-4 §3.1.2). Their alphabet
 * has no letters that look like digits.
 */
const CODE_COUNT = 10;
const CODE_LENGTH = 10;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const replace = statement(
  'people.recovery-code.replace',
  { account_id: 'uuid' },
  `with over as (delete from recovery_code where account_id = $1 and not hash = any($2::bytea[]))
   insert into recovery_code (account_id, hash)
   select a.account_id, hash from account a, unnest($2::bytea[]) as hash
   where a.account_id = $1 and not a.published and a.closed_at is null
   returning account_id`,
);
const use = statement(
  'people.recovery-code.use',
  { account_id: 'uuid' },
  `update recovery_code set used_at = $3 where account_id = $1 and hash = $2 and used_at is null returning account_id`,
);
const removeAll = statement('people.recovery-code.remove-all', {}, 'delete from recovery_code where account_id = $1');

export interface NewRecoveryCodes {
  /** The new recovery codes, formatted for display. They are displayed once and stored as hashes. */
  readonly codes: readonly string[];
  readonly hashes: readonly Buffer[];
}

/**
 * Generates recovery codes. Hashing takes as long as hashing ten passwords, so call this function outside of a
 * transaction.
 */
export async function generateRecoveryCodes(random: Random, accountId: AccountId): Promise<NewRecoveryCodes> {
  const plain = Array.from({ length: CODE_COUNT }, () =>
    [...random.bytes(CODE_LENGTH)].map((byte) => ALPHABET[byte % 32]).join(''),
  );
  const hashes: Buffer[] = [];
  for (const code of plain) hashes.push(await hashCode(accountId, code));
  return { codes: plain.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`), hashes };
}

/** Replaces the account's recovery codes. @returns false if the account is a shared sandbox account or closed */
export async function saveRecoveryCodes(
  tx: Executor,
  accountId: AccountId,
  { hashes }: NewRecoveryCodes,
): Promise<boolean> {
  return (await tx.query(replace, [accountId, hashes])).length > 0;
}

/**
 * Hashes an entered recovery code for look-up. Returns `undefined` for text that can't be a code. Hashing is slow, so
 * call this function outside of a transaction.
 */
export async function hashRecoveryCode(accountId: AccountId, code: string): Promise<Buffer | undefined> {
  const folded = normalizeRecoveryCode(code);
  return folded.length === CODE_LENGTH ? hashCode(accountId, folded) : undefined;
}

/** Uses up a recovery code. @returns false if the account has no such code or it was used before */
export async function useRecoveryCode(tx: Executor, accountId: AccountId, hash: Buffer, now: Date): Promise<boolean> {
  return (await tx.query(use, [accountId, hash, now])).length > 0;
}

export async function removeRecoveryCodes(tx: Executor, accountId: AccountId): Promise<void> {
  await tx.query(removeAll, [accountId]);
}

/** Normalizes a recovery code that a person typed. Letters that look like digits are read as those digits. */
const normalizeRecoveryCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
