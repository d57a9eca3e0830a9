import type { Database } from '../../../src/database/index.ts';

/** Returns a digest of all rows of each table, which doesn't depend on their order. */
export async function digestRows(db: Database, tables: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  for (const table of tables) {
    const [row] = await db.queryText<{ digest: string }>(
      `select count(*)::text || ' ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text as digest from ${table} t`,
      [],
    );
    digests[table] = row?.digest ?? '';
  }
  return digests;
}

/** Returns all that PostgreSQL knows about a table except its rows and statistics. */
export async function describeTables(db: Database, tables: readonly string[]): Promise<readonly unknown[]> {
  return db.queryText(
    `select c.relname::text as name, pg_get_userbyid(c.relowner)::text as owner, c.relacl::text as rights, c.reloptions as options,
       c.relpersistence::text as persistence, c.relreplident::text as identity, c.relrowsecurity as row_security,
       (select a.amname::text from pg_am a where a.oid = c.relam) as method,
       (select jsonb_agg(jsonb_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation, a.attstorage, a.attcompression, a.attidentity,
            a.attgenerated, a.attstattarget, a.attacl) order by a.attnum)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       (select jsonb_agg(jsonb_build_array(o.conname, pg_get_constraintdef(o.oid), o.convalidated) order by o.conname)
        from pg_constraint o where o.conrelid = c.oid) as constraints,
       (select jsonb_agg(jsonb_build_array(pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered) order by i.indexrelid::regclass::text)
        from pg_index i where i.indrelid = c.oid) as indexes,
       (select jsonb_agg(jsonb_build_array(pg_get_triggerdef(t.oid), t.tgenabled) order by t.tgname)
        from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal) as triggers
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any($1) order by c.relname`,
    [tables],
  );
}
