import { type Executor, statement } from '../../database/index.ts';
import { formatLongDateTimeSeconds } from '../../i18n/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';
import type { MergeNotifier } from '../ports.ts';

const recordNamesStatement = statement(
  'intake.merge.place',
  { person: 'text', practice: 'text', phone: 'text?' },
  `select coalesce(d.name, '') as person, p.name as practice, p.phone
   from record r join practice p on p.practice_id = r.practice_id
     left join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where r.record_id = $1`,
);

/**
 * How a person's access to a patient record changed: ended by a merge, ended because a merge was undone, or restored.
 * Each value is a key of the message catalogue.
 */
type AccessChange = 'accessJoined' | 'accessApart' | 'accessAgain';

/**
 * Emails accounts about changed access to a patient record, each in its own language. Accounts without an email address
 * are skipped. The emails are queued in the transaction of the change.
 */
export async function notifyAccounts(
  tx: Executor,
  notifier: MergeNotifier,
  accounts: readonly { readonly accountId: AccountId }[],
  { became, recordId, at }: { readonly became: AccessChange; readonly recordId: RecordId; readonly at: Date },
): Promise<void> {
  const [row] = accounts.length === 0 ? [] : await tx.query(recordNamesStatement, [recordId]);
  if (row === undefined) return;
  const values = { record: toLine(row.person), practice: toLine(row.practice), phone: row.phone ?? undefined };
  for (const { accountId } of accounts)
    await notifier.send(tx, accountId, (messages, { language, timeZone }) =>
      messages[became]({ ...values, at: formatLongDateTimeSeconds(language, at, timeZone) }),
    );
}

const toLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').slice(0, 100);
