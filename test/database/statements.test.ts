import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
// Imports the composition root, so that every module declares its statements.
import '../../src/app.ts';
import { allStatements, migrate, openDatabase, type SqlStatement } from '../../src/database/index.ts';
import { testDatabase } from '../support/database/test-database.ts';

const TYPES: Readonly<Record<number, string>> = {
  16: 'bool',
  17: 'bytea',
  20: 'int8',
  23: 'int4',
  25: 'text',
  1001: '_bytea',
  1007: '_int4',
  1009: '_text',
  1016: '_int8',
  1082: 'date',
  1184: 'timestamptz',
  1185: '_timestamptz',
  2950: 'uuid',
  3802: 'jsonb',
};

/** Gets the columns of a statement from PostgreSQL without running it: Parse and Describe of the extended protocol. */
class Describe implements pg.Submittable {
  readonly columns: Promise<Record<string, string>>;
  readonly #statement: SqlStatement<unknown>;
  #resolve!: (columns: Record<string, string>) => void;
  #reject!: (error: Error) => void;
  #found: Record<string, string> = {};
  #failed: Error | undefined;

  constructor(statement: SqlStatement<unknown>) {
    this.#statement = statement;
    this.columns = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  submit(connection: pg.Connection): void {
    const wire = connection as unknown as {
      parse(query: object): void;
      describe(message: object): void;
      sync(): void;
    };
    wire.parse({ text: this.#statement.text, name: '', types: [] });
    wire.describe({ type: 'S', name: '' });
    wire.sync();
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    this.#found = Object.fromEntries(
      fields.map(({ name, dataTypeID }) => [name, TYPES[dataTypeID] ?? String(dataTypeID)]),
    );
  }
  handleError(error: Error): void {
    this.#failed = error;
  }
  handleReadyForQuery(): void {
    if (this.#failed === undefined) this.#resolve(this.#found);
    else this.#reject(this.#failed);
  }
}

describe('on each PostgreSQL', () => {
  it('every statement is valid, and returns the columns it declares', async () => {
    const name = `statements_${randomBytes(6).toString('hex')}`;
    const admin = testDatabase();
    const root = openDatabase({ connectionString: admin }, 1);
    await root.queryText(`create database ${name}`, []);
    const url = Object.assign(new URL(admin), { pathname: `/${name}` }).href;
    await migrate({ connectionString: url });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    for (const statement of allStatements()) {
      const declared = Object.entries(statement.columns).map(([column, type]) => [column, type.replace('?', '')]);
      const described = client.query(new Describe(statement)).columns;
      await expect(described, statement.name).resolves.toEqual(Object.fromEntries(declared));
    }
    expect(allStatements().length).toBeGreaterThan(30);
    await client.end();
    await root.queryText(`drop database ${name}`, []);
    await root.close();
  });
});

describe('a named statement', () => {
  /** Runs a statement several times on one connection: the driver knows its result columns after the first time. */
  async function runThrice(name: string, text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const db = openDatabase({ connectionString: testDatabase() }, 1);
    const results = [];
    for (let run = 0; run < 3; run += 1) results.push(await db.queryText(text, values, name));
    await db.close();
    return results;
  }

  it('returns the same texts each time it runs', async () => {
    const texts = ['', 'Zoë\n∑ 😀', 'x'.repeat(100_000), null];
    const rows = texts.map((text, at) => ({ text, at: String(at) }));
    const sql = 'select text, (at - 1)::text as at from unnest($1::text[]) with ordinality as t (text, at)';
    expect(await runThrice('only-texts', sql, [texts])).toEqual([rows, rows, rows]);
  });

  it('returns the same values of other types each time it runs', async () => {
    const row = { text: 'Zoë', number: 7, flag: true, at: '2026-03-01 00:00:00+00', list: ['a', null], none: null };
    const sql = `select $1::text as text, 7 as number, true as flag, timestamp '2026-03-01' as at,
      array['a', null] as list, null::int as none`;
    expect(await runThrice('other-types', sql, ['Zoë'])).toEqual([[row], [row], [row]]);
  });
});
