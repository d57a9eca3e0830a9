import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AccountId, RecordId } from '../../kernel/index.ts';

/** An account whose access to a record was ended. */
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

/** Ends everyone's access to a record, the patient's and representatives'. */
export const endRecordAccess = async (
  tx: Executor,
  { recordId, at, reason }: RecordAccessEnd,
): Promise<readonly EndedRecordUser[]> => (await tx.query(end, [recordId, at, reason])).map(toRecordUser);

/** Ends the access of accounts that gained it at or after an instant. */
export const endRecordAccessSince = async (
  tx: Executor,
  { recordId, at, reason, since }: RecordAccessEnd & { readonly since: Date },
): Promise<readonly EndedRecordUser[]> => (await tx.query(endSince, [recordId, at, reason, since])).map(toRecordUser);

/**
 * Undoes `endRecordAccess` for access that hasn't changed since: it must have been ended at that instant for that reason.
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
