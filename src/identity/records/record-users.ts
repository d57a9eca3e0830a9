import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

/** An account that no longer has access to a record. */
export interface EndedRecordUser {
  readonly accountId: AccountId;
  readonly username: string;
  readonly relationship: 'self' | 'representative';
}

const OPENER = { account_id: 'uuid', username: 'text', relationship: 'text' } as const;
const SELECT = `select e.account_id, a.username, e.relationship from ended e join account a on a.account_id = e.account_id
  order by a.username`;
const end = statement(
  'people.openers.end',
  OPENER,
  `with ended as (
     update representation set ended_at = $2, ended_for = $3 where record_id = $1 and ended_at is null
     returning account_id, relationship) ${SELECT}`,
);
const endSince = statement(
  'people.openers.end-since',
  OPENER,
  `with ended as (
     update representation set ended_at = $2, ended_for = $3 where record_id = $1 and ended_at is null and began_at >= $4
     returning account_id, relationship) ${SELECT}`,
);
const restore = statement(
  'people.openers.restore',
  OPENER,
  `with ended as (
     update representation set ended_at = null, ended_for = null where record_id = $1 and ended_at = $2 and ended_for = $3
     returning account_id, relationship) ${SELECT}`,
);

interface RecordAccessEnd {
  readonly recordId: RecordId;
  readonly at: Date;
  readonly reason: string;
}

/** Ends the access of all accounts to a record, both the patient's own and representatives'. */
export const endRecordAccess = async (
  tx: Executor,
  { recordId, at, reason }: RecordAccessEnd,
): Promise<readonly EndedRecordUser[]> => (await tx.query(end, [recordId, at, reason])).map(toRecordUser);

/** Ends the access of accounts to a record if that access began at or after an instant. */
export const endRecordAccessSince = async (
  tx: Executor,
  { recordId, at, reason, since }: RecordAccessEnd & { readonly since: Date },
): Promise<readonly EndedRecordUser[]> => (await tx.query(endSince, [recordId, at, reason, since])).map(toRecordUser);

/**
 * Undoes `endRecordAccess`. Restores only access that was ended at the given instant and for the given reason; access
 * that changed afterwards stays as it is.
 */
export const restoreRecordAccess = async (
  tx: Executor,
  { recordId, at, reason }: RecordAccessEnd,
): Promise<readonly EndedRecordUser[]> => (await tx.query(restore, [recordId, at, reason])).map(toRecordUser);

const toRecordUser = (row: RowOf<typeof OPENER>): EndedRecordUser => ({
  accountId: row.account_id as AccountId,
  username: row.username,
  relationship: row.relationship as EndedRecordUser['relationship'],
});
