import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { RecordUser } from '../../fhir/index.ts';
import { isUuid } from '../../kernel/index.ts';

const COLUMNS = { type: 'text', id: 'uuid', content: 'text' } as const;
const findByKeyStatement = statement(
  'account.record.by-key',
  COLUMNS,
  `select r.type, r.id, r.content
   from unnest($3::text[], $4::uuid[]) as k (type, id)
   join resource r on r.record_id = $2 and r.type = k.type collate "C" and r.id = k.id
   where exists (select 1 from representation h where h.account_id = $1 and h.record_id = $2 and h.ended_at is null)`,
);
export type RecordResourceRow = RowOf<typeof COLUMNS>;

/**
 * Finds the requested resources that are in the record.
 * @param keys references of the form `Type/id`
 */
export function findRecordResources(
  db: Executor,
  { accountId, recordId }: RecordUser,
  keys: readonly string[],
): Promise<readonly RecordResourceRow[]> {
  const parts = keys.map((key) => key.split('/')).filter(([, id = '']) => isUuid(id));
  return db.query(findByKeyStatement, [accountId, recordId, parts.map(([type]) => type), parts.map(([, id]) => id)]);
}
