import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { ConnectionViewer } from '../connections/store.ts';

const LIST_COLUMNS = { receipt_id: 'uuid', app: 'text', at: 'timestamptz' } as const;
const COLUMNS = {
  ...LIST_COLUMNS,
  wording: 'text',
  language: 'text',
  content: 'text',
  hash: 'bytea',
  asked: '_text',
  unticked: '_text',
} as const;
/**
 * Finds the consent receipts of an account for a record. If $3 is set, for a shared sandbox account, only receipts of
 * consents given in this browser are found.
 */
const FROM = `from receipt r
   join consent_grant g on g.grant_id = r.grant_id and g.account_id = r.account_id and g.record_id = $2
   join app a on a.client_id = g.client_id
   where r.account_id = $1
     and exists (select from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)
     and ($3::bytea is null or r.browser = $3)`;
const listStatement = statement(
  'account.receipts.list',
  { ...LIST_COLUMNS, total: 'int4' },
  `select r.receipt_id, a.name as app, r.at, (count(*) over ())::int as total ${FROM}
     and ($4::uuid is null or r.grant_id = $4) order by r.at desc, r.receipt_id limit $5 offset $6`,
);
const findStatement = statement(
  'account.receipts.one',
  COLUMNS,
  `select r.receipt_id, a.name as app, r.at, r.wording, r.language, r.content, r.hash, r.asked, r.unticked
   ${FROM} and r.receipt_id = $4`,
);

export type ConsentReceiptRow = RowOf<typeof COLUMNS>;

const accountRecordParams = ({ accountRecord, browser }: ConnectionViewer): readonly unknown[] => [
  accountRecord.accountId,
  accountRecord.recordId,
  browser ?? null,
];

/** Receipts of one page, without their texts. */
export interface ReceiptsPage {
  readonly receipts: readonly RowOf<typeof LIST_COLUMNS>[];
  readonly page: number;
  readonly pages: number;
}

const PAGE_SIZE = 25;

/**
 * Lists the receipts of one page, newest first. A page after the last one is the first one.
 * @param selection `grantId` limits the list to receipts of this connection; `page` is the number of the page, from 1
 */
export async function listReceipts(
  db: Executor,
  viewer: ConnectionViewer,
  { grantId, page }: { readonly grantId: string | undefined; readonly page: number },
): Promise<ReceiptsPage> {
  const offset = (page - 1) * PAGE_SIZE;
  const receipts = await db.query(listStatement, [...accountRecordParams(viewer), grantId ?? null, PAGE_SIZE, offset]);
  if (receipts.length === 0 && page > 1) return listReceipts(db, viewer, { grantId, page: 1 });
  return { receipts, page, pages: Math.ceil((receipts[0]?.total ?? 0) / PAGE_SIZE) };
}

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
