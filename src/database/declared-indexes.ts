import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const DIR = fileURLToPath(new URL('migrations', import.meta.url));

/** An index of the schema `public` that the migrations of this release create. */
interface DeclaredIndex {
  readonly name: string;
  /** Rest of its CREATE INDEX after the name, such as `on token (expires_at)`. */
  readonly definition: string;
  readonly isUnique: boolean;
}

/** Changes to indexes and tables in a migration, in their order. A dollar-quoted body of a function has none. */
const CHANGE = new RegExp(
  [
    'create (?<unique>unique )?index (?<created>\\w+) (?<definition>on (?<on>\\w+)[^;]*)',
    'drop index (?<dropped>\\w+)',
    'drop table (?<table>\\w+)',
    'alter table (?<from>\\w+) rename to (?<to>\\w+)',
  ].join('|'),
  'gi',
);
/** The schema `pgboss`, whose indexes belong to pg-boss. */
const JOBS = '022_jobs.sql';

/** Reads from the migrations which indexes the schema `public` has, without those of primary keys and constraints. */
export async function readDeclaredIndexes(): Promise<readonly DeclaredIndex[]> {
  const found = new Map<string, DeclaredIndex & { readonly table: string }>();
  const files = (await readdir(DIR)).filter((file) => file.endsWith('.sql') && file !== JOBS).sort();
  for (const file of files) {
    const sql = (await readFile(path.join(DIR, file), 'utf8')).replaceAll(/--.*/g, '');
    for (const { groups = {} } of sql.matchAll(CHANGE)) {
      const { unique, created, definition, on, dropped, table, from, to } = groups;
      if (created !== undefined && definition !== undefined && on !== undefined)
        found.set(created, {
          name: created,
          definition: definition.replaceAll(/\s+/g, ' ').trim(),
          isUnique: unique !== undefined,
          table: on,
        });
      if (dropped !== undefined) found.delete(dropped);
      for (const [name, index] of found) {
        if (index.table === table) found.delete(name);
        if (to !== undefined && index.table === from)
          found.set(name, { ...index, table: to, definition: index.definition.replace(`on ${from}`, `on ${to}`) });
      }
    }
  }
  return [...found.values()].map(({ name, definition, isUnique }) => ({ name, definition, isUnique }));
}
