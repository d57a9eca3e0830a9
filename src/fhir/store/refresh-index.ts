import { type Database, type Executor, statement } from '../../database/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { valuesList } from './batches.ts';
import { indexResource } from './index-resource.ts';
import { INDEXER } from './index-table.ts';
import { raiseVersion } from './record-version.ts';

/** The number stands in the text: the index of stale rows is for it. */
const STALE = `indexed_by < ${INDEXER}`;

/** The statements on one of the two tables that hold resources. */
const statementsOn = (table: string, key: string, lockedTable: string) => ({
  table,
  key,
  homes: statement(
    `fhir.stale-homes-of-${table}`,
    { home: 'int8', stale: 'int8' },
    `select ${key}::int8 as home, count(*) as stale from ${table} where ${STALE} group by ${key}`,
  ),
  lock: statement(`fhir.lock-to-index-${table}`, {}, `select from ${lockedTable} where ${key} = $1 for update`),
  stale: statement(
    `fhir.stale-in-${table}`,
    { type: 'text', id: 'uuid', content: 'text' },
    `select type, id, content from ${table} where ${key} = $1 and ${STALE} limit $2`,
  ),
});
const TABLES = [
  statementsOn('resource', 'record_id', 'record'),
  statementsOn('shared_resource', 'practice_id', 'practice'),
];
type Table = (typeof TABLES)[number];
const CHUNK = 200;

/**
 * Indexes anew what an older version of the index wrote: after an upgrade, at start. Record by record, so that intake can
 * go on beside it.
 * @returns how many rows
 */
export async function refreshIndex(
  db: Database,
  { onProgress }: { readonly onProgress?: (done: number, all: number) => void } = {},
): Promise<number> {
  const found = await Promise.all(TABLES.map(async (table) => ({ table, homes: await db.query(table.homes) })));
  const all = found.flatMap(({ homes }) => homes).reduce((sum, { stale }) => sum + stale, 0);
  let done = 0;
  for (const { table, homes } of found) {
    for (const { home } of homes) {
      for (;;) {
        const made = await db.transaction((tx) => indexSome(tx, table, home));
        if (made === 0) break;
        done += made;
      }
      onProgress?.(done, all);
    }
  }
  return done;
}

async function indexSome(tx: Executor, table: Table, home: number): Promise<number> {
  await tx.query(table.lock, [home]);
  const stale = await tx.query(table.stale, [home, CHUNK]);
  if (stale.length === 0) return 0;
  await tx.queryText(
    updateText(table, stale.length),
    stale.flatMap(({ type, id, content }) => {
      const { sortAt, dates, flags, codes, extra } = indexResource(parseJson(content) as Resource);
      return [home, type, id, sortAt, dates, flags, codes, extra];
    }),
  );
  if (table.key === 'record_id') await raiseVersion(tx, home);
  return stale.length;
}

const CASTS = ['bigint', 'text', 'uuid', 'timestamptz', 'timestamptz[]', 'int8[]', 'int8[]', 'jsonb'];

const updateText = ({ table, key }: Table, count: number): string =>
  `update ${table} r set sort_at = v.sort_at, dates = v.dates, flags = v.flags, codes = v.codes, extra = v.extra,
     indexed_by = ${INDEXER}
   from (values ${valuesList(count, CASTS)}) as v (home, type, id, sort_at, dates, flags, codes, extra)
   where r.${key} = v.home and r.type = v.type collate "C" and r.id = v.id`;
