import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';
import { secondOf } from '../../words/index.ts';
import type { MergedPeople } from '../ports.ts';

const place = statement(
  'intake.merge.place',
  { person: 'text', practice: 'text', phone: 'text?' },
  `select coalesce(d.name, '') as person, p.name as practice, p.phone
   from record r join practice p on p.practice_id = r.practice_id
     left join demographics d on d.practice_id = r.practice_id and d.record_id = r.record_id
   where r.record_id = $1`,
);

/**
 * Change of access to a record: ended by a merge, ended by an unmerge, or restored. Each value is a key of the message
 * catalogue.
 */
type Became = 'accessJoined' | 'accessApart' | 'accessAgain';

/** Emails the accounts that have an address, each in its own language, in the transaction of the change. */
export async function tellPeople(
  tx: Executor,
  people: MergedPeople,
  accounts: readonly { readonly accountId: AccountId }[],
  { became, recordId, at }: { readonly became: Became; readonly recordId: RecordId; readonly at: Date },
): Promise<void> {
  const [row] = accounts.length === 0 ? [] : await tx.query(place, [recordId]);
  if (row === undefined) return;
  const values = { record: line(row.person), practice: line(row.practice), phone: row.phone ?? undefined };
  for (const { accountId } of accounts)
    await people.tell(tx, accountId, (messages, { language, timeZone }) =>
      messages[became]({ ...values, at: secondOf(language, at, timeZone) }),
    );
}

const line = (text: string): string => text.replaceAll(/\s+/gu, ' ').slice(0, 100);
