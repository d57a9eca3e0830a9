import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmptyDatabase, emptyDatabase } from '../support/database/empty-database.ts';
import { findTableAccess, INTERPOLATED, type TableAccess, tablesIn } from '../support/database/table-access.ts';
import { testDatabase } from '../support/database/test-database.ts';

const CHECKOUT = path.join(import.meta.dirname, '../..');
/** The tables, and the views through which statements read and write the rows of a space. */
const CATALOG = `select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and not relispartition and relname <> 'schema_migration'
    and (relkind in ('r', 'p') or relname in ('app', 'branded_practice', 'brands_version', 'organisation', 'practice_brand'))
  order by relname`;

/**
 * No statement names these to write them: a view that is only read, tables that are written through views, and those that
 * functions of the database write.
 */
const NOT_NAMED = [
  ...['audit_dropped_month', 'branded_practice', 'stored_brands_version', 'stored_practice_brand'],
  ...['patient_list', 'patient_list_change', 'patient_list_count'],
  ...['disclosed_record', 'imported_disclosed_record', 'daily_read', 'daily_read_position', 'app_last_read'],
];

/** Copies and removes the rows of a practice in the tables of all modules. */
const TRANSFER = 'practice-transfer';

interface TableLine {
  readonly table: string;
  readonly owner: string;
  readonly directReaders: readonly string[];
}

function readTableLines(): readonly TableLine[] {
  const text = readFileSync(path.join(CHECKOUT, 'docs/tables.md'), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, table, owner = '', , , readers = ''] = line.split('|').map((cell) => cell.trim());
    const name = /^`([a-z_]+)`$/.exec(table ?? '')?.[1];
    return name === undefined ? [] : [{ table: name, owner, directReaders: readers.split(', ').filter(Boolean) }];
  });
}

const lines = readTableLines();
const ownerOf = new Map(lines.map(({ table, owner }) => [table, owner]));
const describeAccess = ({ module, table, file }: TableAccess): string => `${module} and ${table}: ${file}`;

describe('docs/tables.md', () => {
  let database: EmptyDatabase;
  let tables: readonly string[];
  let found: readonly TableAccess[];
  beforeAll(async () => {
    database = await emptyDatabase(testDatabase());
    tables = (await database.db.queryText<{ name: string }>(CATALOG, [])).map(({ name }) => name);
    found = findTableAccess(CHECKOUT, new Set(tables));
  });
  afterAll(() => database.close());

  it('has one line for each table of the database', () => {
    expect(lines.map(({ table }) => table)).toEqual(tables);
  });

  it('names the only module that writes a table', () => {
    const writes = found.filter(({ kind, table }) => kind === 'write' && table !== INTERPOLATED);
    expect(writes.filter(({ table, module }) => ownerOf.get(table) !== module).map(describeAccess)).toEqual([]);
  });

  it('knows the only modules that write tables by an interpolated name', () => {
    const writes = found.filter(({ kind }) => kind === 'write');
    const interpolating = writes.filter(({ table }) => table === INTERPOLATED);
    expect([...new Set(interpolating.map(({ module }) => module))].sort()).toEqual(['fhir', TRANSFER].toSorted());
    const written = new Set([...writes.map(({ table }) => table), ...NOT_NAMED]);
    const others = tables.filter((table) => !written.has(table) && ownerOf.get(table) !== 'fhir');
    expect(others).toEqual([]);
  });

  it('lists the modules that read the table of another module directly, and no others', () => {
    const isForeign = ({ kind, table, module }: TableAccess) =>
      kind === 'read' && table !== INTERPOLATED && ownerOf.get(table) !== module && module !== TRANSFER;
    const readers = Map.groupBy(found.filter(isForeign), ({ table }) => table);
    const actual = [...readers].map(([table, reads]) => [table, [...new Set(reads.map((read) => read.module))].sort()]);
    const listed = lines.filter(({ directReaders }) => directReaders.length > 0);
    expect(Object.fromEntries(listed.map(({ table, directReaders }) => [table, directReaders]))).toEqual(
      Object.fromEntries(actual),
    );
  });
});

describe('the search for tables in SQL', () => {
  const tables = new Set(['account', 'practice', 'record', 'token']);
  it.each([
    ['insert into account (a) values ($1)', [['account', 'write']]],
    [
      'with gone as (delete from token t using record r where true) select 1',
      [
        ['token', 'write'],
        ['record', 'read'],
      ],
    ],
    [
      'select from account a, practice p where true for update',
      [
        ['account', 'read'],
        ['practice', 'read'],
      ],
    ],
    ['insert into token select 1 on conflict do update set at = 1', [['token', 'write']]],
    ['UPDATE ONLY public."account" SET a = 1', [['account', 'write']]],
    ['with account as (select 1) select from account', []],
    [
      'update practice p set a = 1 from record as r, token',
      [
        ['practice', 'write'],
        ['record', 'read'],
        ['token', 'read'],
      ],
    ],
  ])('%s', (sql, expected) => {
    expect(
      tablesIn(sql)
        .filter(({ table }) => tables.has(table))
        .map(({ table, kind }) => [table, kind]),
    ).toEqual(expected);
  });
});
