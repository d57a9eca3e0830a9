import { type Database, type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Projection } from '../core/projection.ts';
import type { Resource } from '../core/version.ts';
import { raiseVersion } from './record-version.ts';
import { writeProjections } from './write-projections.ts';

const STALE = `from resource r left join projection p
  on p.record_id = r.record_id and p.name = $1 and p.type = r.type and p.id = r.id
  where r.type = any($2::text[]) and (p.maker is null or p.maker < $3)`;
const staleRecords = statement(
  'fhir.stale-records',
  { record_id: 'int8', stale: 'int8' },
  `select r.record_id, count(*) as stale ${STALE} group by r.record_id`,
);
const staleOf = statement(
  'fhir.stale-of',
  { type: 'text', id: 'uuid', content: 'text' },
  `select r.type, r.id, r.content ${STALE} and r.record_id = $4 and (r.type, r.id) > ($5, $6)
   order by r.type, r.id limit $7`,
);
const lockRecord = statement('fhir.lock-record-to-refresh', {}, 'select from record where record_id = $1 for update');
const CHUNK = 200;

export interface Refresh {
  readonly projections: readonly Projection[];
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * Makes the projections that are missing or were made by an older maker: after an upgrade, at start. Record by record,
 * so that intake can go on beside it.
 * @returns how many were made
 */
export async function refreshProjections(db: Database, { projections, onProgress }: Refresh): Promise<number> {
  let made = 0;
  for (const projection of projections) {
    const records = await db.query(staleRecords, [projection.name, projection.types, projection.maker]);
    const all = made + records.reduce((sum, { stale }) => sum + stale, 0);
    for (const { record_id } of records) {
      made += await refreshRecord(db, record_id as RecordId, projection);
      onProgress?.(made, all);
    }
  }
  return made;
}

interface Key {
  readonly type: string;
  readonly id: string;
}
const FIRST: Key = { type: '', id: '00000000-0000-0000-0000-000000000000' };

async function refreshRecord(db: Database, recordId: RecordId, projection: Projection): Promise<number> {
  let made = 0;
  let after: Key | undefined = FIRST;
  while (after !== undefined) {
    const from: Key = after;
    const rows: readonly Key[] = await db.transaction((tx) => refreshSome(tx, recordId, projection, from));
    made += rows.length;
    after = rows.at(-1);
  }
  return made;
}

async function refreshSome(
  tx: Executor,
  recordId: RecordId,
  projection: Projection,
  after: Key,
): Promise<readonly Key[]> {
  const { name, types, maker } = projection;
  await tx.query(lockRecord, [recordId]);
  const stale = await tx.query(staleOf, [name, types, maker, recordId, after.type, after.id, CHUNK]);
  const resources = stale.map((row) => parseJson(row.content) as Resource);
  await writeProjections(tx, recordId, resources, [projection]);
  if (stale.length > 0) await raiseVersion(tx, recordId);
  return stale;
}
