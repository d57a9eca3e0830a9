import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROWS_PER_DELETE } from '../../src/database/index.ts';
import { days, later, minutes } from '../../src/kernel/index.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { RETENTION_CASES, type RetentionCase, SIX_YEARS } from './retention-cases.ts';

const CHECKOUT = path.join(import.meta.dirname, '../..');
const TABLES = `select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and not relispartition and relkind in ('r', 'p')
    and relname <> 'schema_migration' order by relname`;

interface RetentionLine {
  readonly table: string;
  readonly period: string;
  readonly removedBy: string;
  readonly tests: readonly string[];
}

function readRetentionLines(): readonly RetentionLine[] {
  const text = readFileSync(path.join(CHECKOUT, 'docs/retention.md'), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, table, , period = '', , removedBy = '', , test = ''] = line.split('|').map((cell) => cell.trim());
    const name = /^`([a-z_]+)`$/.exec(table ?? '')?.[1];
    const tests = test.replaceAll('`', '').split(', ');
    return name === undefined ? [] : [{ table: name, period, removedBy, tests }];
  });
}

const lines = readRetentionLines();
const cases = Object.entries(RETENTION_CASES);
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('docs/retention.md', () => {
  it('has one line for each table of the database', async () => {
    const tables = await server.db.queryText<{ name: string }>(TABLES, []);
    expect(lines.map(({ table }) => table)).toEqual(tables.map(({ name }) => name));
  });

  it('names tasks that docs/operating.md describes', () => {
    const operating = readFileSync(path.join(CHECKOUT, 'docs/operating.md'), 'utf8');
    const tasks = lines.flatMap(({ removedBy }) => /^`(purge-[a-z-]+)`$/.exec(removedBy)?.[1] ?? []);
    expect(tasks.filter((task) => !operating.includes(`| \`${task}\` |`))).toEqual([]);
    const unused = [...operating.matchAll(/^\| `(purge-[a-z-]+)` \|/gm)].map(([, name]) => name);
    expect(unused.filter((name) => !tasks.includes(name ?? ''))).toEqual([]);
  });

  it('names a test for each period that a task enforces', () => {
    const enforced = lines.filter(({ removedBy }) => removedBy.startsWith('`purge-'));
    const named = enforced.flatMap(({ tests }) => tests);
    expect(named.filter((test) => !existsSync(path.join(CHECKOUT, `test/${test}.test.ts`)))).toEqual([]);
    const here = lines.filter(({ tests }) => tests.includes('jobs/retention')).map(({ table }) => table);
    expect(here).toEqual(Object.keys(RETENTION_CASES).toSorted());
  });

  it('states the periods that the tasks below enforce', () => {
    const stated = new Map(lines.map(({ table, period }) => [table, period]));
    expect(cases.filter(([table, { period }]) => stated.get(table)?.startsWith(period) !== true)).toEqual([]);
  });
});

/** Milliseconds between a row's time and the end of its period, on both sides. Days of the status have no time. */
const MARGIN = minutes(1);
const margin = (table: string): number => (table === 'status_day' ? days(1) : MARGIN);

function subtractPeriod(now: Date, { keptFor }: RetentionCase): Date {
  if (keptFor !== SIX_YEARS) return later(now, -keptFor);
  const start = new Date(now);
  start.setUTCFullYear(start.getUTCFullYear() - server.config.auditRetentionYears);
  return start;
}

/** Inserts a row whose period ends `margin` after the current time of the server, or before it. */
async function insertRow(retained: RetentionCase, ends: number): Promise<unknown> {
  const at = later(subtractPeriod(server.clock.now(), retained), ends);
  return (await server.db.queryText<{ key: unknown }>(retained.insert, [at]))[0]?.key;
}

async function isStored(table: string, { key }: RetentionCase, value: unknown): Promise<boolean> {
  return (await server.db.queryText(`select from ${table} where ${key} = $1 limit 1`, [value])).length > 0;
}

describe('the cleanup tasks', () => {
  it('delete rows when their period is over, and not before', async () => {
    const rows: { table: string; retained: RetentionCase; due: unknown; young: unknown }[] = [];
    for (const [table, retained] of cases)
      rows.push({
        ...{ table, retained },
        due: await insertRow(retained, -margin(table)),
        young: await insertRow(retained, margin(table)),
      });
    const listStored = async (age: 'due' | 'young') => {
      const stored: string[] = [];
      for (const row of rows) if (await isStored(row.table, row.retained, row[age])) stored.push(row.table);
      return stored;
    };
    expect(await listStored('due')).toEqual(Object.keys(RETENTION_CASES));
    await server.purgeExpired();
    expect({ due: await listStored('due'), young: await listStored('young') }).toEqual({
      due: [],
      young: Object.keys(RETENTION_CASES),
    });
    server.clock.advance(days(3));
    await server.purgeExpired();
    expect(await listStored('young')).toEqual([]);
  });

  it('keep an invitation that a patient declined, because it is their decision', async () => {
    const { insert, keptFor } = RETENTION_CASES['invitation'] as RetentionCase;
    const at = later(server.clock.now(), -2 * keptFor);
    const [row] = await server.db.queryText<{ key: string }>(insert, [at]);
    await server.db.queryText('update invitation set declined_at = expires_at where invitation_id = $1', [row?.key]);
    await server.purgeExpired();
    expect(await isStored('invitation', RETENTION_CASES['invitation'] as RetentionCase, row?.key)).toBe(true);
  });

  it('delete a backlog that is larger than one statement deletes', async () => {
    const count = 2 * ROWS_PER_DELETE + 1;
    const inserted = `insert into seen_once select sha256(('backlog ' || n)::bytea), $1 from generate_series(1, ${count}) n`;
    await server.db.queryText(inserted, [server.clock.now()]);
    server.clock.advance(1000);
    await server.purgeExpired();
    expect(await server.db.queryText('select from seen_once limit 1', [])).toEqual([]);
  });

  it('delete the used refresh tokens of an authorization, in several statements, and keep its current one', async () => {
    const longAgo = later(server.clock.now(), -days(60));
    await server.db.queryText(
      `insert into token (family_id, hash, kind, issued_at, expires_at, used_at)
       select 'in use', sha256(n::text::bytea), 'refresh', $1, $1::timestamptz + case when n = 0 then 90 else 0 end * interval '1 day',
         case when n > 0 then $1::timestamptz end
       from generate_series(0, ${ROWS_PER_DELETE + 1}) n`,
      [longAgo],
    );
    await server.purgeExpired();
    const left = "select used_at is not null as used from token where family_id = 'in use'";
    expect(await server.db.queryText(left, [])).toEqual([{ used: false }]);
  });
});
