/** A data key, encrypted with an encryption key. */
export interface WrappedKey {
  /** Names the encryption key. It isn't secret. */
  readonly keyId: string;
  readonly wrapped: Buffer;
}

/**
 * The operator's encryption key. It is outside of the database and encrypts only data keys. A file has one, or a program
 * that asks a hardware module or a key service.
 */
export interface EncryptionKey {
  /** Returns the id of the key that `wrap` uses. Keys that were used before can still unwrap. */
  currentKeyId(): Promise<string>;
  wrap(dataKey: Buffer): Promise<WrappedKey>;
  /** Throws `OperatorError` if the key isn't available. */
  unwrap(wrapped: WrappedKey): Promise<Buffer>;
}
