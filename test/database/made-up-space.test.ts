import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// Imports the composition root, so that every module declares its statements.
import '../../src/app.ts';
import { allStatements, type Database, inMadeUpSpace } from '../../src/database/index.ts';
import { type EmptyDatabase, emptyDatabase, emptyTables } from '../support/database/empty-database.ts';
import { tablesIn } from '../support/database/table-access.ts';
import { testDatabase } from '../support/database/test-database.ts';

const CHECKOUT = path.join(import.meta.dirname, '../..');
const [ANNA, BEN] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];

let database: EmptyDatabase;
let db: Database;
beforeAll(async () => {
  database = await emptyDatabase(testDatabase());
  db = database.db;
});
afterAll(() => database.close());
beforeEach(() => emptyTables(db));

const insertApp = (of: Pick<Database, 'queryText'>, name: string) =>
  of.queryText(
    `insert into app (client_id, name, state, auth, apis, scope, redirect_uris, created_at)
     values ($1, $1, 'active', 'none', '{r4}', 'openid', '{https://a.example/cb}', now())`,
    [name],
  );
const namesIn = async (of: Pick<Database, 'queryText'>) =>
  (await of.queryText<{ name: string }>('select name from app order by name', [])).map(({ name }) => name);
const spaces = () => ({
  real: db,
  anna: inMadeUpSpace(db, { visitorId: ANNA }),
  ben: inMadeUpSpace(db, { visitorId: BEN }),
  examples: inMadeUpSpace(db, 'examples'),
});

describe('a space of apps and organizations', () => {
  beforeEach(async () => {
    for (const [name, space] of Object.entries(spaces())) await insertApp(space, name);
  });

  it('contains the rows that were added in it and no others', async () => {
    for (const [name, space] of Object.entries(spaces())) expect(await namesIn(space)).toEqual([name]);
  });

  it('ends with its transaction, also if that fails', async () => {
    const { anna } = spaces();
    await expect(
      anna.transaction(async (tx) => {
        expect(await namesIn(tx)).toEqual(['anna']);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    const all = await Promise.all(Array.from({ length: 20 }, () => namesIn(db)));
    expect(new Set(all.flat())).toEqual(new Set(['real']));
  });

  it('can’t change or delete rows of another one', async () => {
    const { anna } = spaces();
    await anna.queryText("update app set name = 'changed'", []);
    await anna.queryText("delete from app where name in ('ben', 'real', 'examples')", []);
    await expect(anna.queryText('update app set space = $1', [BEN])).rejects.toThrow('check option');
    await expect(anna.queryText("update app set space = ''", [])).rejects.toThrow('check option');
    await db.queryText("update app set name = 'still real'", []);
    const rows = await db.queryText<{ name: string }>('select name from stored_app order by name', []);
    expect(rows.map(({ name }) => name)).toEqual(['ben', 'changed', 'examples', 'still real']);
  });

  it('has the developers of its own organizations only', async () => {
    const { anna } = spaces();
    const add = (of: Pick<Database, 'queryText'>, id: string) =>
      of.queryText(
        "insert into organisation (organisation_id, name, domain, created_at) values ($1, 'Same Inc', 'same.example', now())",
        [id],
      );
    await add(db, ANNA);
    await add(anna, BEN);
    await expect(add(db, '00000000-0000-4000-8000-00000000000c')).rejects.toThrow('unique');
    await db.queryText('update app set organisation_id = $1', [BEN]);
    const [maker] = await db.queryText<{ developer: string | null }>('select developer from app_maker', []);
    expect(maker).toEqual({ developer: null });
  });
});

describe('SQL in src', () => {
  const reads = (sql: string, table: string): boolean => tablesIn(sql).some((access) => access.table === table);

  it('reads and writes apps and organizations through the views, except where visitors are deleted', () => {
    const named = globSync('src/**/*.ts', { cwd: CHECKOUT })
      .filter((file) => !file.endsWith('.test.ts') && /stored_(app|organisation)/.test(read(file)))
      .map((file) => file.split(path.sep).join('/'));
    expect(named).toEqual(['src/apps/visitors/sandbox-visitor.ts']);
  });

  /** Tables whose rows belong to an app or organization, with the column that says to which. */
  const PARTS = {
    app_version: 'client_id',
    app_event: 'client_id',
    app_secret: 'client_id',
    review_note: 'client_id',
    membership: 'organisation_id',
    join_request: 'organisation_id',
    notification: 'organisation_id',
  } as const;
  /** Statements that read these rows of all apps or organizations, and why they may. */
  const REASONS: Readonly<Record<string, string>> = {
    'registry.secret.sweep': 'deletes expired secrets, made up or not',
    'registry.notification.sweep': 'deletes old notifications, made up or not',
    'registry.leave-all.leave': 'the rows of one account, which made-up people never use',
    'registry.leave-all.forget-requests': 'the rows of one account, which made-up people never use',
  };

  it.each(Object.entries(PARTS))('lists %s only of apps and organizations of the transaction’s space', (table, key) => {
    const own = new RegExp(`\\b${key}\\s*=|on\\s+conflict\\s*\\(${key}|insert\\s+into\\s+${table}\\b`, 'i');
    const unlimited = allStatements()
      .filter(({ text }) => reads(text, table) && !reads(text, 'app') && !reads(text, 'organisation'))
      .filter(({ name, text }) => !own.test(text) && REASONS[name] === undefined)
      .map(({ name }) => name);
    expect(unlimited).toEqual([]);
  });

  it('gives a reason only for statements that exist', () => {
    const names = new Set(allStatements().map(({ name }) => name));
    expect(Object.keys(REASONS).filter((name) => !names.has(name))).toEqual([]);
  });

  function read(file: string): string {
    return readFileSync(path.join(CHECKOUT, file), 'utf8');
  }
});
