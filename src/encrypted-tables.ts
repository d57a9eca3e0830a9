import type { EncryptedTable } from './encryption/index.ts';
import { encryptedAuthenticators } from './identity/index.ts';
import { encryptedEmails } from './mail/index.ts';
import { encryptedSigningKeys } from './oauth/index.ts';

/** All tables with encrypted values. */
export const ENCRYPTED_TABLES: readonly EncryptedTable[] = [
  encryptedSigningKeys,
  encryptedAuthenticators,
  encryptedEmails,
];
