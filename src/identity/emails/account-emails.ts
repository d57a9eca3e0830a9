import { type Executor, statement } from '../../database/index.ts';
import type { AccountKind } from '../../domain/index.ts';
import { getMessages, type Language, type Messages } from '../../i18n/index.ts';
import { type AccountId, isEmailAddress, toSingleLine } from '../../kernel/index.ts';
import { findBrand } from '../../practices/index.ts';
import type { IdentityEmailQueue } from '../ports.ts';
import { findOnlyPractice } from '../records/accessible-records.ts';

export interface AccountEmailRecipient {
  readonly kind: AccountKind;
  readonly username: string;
  readonly displayName: string;
  /** Email address of the account, normalized. */
  readonly email: string | undefined;
  readonly language: Language;
  /** IANA name of the practice's time zone, in which the email shows times. */
  readonly timeZone: string;
}

/**
 * Selects the recipient of an account's email. `sandbox` is true for shared sandbox accounts and for people whose
 * practices are all sandbox practices. Those people are fictitious, so email to them is stored in the outbox and never
 * sent.
 */
const selectRecipient = statement(
  'people.addressee',
  {
    kind: 'text',
    username: 'text',
    display_name: 'text',
    email: 'text?',
    language: 'text',
    sandbox: 'bool',
    time_zone: 'text?',
  },
  `select a.kind, a.username, a.display_name, a.email, a.language, a.published or coalesce(p.sandbox, false) as sandbox,
     p.time_zone
   from account a left join lateral (
     select bool_and(kind = 'sandbox') as sandbox, min(time_zone) as time_zone from practice where practice_id in (
       select r.practice_id from representation t join record r on r.record_id = t.record_id
       where t.account_id = a.account_id
       union select s.practice_id from staff s where s.account_id = a.account_id)) p on true
   where a.account_id = $1 and a.closed_at is null`,
);

type SecurityEmailMessages = Messages['security']['emails'];
export interface AccountEmailText {
  readonly subject: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly url: string } | undefined;
}
/** Returns the subject and text of an email to an account's owner, in the owner's language. */
export type WriteAccountEmail = (messages: SecurityEmailMessages, person: AccountEmailRecipient) => AccountEmailText;

/** Sends emails about an account to its owner. */
export interface AccountEmails {
  /**
   * Queues an email to the account's confirmed address. Does nothing if the account has none.
   * @returns whether an email was queued
   */
  send(tx: Executor, accountId: AccountId, say: WriteAccountEmail): Promise<boolean>;
  /**
   * Queues an email about the account to an address other than its confirmed one, such as an address that the person
   * just entered or had before.
   */
  sendTo(tx: Executor, email: string, accountId: AccountId, say: WriteAccountEmail): Promise<void>;
}

/** Maximum number of characters of a practice's name in the sender of an email. */
const MAX_NAME = 100;

type AccountEmailSender = Pick<
  Parameters<IdentityEmailQueue['queueInTransaction']>[1],
  'senderName' | 'practiceId' | 'contact' | 'replyTo'
>;

/** Creates the service that queues emails about an account, in the transaction of its caller. */
export function createAccountEmails({
  post,
  brandName,
}: {
  post: IdentityEmailQueue;
  brandName: string;
}): AccountEmails {
  async function queueEmail(tx: Executor, accountId: AccountId, say: WriteAccountEmail, to?: string): Promise<boolean> {
    const [row] = await tx.query(selectRecipient, [accountId]);
    const address = to ?? row?.email ?? undefined;
    if (row === undefined || address === undefined) return false;
    const language = row.language as Language;
    const { security } = getMessages(language);
    const person: AccountEmailRecipient = {
      kind: row.kind as AccountKind,
      username: row.username,
      displayName: row.display_name,
      email: row.email ?? undefined,
      language,
      timeZone: row.time_zone ?? 'America/New_York',
    };
    const { subject, text, button } = say(security.emails, person);
    await post.queueInTransaction(tx, {
      to: address,
      subject,
      text: `${security.emails.greeting(person.displayName)}\n\n${text}`,
      language,
      button,
      reason: 'account',
      ...(await findSender(tx, accountId, person.kind)),
      sandbox: row.sandbox,
    });
    return true;
  }
  /**
   * Returns in whose name the email is sent. A patient whose records are all at one practice gets it from that practice,
   * like all other emails about the record. All other people get it from the installation.
   */
  async function findSender(tx: Executor, accountId: AccountId, kind: AccountKind): Promise<AccountEmailSender> {
    const practiceId = kind === 'patient' ? await findOnlyPractice(tx, accountId) : undefined;
    const practice = practiceId === undefined ? undefined : await findBrand(tx, practiceId);
    if (practice === undefined) return { senderName: brandName };
    const { name, phone, email } = practice;
    return {
      senderName: toSingleLine(name, MAX_NAME),
      practiceId,
      contact: { phone, email },
      replyTo: email !== undefined && isEmailAddress(email) ? email : undefined,
    };
  }

  return {
    send: (tx, accountId, say) => queueEmail(tx, accountId, say),
    async sendTo(tx, email, accountId, say) {
      await queueEmail(tx, accountId, say, email);
    },
  };
}
