import { type Executor, statement } from '../database/index.ts';
import type { AccountId } from '../kernel/index.ts';
import { type Language, type Words, wordsIn } from '../words/index.ts';
import type { AccountKind } from './account.ts';
import type { PeoplePost } from './ports.ts';

export interface Addressee {
  readonly kind: AccountKind;
  readonly username: string;
  readonly displayName: string;
  /** Normalized. */
  readonly email: string | undefined;
  readonly language: Language;
  /** IANA name of the time zone for times in emails: the practice's. */
  readonly timeZone: string;
}

/**
 * `sandbox` is true for shared accounts and for people whose practices are all sandbox practices: they are fictitious,
 * so their emails stay in the outbox.
 */
const find = statement(
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

type MailWords = Words['security']['mail'];
export interface Text {
  readonly subject: string;
  readonly text: string;
}
/** Writes the email in the account owner's language. */
export type Say = (messages: MailWords, person: Addressee) => Text;

/** Sends emails about an account to its owner. */
export interface Correspondence {
  /** Queues an email to the account's address and does nothing if it has none. @returns whether an email was queued */
  tell(tx: Executor, accountId: AccountId, say: Say): Promise<boolean>;
  /** Queues an email to another address, one that the person entered or had before. */
  tellAt(tx: Executor, email: string, accountId: AccountId, say: Say): Promise<void>;
}

/** Creates the sender of account emails. Emails are queued in the caller's transaction. */
export function openCorrespondence({ post, brandName }: { post: PeoplePost; brandName: string }): Correspondence {
  async function queueEmail(tx: Executor, accountId: AccountId, say: Say, to?: string): Promise<boolean> {
    const [row] = await tx.query(find, [accountId]);
    const address = to ?? row?.email ?? undefined;
    if (row === undefined || address === undefined) return false;
    const language = row.language as Language;
    const { security, mail } = wordsIn(language);
    const person: Addressee = {
      kind: row.kind as AccountKind,
      username: row.username,
      displayName: row.display_name,
      email: row.email ?? undefined,
      language,
      timeZone: row.time_zone ?? 'America/New_York',
    };
    const { subject, text } = say(security.mail, person);
    const body = `${security.mail.greeting(person.displayName)}\n\n${text}\n\n-- \n${mail.signature(brandName)}\n`;
    await post.queueWithin(tx, { to: address, subject, text: body, senderName: brandName, sandbox: row.sandbox });
    return true;
  }
  return {
    tell: (tx, accountId, say) => queueEmail(tx, accountId, say),
    async tellAt(tx, email, accountId, say) {
      await queueEmail(tx, accountId, say, email);
    },
  };
}
