export { findNewestDataKey, listDataKeys } from './data-keys.ts';
export { countUnencryptedRows, type EncryptedTable, encryptRows, ROWS_AT_ONCE } from './encrypted-table.ts';
export { createEncryption, type EncryptedPlace, type Encryption } from './encryption.ts';
export { defaultKeyFile, type EncryptionKey, findKeyFile, openEncryptionKey } from './encryption-key.ts';
export { createKeyFile, findOpenPermissions } from './key-file.ts';
export { type EncryptionRotation, rotateEncryption } from './rotate-encryption.ts';
export { type EncryptionState, startEncryption } from './start-encryption.ts';
