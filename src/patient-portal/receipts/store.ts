import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ConnectionViewer } from '../connections/store.ts';

const COLUMNS = {
  receipt_id: 'uuid',
  grant_id: 'uuid',
  app: 'text',
  at: 'timestamptz',
  wording: 'text',
  language: 'text',
  content: 'text',
  hash: 'bytea',
} as const;
/**
 * Selects the consent receipts of an account for a record. If $3 is set, for a shared sandbox account, only receipts of
 * consents given in this browser are found.
 */
const SELECT = `select r.receipt_id, r.grant_id, a.name as app, r.at, r.wording, r.language, r.content, r.hash
   from receipt r
   join consent_grant g on g.grant_id = r.grant_id and g.account_id = r.account_id and g.record_id = $2
   join app a on a.client_id = g.client_id
   where r.account_id = $1
     and exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)
     and ($3::bytea is null or r.browser = $3)`;
const listStatement = statement(
  'account.receipts.list',
  COLUMNS,
  `${SELECT} and ($4::uuid is null or r.grant_id = $4) order by r.at desc, r.receipt_id limit 500`,
);
const findStatement = statement('account.receipts.one', COLUMNS, `${SELECT} and r.receipt_id = $4`);

export type ConsentReceiptRow = RowOf<typeof COLUMNS>;

const accountRecordParams = ({ accountRecord, browser }: ConnectionViewer): readonly unknown[] => [
  accountRecord.accountId,
  accountRecord.recordId,
  browser ?? null,
];

/**
 * Lists the receipts, newest first.
 * @param grantId limits the list to receipts of this connection; undefined: all receipts
 */
export const listReceipts = (
  db: Executor,
  viewer: ConnectionViewer,
  grantId: string | undefined,
): Promise<readonly ConsentReceiptRow[]> => db.query(listStatement, [...accountRecordParams(viewer), grantId ?? null]);

/**
 * Finds one receipt of the account for the record.
 * @param receiptId a UUID
 */
export async function findReceipt(
  db: Executor,
  viewer: ConnectionViewer,
  receiptId: string,
): Promise<ConsentReceiptRow | undefined> {
  return (await db.query(findStatement, [...accountRecordParams(viewer), receiptId]))[0];
}
