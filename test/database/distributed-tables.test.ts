import { afterAll, beforeAll, expect, it } from 'vitest';
import { DISTRIBUTED_TABLES, distributionColumn, RELEASE_TRIGGERS } from '../../src/database/index.ts';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { testDatabase } from '../support/database/test-database.ts';

let empty: EmptyDatabase;
beforeAll(async () => {
  empty = await emptyDatabase(testDatabase());
});
afterAll(() => empty.close());

it('every distributed table has the distribution column in its primary key and its unique indexes', async () => {
  const rows = await empty.db.queryText<{
    name: (typeof DISTRIBUTED_TABLES)[number];
    primary: boolean;
    columns: readonly string[];
  }>(
    `select c.relname::text as name, i.indisprimary as primary,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum = any(i.indkey::int2[])) as columns
     from pg_class c join pg_index i on i.indrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and i.indisunique`,
    [DISTRIBUTED_TABLES],
  );
  expect(
    rows
      .filter(({ primary }) => primary)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(DISTRIBUTED_TABLES.toSorted());
  expect(rows.filter(({ name, columns }) => !columns.includes(distributionColumn(name)))).toEqual([]);
});

it('distributed tables have no foreign keys, generated columns or identity columns, which depend on other rows', async () => {
  const found = await empty.db.queryText(
    `select c.relname::text as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1)
       and (exists (select from pg_constraint o where c.oid in (o.conrelid, o.confrelid) and o.contype not in ('p', 'c', 'n'))
         or exists (select from pg_attribute a where a.attrelid = c.oid and (a.attidentity <> '' or a.attgenerated <> ''))
         or exists (select from pg_depend d join pg_rewrite r on r.oid = d.objid where d.refobjid = c.oid))`,
    [DISTRIBUTED_TABLES],
  );
  expect(found).toEqual([]);
});

it('the triggers of distributed tables are those that "citus undistribute" creates again', async () => {
  const rows = await empty.db.transaction(async (tx) => {
    // PostgreSQL names the schema of a function only if the search path doesn't have it.
    await tx.queryText("set local search_path = ''", []);
    return tx.queryText<{ table: string; name: string; definition: string }>(
      `select c.relname::text as table, t.tgname::text as name, pg_get_triggerdef(t.oid) as definition
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
       where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and not t.tgisinternal`,
      [DISTRIBUTED_TABLES],
    );
  });
  const plain = (sql: string) => sql.toLowerCase().replace('or replace ', '').replaceAll(/[()]/g, '');
  const comparable = (triggers: readonly { table: string; name: string; definition: string }[]) =>
    triggers
      .map((trigger) => ({ ...trigger, definition: plain(trigger.definition) }))
      .toSorted((one, other) => one.table.localeCompare(other.table));
  expect(comparable(rows)).toEqual(comparable(RELEASE_TRIGGERS));
});
