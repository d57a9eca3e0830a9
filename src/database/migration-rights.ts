import type pg from 'pg';

interface MigrationFacts {
  readonly role: string;
  readonly database: string;
  /** Role that owns the tables; null if there are none yet. */
  readonly owner: string | null;
  readonly is_owner: boolean | null;
  readonly may_create_tables: boolean;
  readonly may_create_schemas: boolean;
  readonly has_schema: boolean;
  readonly extension: 'installed' | 'available' | 'missing';
}

/** Extensions that the migrations create. PostgreSQL lets the owner of a database create them. */
const EXTENSIONS = ['btree_gin', 'pg_trgm'] as const;

const SELECT_FACTS = `select quote_ident(current_user) as role, quote_ident(current_database()) as database, t.owner, t.is_owner,
  has_schema_privilege('public', 'create') as may_create_tables,
  has_database_privilege(current_database(), 'create') as may_create_schemas,
  exists (select from pg_namespace where nspname = 'pgboss') as has_schema,
  case when (select count(*) from pg_extension where extname = any('{${EXTENSIONS}}')) = 2 then 'installed'
    when (select count(*) from pg_available_extensions where name = any('{${EXTENSIONS}}')) = 2 then 'available'
    else 'missing' end as extension
from (select) as one left join
  (select quote_ident(pg_get_userbyid(relowner)) as owner, pg_has_role(relowner, 'usage') as is_owner
   from pg_class where oid = to_regclass('public.schema_migration')) t on true`;

/**
 * Checks whether a role may run the migrations that are pending. Returns the reason in words for the operator if it
 * can't, and `undefined` if it can.
 */
export async function findMigrationProblem(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<MigrationFacts>(SELECT_FACTS);
  const [facts] = rows;
  if (facts === undefined) return undefined;
  const { role, database, owner, is_owner, may_create_tables, may_create_schemas, has_schema, extension } = facts;
  if (owner !== null && is_owner === false)
    return `the role ${role} doesn't own its tables. ${USE_OWNER} It needs the role ${owner}.`;
  if (!may_create_tables)
    return `the role ${role} can't create tables in the schema public. Make it the owner of the database, or use another role. ${USE_OWNER}`;
  if (extension === 'missing')
    return 'PostgreSQL lacks the extension btree_gin or pg_trgm. Install both: Debian has them in postgresql, other systems in postgresql-contrib.';
  if (!may_create_schemas && (extension === 'available' || !has_schema))
    return `the role ${role} can't create extensions and schemas. As a superuser, run: grant create on database ${database} to ${role}.`;
  return undefined;
}

const USE_OWNER = 'Set MIGRATION_DATABASE_URL, or run the command "migrate" with it.';
