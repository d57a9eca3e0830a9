export { createMail } from './create-mail.ts';
export type { Email, EmailButton, EmailContact } from './email.ts';
export { createEmailDelivery, type EmailDelivery, type EmailDeliveryDeps } from './email-delivery.ts';
export { createEmailQueue, type EmailQueue, type ServerEmailQueue } from './email-queue.ts';
export {
  listLatestEmails,
  type OutboxEmail,
  purgeOldEmails,
  type StoredEmail,
} from './email-store.ts';
export { encryptedEmails } from './encrypted-emails.ts';
export { eraseEmails } from './erase-emails.ts';
export { checkMailServer, getEmailHealth, hasDelayedEmail } from './health.ts';
export { countHeldEmails, discardHeldEmails, holdUnsentEmails, releaseHeldEmails } from './held-emails.ts';
export { type EmailDocument, renderEmailHtml } from './html/render.ts';
export { splitOwnUrls } from './own-urls.ts';
