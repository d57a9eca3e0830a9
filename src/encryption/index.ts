export { listDataKeys } from './data-keys.ts';
export { countUnencryptedRows, type EncryptedTable, ROWS_AT_ONCE } from './encrypted-table.ts';
export { createEncryption, type EncryptedPlace, type Encryption } from './encryption.ts';
export type { EncryptionKey } from './encryption-key.ts';
export { createKeyFile, findOpenPermissions } from './key-file.ts';
export { findKeyFile, openEncryptionKey } from './open-encryption-key.ts';
export { rotateEncryption } from './rotate-encryption.ts';
export { startEncryption } from './start-encryption.ts';
