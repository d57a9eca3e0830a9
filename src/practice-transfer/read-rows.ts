import type { Executor } from '../database/index.ts';
import { PRACTICE } from './tables.ts';

/** Puts the id of a practice into SQL. */
export const forPractice = (sql: string, practiceId: number): string => sql.replaceAll(PRACTICE, String(practiceId));

const COLUMNS = `select a.attname as name from pg_attribute a
  where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`;

/** Lists the columns of a table. */
export async function listColumns(db: Executor, table: string): Promise<readonly string[]> {
  return (await db.queryText<{ name: string }>(COLUMNS, [`public.${table}`])).map(({ name }) => name);
}

/** A table with SQL for some of its columns; null leaves a column out. */
interface SelectedTable {
  readonly name: string;
  readonly where: string;
  readonly key: string;
  readonly columns?: Readonly<Record<string, string | null>>;
}

/** Returns the names of the columns that are copied. */
export const copiedColumns = (columns: readonly string[], table: Pick<SelectedTable, 'columns'>): readonly string[] =>
  columns.filter((column) => table.columns?.[column] !== null);

/**
 * Returns SQL that selects each row of a table as one line of JSON, in the order of its key.
 * @param more SQL of further columns
 */
export function selectLines(table: SelectedTable, copied: readonly string[], more = ''): string {
  const selected = copied.map((column) => `${table.columns?.[column] ?? `t.${column}`} as ${column}`).join(', ');
  const key = table.key.split(', ').map((column) => `t.${column}`);
  return `select row_to_json((select q from (select ${selected}) q))::text as line${more}
    from ${table.name} t where ${table.where} order by ${key.join(', ')}`;
}

/** Reads the rows of a query with a cursor of the transaction, a limited number at a time. */
export async function* readRows<Row>(
  tx: Executor,
  sql: string,
  rowsAtOnce: number,
): AsyncGenerator<Row, void, undefined> {
  await tx.queryText(`declare practice_rows no scroll cursor for ${sql}`, []);
  for (;;) {
    const rows = await tx.queryText<Row>(`fetch ${rowsAtOnce} from practice_rows`, []);
    yield* rows;
    if (rows.length < rowsAtOnce) break;
  }
  await tx.queryText('close practice_rows', []);
}
