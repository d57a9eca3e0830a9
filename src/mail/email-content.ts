import type { Executor } from '../database/index.ts';
import type { EncryptedPlace, Encryption } from '../encryption/index.ts';

/** The parts of an email that may have a valid link or code, and that are encrypted together. */
export interface SecretContent {
  readonly content: string | null;
  readonly button_url: string | null;
}
export const NO_CONTENT: SecretContent = { content: null, button_url: null };

export const contentPlace = (mailId: string): EncryptedPlace => ({ column: 'mail.encrypted_content', row: mailId });
export const toBytes = ({ content, button_url }: SecretContent): Buffer =>
  Buffer.from(JSON.stringify({ content, button_url } satisfies SecretContent));

/** Reads the text of an email. It is null if the email was sent. */
export async function readContent(
  db: Executor,
  encryption: Encryption,
  { mail_id, content, button_url, encrypted_content }: StoredContent,
): Promise<SecretContent> {
  if (encrypted_content === null) return { content, button_url };
  return JSON.parse((await encryption.decrypt(db, contentPlace(mail_id), encrypted_content)).toString());
}

export interface StoredContent extends SecretContent {
  readonly mail_id: string;
  readonly encrypted_content: Buffer | null;
}

/** An email with its text in clear, as far as it has one. */
export type Decrypted<Row> = Omit<Row, 'encrypted_content'>;

/** Replaces the encrypted text of emails by the text in clear. */
export async function decryptAll<Row extends StoredContent>(
  db: Executor,
  encryption: Encryption,
  rows: readonly Row[],
): Promise<Decrypted<Row>[]> {
  const emails: Decrypted<Row>[] = [];
  for (const { encrypted_content, ...row } of rows)
    emails.push({ ...row, ...(await readContent(db, encryption, { ...row, encrypted_content })) });
  return emails;
}
