import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../../src/database/index.ts';

/** Tables that the server reads from a standby (docs/production.md). */
export const CONTENT_TABLES = ['resource', 'shared_resource', 'conversion', 'shared_projection', 'document'];

/** Tables that `hideHalf` and `pause` replace, with the columns that the server reads. */
const RESOURCE_TABLES = [
  ['resource', 'record_id, type, id, content, converted'],
  ['conversion', 'record_id, name, type, id, difference'],
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
  /**
   * Says which timelines the standby's control file and WAL receiver have. By default those of the database, which is a
   * primary and has no receiver.
   */
  setTimelines(timelines: { readonly control?: number; readonly received?: number }): Promise<void>;
  /** Takes or returns the role's rights on the content tables. */
  setReadable(isReadable: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a role that may read the content tables and nothing else. A schema in its search path has functions and views
 * that say what those of a standby would say, and views in place of tables. New connections of other roles find the
 * function `pg_walfile_name` in another schema, which can give the primary another timeline.
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
     create table standby.timelines as select null::int as control, null::int as received;
     create function standby.pg_control_checkpoint() returns table (timeline_id int) language sql as
       'select coalesce(t.control, c.timeline_id) from standby.timelines t, pg_catalog.pg_control_checkpoint() c';
     create view standby.pg_stat_wal_receiver as select received as received_tli from standby.timelines;
     grant usage on schema standby to ${role};
     grant select on standby.timelines, standby.pg_stat_wal_receiver to ${role};
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
      for (const [table] of RESOURCE_TABLES) {
        const text = table === 'conversion' ? 'difference' : 'content';
        await db.queryText(`update standby.copy_of_${table} set ${text} = '{"lost":true}'`, []);
      }
      await setTimeline("'000000FF'");
    },
    async setTimelines({ control, received }) {
      await db.queryText('update standby.timelines set control = $1, received = $2', [
        control ?? null,
        received ?? null,
      ]);
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
