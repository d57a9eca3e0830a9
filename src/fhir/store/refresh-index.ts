import { type Database, type Executor, statement } from '../../database/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { valuesList } from './batches.ts';
import { indexResource } from './index-resource.ts';
import { INDEXER } from './index-table.ts';
import { raiseVersion } from './record-version.ts';
import { markDirectory, markRecord, type Progress, type Upgrade, upgradeAll } from './upgrade.ts';

/** The statements for one of the two resource tables. */
const statementsOn = (table: string, key: string, lockedTable: string) => ({
  table,
  key,
  lock: statement(`fhir.lock-to-index-${table}`, {}, `select from ${lockedTable} where ${key} = $1 for update`),
  stale: statement(
    `fhir.stale-in-${table}`,
    { type: 'text', id: 'uuid', content: 'text' },
    `select type, id, content from ${table}
     where ${key} = $1 and (type, id) > ($2, $3) and indexed_by < ${INDEXER} order by type, id limit $4`,
  ),
});
const RECORDS = statementsOn('resource', 'record_id', 'record');
const DIRECTORIES = statementsOn('shared_resource', 'practice_id', 'practice');
type Table = typeof RECORDS;
const CHUNK = 200;

/** Indexes rows again that an earlier index version wrote. */
export const INDEX_UPGRADE: Upgrade = {
  of: 'indexed_by',
  version: INDEXER,
  record: (db, recordId) => indexHome(db, RECORDS, recordId),
  directory: (db, practiceId) => indexHome(db, DIRECTORIES, practiceId),
};

/**
 * Indexes all outdated rows again.
 * @returns the number of rows
 */
export const refreshIndex = (db: Database, progress?: Progress): Promise<number> =>
  upgradeAll(db, INDEX_UPGRADE, progress);

/** A row's key within its compartment, in table order. */
interface Key {
  readonly type: string;
  readonly id: string;
}
const FIRST: Key = { type: '', id: '00000000-0000-0000-0000-000000000000' };

async function indexHome(db: Database, table: Table, home: number): Promise<number> {
  let [indexed, after]: [number, Key | undefined] = [0, FIRST];
  while (after !== undefined) {
    const from: Key = after;
    const rows: readonly Key[] = await db.transaction((tx) => indexSome(tx, table, home, from));
    indexed += rows.length;
    after = rows.length < CHUNK ? undefined : rows.at(-1);
  }
  return indexed;
}

/**
 * Indexes one chunk. If fewer rows than a full chunk are outdated, the compartment is marked as current.
 * @returns the keys of the indexed rows
 */
async function indexSome(tx: Executor, table: Table, home: number, after: Key): Promise<readonly Key[]> {
  await tx.query(table.lock, [home]);
  const stale = await tx.query(table.stale, [home, after.type, after.id, CHUNK]);
  if (stale.length > 0) {
    await tx.queryText(
      updateText(table, stale.length),
      stale.flatMap(({ type, id, content }) => {
        const { sortAt, dates, flags, codes, extra } = indexResource(parseJson(content) as Resource);
        return [home, type, id, sortAt, dates, flags, codes, extra];
      }),
    );
    if (table === RECORDS) await raiseVersion(tx, home);
  }
  if (stale.length < CHUNK) await (table === RECORDS ? markRecord : markDirectory)(tx, 'indexed_by', home, INDEXER);
  return stale;
}

const CASTS = ['bigint', 'text', 'uuid', 'timestamptz', 'timestamptz[]', 'int8[]', 'int8[]', 'jsonb'];

const updateText = ({ table, key }: Table, count: number): string =>
  `update ${table} r set sort_at = v.sort_at, dates = v.dates, flags = v.flags, codes = v.codes, extra = v.extra,
     indexed_by = ${INDEXER}${key === 'record_id' ? ', practice_id = (select o.practice_id from record o where o.record_id = v.home)' : ''}
   from (values ${valuesList(count, CASTS)}) as v (home, type, id, sort_at, dates, flags, codes, extra)
   where r.${key} = v.home and r.type = v.type collate "C" and r.id = v.id`;
