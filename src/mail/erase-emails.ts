import { type Executor, statement } from '../database/index.ts';
import type { Encryption } from '../encryption/index.ts';
import { decryptAll } from './email-content.ts';

const selectTo = statement(
  'mail.erase.list',
  {
    mail_id: 'uuid',
    recipient: 'text',
    subject: 'text',
    content: 'text?',
    button_url: 'text?',
    encrypted_content: 'bytea?',
  },
  `select mail_id, recipient, subject, content, button_url, encrypted_content from mail
   where recipient = any($1::text[]) for update`,
);
const deleteEmails = statement(
  'mail.erase.delete',
  { mail_id: 'uuid' },
  'delete from mail where mail_id = any($1::uuid[]) returning mail_id',
);

/**
 * Deletes emails about a patient, sent or not.
 * @param own addresses whose emails are all deleted
 * @param others addresses of people who get other emails too: only those that contain one of the texts are deleted
 * @returns number of deleted emails
 */
export async function eraseEmails(
  tx: Executor,
  encryption: Encryption,
  { own, others, texts }: Readonly<Record<'own' | 'others' | 'texts', readonly string[]>>,
): Promise<number> {
  const emails = await decryptAll(tx, encryption, await tx.query(selectTo, [[...own, ...others]]));
  const isAbout = (text: string): boolean => texts.some((one) => text.includes(one));
  const chosen = emails.filter(
    ({ recipient, subject, content }) => own.includes(recipient) || isAbout(`${subject}\n${content ?? ''}`),
  );
  return (await tx.query(deleteEmails, [chosen.map(({ mail_id }) => mail_id)])).length;
}
