import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

const invitersStatement = statement(
  'desk.patient.inviters',
  { invitation_id: 'uuid', display_name: 'text?' },
  `select i.invitation_id, a.display_name from invitation i left join account a on a.account_id = i.created_by
   where i.record_id = $1`,
);

/**
 * Returns the name of the person who created each invitation of a record, by invitation id. The name is undefined for
 * an invitation that was created on the command line.
 */
export async function listInviters(db: Executor, recordId: RecordId): Promise<ReadonlyMap<string, string | undefined>> {
  const rows = await db.query(invitersStatement, [recordId]);
  return new Map(rows.map((row) => [row.invitation_id, row.display_name ?? undefined]));
}
