export type { Email } from './email.ts';
export { createEmailDelivery, type EmailDelivery, type EmailDeliveryDeps } from './email-delivery.ts';
export { createEmailQueue, type EmailQueue, type ServerEmailQueue } from './email-queue.ts';
export { listLatestEmails, purgeOldEmails, queueUnsentEmails, type StoredEmail } from './email-store.ts';
export { checkMailServer, getEmailHealth, hasDelayedEmail } from './health.ts';
export { createMail } from './create-mail.ts';
