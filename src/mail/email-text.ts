import { getMessages } from '../i18n/index.ts';
import type { Email } from './email.ts';

/** Separates the text of an email from its footer, as mail clients expect (RFC 3676 §4.3). */
export const FOOTER_SEPARATOR = '\n\n-- \n';

/** Returns the plain text of an email with its footer: who sent it, whom to ask, and why the reader got it. */
export function composeText({ text, language, senderName, contact, reason }: Email): string {
  const { common, emailFooter } = getMessages(language);
  const contacts = [contact?.phone, contact?.email].filter((one) => one !== undefined);
  const footer = [
    senderName,
    ...(contacts.length === 0 ? [] : [`${common.questions(senderName)}: ${contacts.join(' · ')}`]),
    '',
    emailFooter.reasons[reason](senderName),
    emailFooter.automated,
  ];
  return `${text.trimEnd()}${FOOTER_SEPARATOR}${footer.join('\n')}\n`;
}
