import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** A place in the sources where SQL names a table. */
export interface TableAccess {
  readonly table: string;
  /** Module that the place belongs to: a folder of `src`, or a file directly in it. */
  readonly module: string;
  readonly file: string;
  readonly kind: 'read' | 'write';
}

/** Stands for the table in SQL that is made for several tables. */
export const INTERPOLATED = '$';

const WRITE = /\b(?:insert\s+into|update|delete\s+from|merge\s+into|truncate|copy)\s+(?:only\s+)?([a-z_$]+)/g;
const READ =
  /\b(?:from|join|using)\s+(?:only\s+)?([a-z_]+(?:(?:\s+as)?\s+[a-z_]+)?(?:\s*,\s*[a-z_]+(?:(?:\s+as)?\s+[a-z_]+)?)*)/g;
const DELETE = /\bdelete\s+from\b/g;
const CTE = /\b([a-z_]+)\s*(?:\([a-z_,\s]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s+)?\(/g;

/**
 * Finds all tables that the SQL in `src` names, by reading its string and template literals. The messages in `src/i18n`
 * aren't SQL, although some begin like it ("Update …").
 */
export function findTableAccess(checkout: string, tables: ReadonlySet<string>): readonly TableAccess[] {
  const files = globSync('src/**/*.ts', { cwd: checkout }).map((file) => file.split(path.sep).join('/'));
  return files
    .filter((file) => !file.endsWith('.test.ts') && !file.startsWith('src/i18n/'))
    .flatMap((file) => {
      const [, module = ''] = file.split('/');
      const found = literalsOf(path.join(checkout, file)).flatMap((text) => tablesIn(text));
      return found
        .filter(({ table }) => tables.has(table) || table === INTERPOLATED)
        .map((access) => ({ ...access, module, file }));
    });
}

/** Texts of all literals in a file. Interpolated values are left out. Literals within them are separate texts. */
function literalsOf(file: string): readonly string[] {
  const found: string[] = [];
  const { program } = parseSync(file, readFileSync(file, 'utf8'));
  new Visitor({
    Literal({ value }) {
      if (typeof value === 'string') found.push(value);
    },
    TemplateLiteral({ quasis }) {
      found.push(quasis.map(({ value }) => value.cooked ?? '').join(INTERPOLATED));
    },
  }).visit(program);
  return found;
}

/** Names of the tables in a piece of SQL, without the names that the SQL itself defines. */
export function tablesIn(sql: string): readonly Pick<TableAccess, 'table' | 'kind'>[] {
  const text = sql.toLowerCase().replaceAll(/"|\bpublic\./g, '');
  const named = new Set([...text.matchAll(CTE)].map(([, name]) => name));
  const writes = [...text.matchAll(WRITE)].map(([, table = '']) => ({ table, kind: 'write' as const }));
  const reads = [...text.replaceAll(DELETE, '').matchAll(READ)]
    .flatMap(([, list = '']) => list.split(',').map((item) => item.trim().split(/\s/)[0] ?? ''))
    .filter((table) => !named.has(table))
    .map((table) => ({ table, kind: 'read' as const }));
  return [...writes, ...reads];
}
