import { type Executor, statement } from '../../database/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';

export interface ResourceKey {
  readonly type: string;
  readonly id: string;
}

const read = statement(
  'fhir.read-stored',
  { content: 'text' },
  'select content from resource where record_id = $1 and type = $2 and id = $3',
);
const elsewhere = statement(
  'fhir.stored-elsewhere',
  { type: 'text', id: 'uuid' },
  `select r.type, r.id from unnest($3::text[], $4::uuid[]) as k (type, id)
     join resource r on r.id = k.id and r.type = k.type collate "C" and r.record_id <> $2
     join record o on o.record_id = r.record_id and o.practice_id = $1 and o.state = 'active'
   union
   select t.type, t.id from unnest($3::text[], $4::uuid[]) as k (type, id)
     join tombstone t on t.id = k.id and t.type = k.type collate "C" and t.record_id <> $2
     join record o on o.record_id = t.record_id and o.practice_id = $1 and o.state = 'active'`,
);

/** As it is in the record now; for intake, which holds what comes against what is there. */
export async function readStored(tx: Executor, recordId: RecordId, key: ResourceKey): Promise<Resource | undefined> {
  const [row] = await tx.query(read, [recordId, key.type, key.id]);
  return row === undefined ? undefined : (parseJson(row.content) as Resource);
}

/** Those that another record of the practice has, or had until they were deleted, as `Type/id`. The caller holds the lock of the practice. */
export async function storedElsewhere(
  tx: Executor,
  { practiceId, recordId }: { readonly practiceId: PracticeId; readonly recordId: RecordId },
  keys: readonly ResourceKey[],
): Promise<ReadonlySet<string>> {
  const types = keys.map(({ type }) => type);
  // Without a name it is planned each time: a plan kept from when there was little here took 200 times as long.
  const rows = await tx.queryText<NonNullable<(typeof elsewhere)['row']>>(elsewhere.text, [
    practiceId,
    recordId,
    types,
    keys.map(({ id }) => id),
  ]);
  return new Set(rows.map(({ type, id }) => `${type}/${id}`));
}
