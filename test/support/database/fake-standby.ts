import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../../src/database/index.ts';

/** Tables that the server reads from a standby (docs/production.md). */
export const CONTENT_TABLES = ['resource', 'shared_resource', 'projection', 'shared_projection', 'document'];

/** Tables that `hideHalf` and `pause` replace, with the columns that the server reads. */
const RESOURCE_TABLES = [
  ['resource', 'record_id, type, id, content'],
  ['projection', 'record_id, name, type, id, content'],
] as const;

/** A role for which a database looks like a standby of itself. */
export interface FakeStandby {
  /** URL with the role. */
  readonly url: string;
  /** Lets the role see all resources again, as they change, and ends what `failOver` has begun. */
  catchUp(): Promise<void>;
  /** Lets the role see only half of the resources, as if the others hadn't arrived. */
  hideHalf(): Promise<void>;
  /** Lets the role see all resources as they are now, also after they change. */
  pause(): Promise<void>;
  /**
   * Lets the database look like another primary, which lacks changes that the role sees: texts of resources with versions
   * that other texts have now. The role stays on the former timeline.
   */
  failOver(): Promise<void>;
  /** Takes or returns the role's rights on the content tables. */
  setReadable(isReadable: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a role that may read the content tables and nothing else. A schema in its search path has a function
 * `pg_is_in_recovery` that returns true, and views in place of tables. New connections of other roles find the function
 * `pg_walfile_name` in another schema, which can give the primary another timeline.
 */
export async function createFakeStandby(databaseUrl: string): Promise<FakeStandby> {
  const db = openDatabase({ connectionString: databaseUrl }, 1);
  const role = `reader_${randomBytes(6).toString('hex')}`;
  const replaced = RESOURCE_TABLES.map(([table]) => table as string);
  const readable = CONTENT_TABLES.map((table) => `${replaced.includes(table) ? 'standby' : 'public'}.${table}`).join(
    ', ',
  );
  await db.queryText(
    `create role ${role} login password 'secret';
     create schema standby;
     create function standby.pg_is_in_recovery() returns bool language sql return true;
     grant usage on schema standby to ${role};
     alter role ${role} set search_path = standby, pg_catalog, public;
     create schema fake_primary;
     do $$ begin
       execute format('alter database %I set search_path = public, fake_primary, pg_catalog', current_database());
     end $$`,
    [],
  );
  const setTimeline = (sql: string) =>
    db.queryText(
      `create or replace function fake_primary.pg_walfile_name(pg_lsn) returns text stable language sql
       return ${sql} || substr(pg_catalog.pg_walfile_name($1), 9)`,
      [],
    );
  const replaceBy = (table: string, select: string) =>
    db.queryText(`create or replace view standby.${table} as ${select}`, []);
  const catchUp = async () => {
    await setTimeline('left(pg_catalog.pg_walfile_name($1), 8)');
    for (const [table, columns] of RESOURCE_TABLES)
      await replaceBy(table, `select xmin, ${columns} from public.${table}`);
  };
  const copyTables = async () => {
    for (const [table, columns] of RESOURCE_TABLES) {
      const copy = `standby.copy_of_${table}`;
      await db.queryText(
        `drop table if exists ${copy};
         create table ${copy} as select xmin::text as version, ${columns} from public.${table}`,
        [],
      );
      await replaceBy(table, `select version::xid as xmin, ${columns} from ${copy}`);
    }
  };
  // The views exist from the beginning: PostgreSQL doesn't plan a prepared statement again for a new one.
  await catchUp();
  await db.queryText(`grant select on ${readable} to ${role}`, []);
  return {
    url: Object.assign(new URL(databaseUrl), { username: role, password: 'secret' }).href,
    catchUp,
    async hideHalf() {
      for (const [table, columns] of RESOURCE_TABLES)
        await replaceBy(table, `select xmin, ${columns} from public.${table} where id::text < '8'`);
    },
    pause: copyTables,
    async failOver() {
      await copyTables();
      for (const [table] of RESOURCE_TABLES)
        await db.queryText(`update standby.copy_of_${table} set content = '{"lost":true}'`, []);
      await setTimeline("'000000FF'");
    },
    async setReadable(isReadable) {
      const change = isReadable ? `grant select on ${readable} to` : `revoke select on ${readable} from`;
      await db.queryText(`${change} ${role}`, []);
    },
    async close() {
      await db.queryText(`drop schema standby, fake_primary cascade; drop owned by ${role}; drop role ${role}`, []);
      await db.close();
    },
  };
}
