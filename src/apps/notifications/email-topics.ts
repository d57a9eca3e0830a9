import { type Executor, statement } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';

/**
 * Emails that a developer can turn off, by topic: steps and decisions of reviews, expiring secrets, and rising errors.
 * Emails about a suspended or retired app can't be turned off.
 */
export const EMAIL_TOPICS = ['review', 'secrets', 'errors'] as const;
export type EmailTopic = (typeof EMAIL_TOPICS)[number];

const listOff = statement(
  'registry.email-topic.list-off',
  { topic: 'text' },
  'select topic from notification_email_off where account_id = $1',
);
const listAccounts = statement(
  'registry.email-topic.accounts-off',
  { account_id: 'uuid' },
  'select account_id from notification_email_off where topic = $1 and account_id = any($2::uuid[])',
);
const turnOn = statement(
  'registry.email-topic.turn-on',
  {},
  'delete from notification_email_off where account_id = $1 and topic <> all($2::text[])',
);
const turnOff = statement(
  'registry.email-topic.turn-off',
  {},
  `insert into notification_email_off (account_id, topic) select $1, topic from unnest($2::text[]) as topic
   on conflict do nothing`,
);

const forget = statement(
  'registry.email-topic.forget-accounts',
  {},
  'delete from notification_email_off where account_id = any($1::uuid[])',
);

/** Deletes the choices of accounts that no longer exist. */
export async function deleteEmailTopicsOfAccounts(tx: Executor, accountIds: readonly AccountId[]): Promise<void> {
  await tx.query(forget, [accountIds]);
}

/** Returns the topics about which an account gets no email. */
export async function listEmailTopicsOff(db: Executor, accountId: AccountId): Promise<readonly EmailTopic[]> {
  return (await db.query(listOff, [accountId])).map(({ topic }) => topic as EmailTopic);
}

/** Turns the emails to an account off for the given topics, and on for all others. */
export async function setEmailTopicsOff(
  tx: Executor,
  accountId: AccountId,
  topics: readonly EmailTopic[],
): Promise<void> {
  await tx.query(turnOn, [accountId, topics]);
  await tx.query(turnOff, [accountId, topics]);
}

/** Returns which of the accounts turned the emails of a topic off. */
export async function listAccountsWithoutEmail(
  db: Executor,
  topic: EmailTopic,
  accountIds: readonly AccountId[],
): Promise<ReadonlySet<string>> {
  return new Set((await db.query(listAccounts, [topic, accountIds])).map(({ account_id }) => account_id));
}
