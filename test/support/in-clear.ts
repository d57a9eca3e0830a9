import { createEncryption } from '../../src/encryption/index.ts';

/** The encryption of test servers: an installation without an encryption key. */
export const inClear = createEncryption(undefined);
