import type pg from 'pg';
import { createClient, type DatabaseConnection } from './client.ts';
import { rethrowWithCode } from './lost-connection.ts';
import { type Executor, statement } from './statement.ts';

/** Tables that only functions, triggers and migrations write. */
const READ_ONLY = [
  ...['audit_dropped_month', 'disclosed_record', 'imported_disclosed_record', 'schema_migration'],
  ...['daily_read', 'daily_read_position', 'app_last_read'],
];

/**
 * SQL: the tables and views of the server with the privileges that its role needs. The audit log, its chain of digests,
 * the list of what is archived and imported events can only be read and appended to. Triggers and functions write the tables that find
 * events, so these can only be read. Partitions need no rights of their own, because the server uses them through their
 * parent. What another role than the owner of the schema has created doesn't belong to the server.
 */
const NEEDED = `select c.oid, c.oid::regclass::text as name,
     case when c.relname = any('{audit_event,audit_segment,audit_archived,imported_audit_event,practice_import}') then '{select,insert}'
       when c.relname = any('{${READ_ONLY}}') then '{select}'
       else '{select,insert,update,delete}' end::text[] as privileges
   from pg_class c join pg_class own on own.oid = 'public.schema_migration'::regclass
   where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and c.relkind in ('r', 'p', 'v')
     and not (c.relispartition and c.relnamespace = 'public'::regnamespace) and c.relowner = own.relowner`;

/** Functions with the rights of the owner, which write partitions and derived tables of the audit log. */
const AUDIT_FUNCTIONS = [
  'add_daily_reads(timestamptz[], uuid[])',
  'create_audit_partition(date)',
  'drop_audit_partition(date)',
  'fill_daily_reads(int, timestamptz)',
  'index_audit_partition(date)',
  'purge_daily_reads(int)',
] as const;
/** Tables from which rights are taken away that let a role change the audit log or the schema. */
const PROTECTED = [
  'audit_event',
  'audit_segment',
  'audit_archived',
  'imported_audit_event',
  'practice_import',
  ...READ_ONLY,
] as const;

const SEQUENCES = `from pg_class c join pg_class own on own.oid = 'public.schema_migration'::regclass
   where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace) and c.relkind = 'S'
     and c.relowner = own.relowner`;

const missingRights = statement(
  'database.missing-rights',
  { missing: 'text' },
  `select upper(privilege) || ' on ' || name as missing
   from (${NEEDED}) needed cross join unnest(privileges) as privilege
   where not has_table_privilege(oid, privilege)
   union all select 'USAGE on sequence ' || c.oid::regclass ${SEQUENCES}
     and case when c.relkind = 'S' then not has_sequence_privilege(c.oid, 'usage') end
   union all select 'EXECUTE on function ' || name
   from unnest(array[${AUDIT_FUNCTIONS.map((name) => `'${name}'`).join(', ')}]) as name
   where not has_function_privilege('public.' || name, 'execute')
   order by missing`,
);

/**
 * Returns the rights that the role of the connection lacks, in words such as `INSERT on audit_event`. The schema has to
 * be current.
 */
export async function findMissingRights(db: Executor): Promise<readonly string[]> {
  // Without USAGE on a schema, PostgreSQL doesn't resolve names in it.
  const schemas = await db.query(missingUsage);
  if (schemas.length > 0) return schemas.map(({ missing }) => missing);
  return (await db.query(missingRights)).map(({ missing }) => missing);
}

const missingUsage = statement(
  'database.missing-usage',
  { missing: 'text' },
  `select 'USAGE on schema ' || nspname as missing from pg_namespace
   where nspname in ('public', 'pgboss') and not has_schema_privilege(oid, 'usage') order by missing`,
);

const roleName = statement('database.role-name', { name: 'text' }, 'select current_user::text as name');

/** Returns the name of the role with which statements run. */
export const findRoleName = async (db: Executor): Promise<string> => (await db.query(roleName))[0]?.name ?? '';

/** SQL: the partitions of the audit log. A role could change them directly, if it had rights on them. */
const PARTITIONS = `select inhrelid from pg_inherits
   where inhparent in ('public.audit_event'::regclass, 'public.disclosed_record'::regclass)`;

const roleFacts = statement(
  'database.role',
  { role: 'text', owner: 'text', is_owner: 'bool', may_create: 'bool', may_change_audit: 'bool' },
  `select current_user::text as role, pg_get_userbyid(relowner)::text as owner, pg_has_role(relowner, 'usage') as is_owner,
     has_schema_privilege('public', 'create') or has_schema_privilege('pgboss', 'create') as may_create,
     (select bool_or(has_table_privilege(part, 'update') or has_table_privilege(part, 'delete')
        or has_table_privilege(part, 'truncate')) from (
          select oid as part union all select 'public.audit_segment'::regclass union all ${PARTITIONS}) parts) as may_change_audit
   from pg_class where oid = 'public.audit_event'::regclass`,
);

/** A database role, with what it may do in the server's schema. */
export interface DatabaseRole {
  readonly name: string;
  /** Role that owns the tables. */
  readonly owner: string;
  readonly isOwner: boolean;
  readonly mayCreateTables: boolean;
  /** Whether the role may update or delete audit events. */
  readonly mayChangeAudit: boolean;
}

/** Returns the role of the connection. The schema has to be current. */
export async function describeRole(db: Executor): Promise<DatabaseRole | undefined> {
  const [row] = await db.query(roleFacts);
  return (
    row && {
      name: row.role,
      owner: row.owner,
      isOwner: row.is_owner,
      mayCreateTables: row.may_create,
      mayChangeAudit: row.may_change_audit,
    }
  );
}

const tablesToGrant = statement(
  'database.tables-to-grant',
  { name: 'text', privileges: '_text' },
  `select name, privileges from (${NEEDED}) needed order by name`,
);
const sequencesToGrant = statement(
  'database.sequences-to-grant',
  { name: 'text' },
  `select c.oid::regclass::text as name ${SEQUENCES} order by name`,
);
const partitionNames = statement(
  'database.audit-partitions',
  { name: 'text' },
  `select inhrelid::regclass::text as name from (${PARTITIONS}) partitions order by name`,
);
const databaseName = statement('database.name', { name: 'text' }, 'select quote_ident(current_database()) as name');
const quotedRole = statement('database.quoted-role', { name: 'text' }, 'select quote_ident($1) as name');

/**
 * Returns the SQL that gives a role the rights that the server needs, and takes away those that let it change the audit
 * log or the schema. It is run by the owner of the schema, again after each migration.
 */
export async function describeGrants(db: Executor, role: string): Promise<readonly string[]> {
  const name = (await db.query(quotedRole, [role]))[0]?.name ?? '';
  const database = (await db.query(databaseName))[0]?.name ?? '';
  const [tables, sequences] = [await db.query(tablesToGrant), await db.query(sequencesToGrant)];
  const partitions = (await db.query(partitionNames)).map((partition) => partition.name);
  return [
    `grant connect on database ${database} to ${name};`,
    `grant usage on schema public, pgboss to ${name};`,
    `revoke create on schema public, pgboss from ${name};`,
    `revoke all on ${[...PROTECTED, ...partitions].join(', ')} from ${name};`,
    ...tables.map((table) => `grant ${table.privileges.join(', ')} on ${table.name} to ${name};`),
    ...sequences.map((sequence) => `grant usage on sequence ${sequence.name} to ${name};`),
    `grant execute on all functions in schema pgboss to ${name};`,
    `grant execute on function ${AUDIT_FUNCTIONS.join(', ')} to ${name};`,
  ];
}

/** Number of the advisory lock that is held while rights change. */
const GRANT_LOCK = 727_278;

/** Gives a role its rights, in one transaction. `connection` is that of the owner of the schema. */
export async function grantRights(connection: DatabaseConnection, role: string): Promise<void> {
  const client = createClient(connection);
  client.on('error', () => {});
  try {
    await client.connect();
    const texts = await describeGrants(toExecutor(client), role);
    // Sent as one text, the statements are one transaction. Processes that start together take turns.
    await client.query([`select pg_advisory_xact_lock(${GRANT_LOCK});`, ...texts].join('\n'));
  } catch (error) {
    rethrowWithCode(error);
  } finally {
    await client.end().catch(() => {});
  }
}

const toExecutor = (client: pg.Client): Executor => ({
  query: async (one, values = []) => (await client.query(one.text, [...values])).rows,
  queryText: async (text, values) => (await client.query(text, [...values])).rows,
});
