import { type Database, type Executor, statement } from '../../../database/index.ts';
import type { PracticeId, RecordId } from '../../../kernel/index.ts';
import { markDirectoryCurrent } from '../../../practices/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import { FIRST_KEY, type ResourceKey } from '../../model/resource-key.ts';
import { INDEX_VERSION } from '../index/index-definitions.ts';
import { indexResource } from '../index/index-resource.ts';
import { ROWS_AT_ONCE } from '../rows-at-once.ts';
import { valuesListSql } from './batch-statements.ts';
import { lockPractice, lockRecord } from './locks.ts';
import { raiseRecordVersion } from './record-version.ts';
import { markRecordCurrent, type StoreUpgrade, type UpgradeProgress, upgradeAll } from './upgrade.ts';

/**
 * Creates the statements that index one of the two resource tables again: `resource` for patient records,
 * `shared_resource` for directories.
 */
const statementsOn = (table: string, key: string) => ({
  table,
  key,
  stale: statement(
    `fhir.stale-in-${table}`,
    { type: 'text', id: 'uuid', content: 'text' },
    `select type, id, content from ${table}
     where ${key} = $1 and (type, id) > ($2, $3) and indexed_by < ${INDEX_VERSION} order by type, id limit $4`,
  ),
});
const RECORDS = statementsOn('resource', 'record_id');
const DIRECTORIES = statementsOn('shared_resource', 'practice_id');
type IndexTableStatements = typeof RECORDS;

/** Upgrade of the search index: indexes resources again whose index values are from an earlier index version. */
export const INDEX_UPGRADE: StoreUpgrade = {
  of: 'indexed_by',
  version: INDEX_VERSION,
  record: (db, recordId) => indexCompartment(db, RECORDS, recordId),
  directory: (db, practiceId) => indexCompartment(db, DIRECTORIES, practiceId),
};

/**
 * Indexes all resources again whose index values are from an earlier index version.
 * @returns the number of indexed resources
 */
export const refreshIndex = (db: Database, progress?: UpgradeProgress): Promise<number> =>
  upgradeAll(db, INDEX_UPGRADE, progress);

async function indexCompartment(db: Database, table: IndexTableStatements, home: number): Promise<number> {
  let [indexed, after]: [number, ResourceKey | undefined] = [0, FIRST_KEY];
  while (after !== undefined) {
    const from: ResourceKey = after;
    const rows: readonly ResourceKey[] = await db.transaction((tx) => indexChunk(tx, table, home, from));
    indexed += rows.length;
    after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1);
  }
  return indexed;
}

/**
 * Indexes a limited number of outdated resources of one patient record or directory. If there are fewer than the limit,
 * the record or directory is marked as up to date.
 * @returns keys of the indexed resources
 */
async function indexChunk(
  tx: Executor,
  table: IndexTableStatements,
  home: number,
  after: ResourceKey,
): Promise<readonly ResourceKey[]> {
  await (table === RECORDS ? lockRecord(tx, home as RecordId) : lockPractice(tx, home as PracticeId));
  const stale = await tx.query(table.stale, [home, after.type, after.id, ROWS_AT_ONCE]);
  if (stale.length > 0) {
    await tx.queryText(
      updateText(table, stale.length),
      stale.flatMap(({ type, id, content }) => {
        const { sortAt, dates, flags, codes, extra } = indexResource(parseJson(content) as Resource);
        return [home, type, id, sortAt, dates, flags, codes, extra];
      }),
    );
    if (table === RECORDS) await raiseRecordVersion(tx, home);
  }
  if (stale.length < ROWS_AT_ONCE)
    await (table === RECORDS ? markRecordCurrent : markDirectoryCurrent)(tx, 'indexed_by', home, INDEX_VERSION);
  return stale;
}

const CASTS = ['bigint', 'text', 'uuid', 'timestamptz', 'timestamptz[]', 'int8[]', 'int8[]', 'jsonb'];

/**
 * All rows have the same home, so the first value is that of each row. A parameter tells a distributed database which
 * node has them.
 */
const updateText = ({ table, key }: IndexTableStatements, count: number): string =>
  `update ${table} r set sort_at = v.sort_at, dates = v.dates, flags = v.flags, codes = v.codes, extra = v.extra,
     indexed_by = ${INDEX_VERSION}${key === 'record_id' ? ', practice_id = (select o.practice_id from record o where o.record_id = $1)' : ''}
   from (values ${valuesListSql(count, CASTS)}) as v (home, type, id, sort_at, dates, flags, codes, extra)
   where r.${key} = $1 and r.type = v.type collate "C" and r.id = v.id`;
