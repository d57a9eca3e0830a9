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

describe('a space of practices and their brands', () => {
  const REAL = 7;
  const namesOfPractices = async (of: Pick<Database, 'queryText'>) =>
    (await of.queryText<{ name: string }>('select name from branded_practice', [])).map(({ name }) => name);
  const aliasesIn = async (of: Pick<Database, 'queryText'>) =>
    (await of.queryText<{ aliases: string[] }>('select aliases from practice_brand', [])).flatMap(
      ({ aliases }) => aliases,
    );
  const versionsIn = async (of: Pick<Database, 'queryText'>) =>
    (await of.queryText<{ content: string }>('select content from brands_version', [])).map(({ content }) => content);
  const addBrand = async (of: Pick<Database, 'queryText'>, practiceId: number, name: string) => {
    await of.queryText('insert into practice_brand (practice_id, aliases) values ($1, array[$2])', [practiceId, name]);
    await of.queryText(
      `insert into brands_version (version, published_at, content, hash, changes) values (1, now(), $1, '', '[]')`,
      [name],
    );
  };
  beforeEach(async () => {
    await db.queryText(
      `insert into sandbox_visitor (visitor_id, account_id, browser, created_at, used_at)
       select v, v, '', now(), now() from unnest($1::uuid[]) v`,
      [[ANNA, BEN]],
    );
    await db.queryText(
      "insert into practice (practice_id, kind, name, time_zone) values ($1, 'live', 'real', 'America/Chicago')",
      [REAL],
    );
    await addBrand(db, REAL, 'real');
    for (const name of ['anna', 'ben'] as const) {
      const space = spaces()[name];
      const [row] = await space.queryText<{ id: number }>(
        'insert into made_up_practice (name) values ($1) returning practice_id as id',
        [name],
      );
      await addBrand(space, row?.id ?? 0, name);
    }
  });

  it('contains the rows that were added in it and no others', async () => {
    const { examples, ...visited } = spaces();
    for (const [name, space] of Object.entries(visited))
      expect({
        practices: await namesOfPractices(space),
        aliases: await aliasesIn(space),
        versions: await versionsIn(space),
      }).toEqual({ practices: [name], aliases: [name], versions: [name] });
    expect({
      practices: await namesOfPractices(examples),
      aliases: await aliasesIn(examples),
      versions: await versionsIn(examples),
    }).toEqual({ practices: [], aliases: [], versions: [] });
  });

  it('can’t change, replace or delete rows of another one', async () => {
    const { anna } = spaces();
    await anna.queryText("update practice_brand set aliases = '{changed}'", []);
    await anna.queryText("update brands_version set content = 'changed'", []);
    const replace = `insert into practice_brand (practice_id, aliases) values ($1, '{replaced}')
      on conflict (practice_id) do update set aliases = excluded.aliases`;
    await expect(anna.queryText(replace, [REAL])).rejects.toThrow();
    await expect(anna.queryText('update brands_version set visitor_id = null, version = 9', [])).rejects.toThrow(
      'check option',
    );
    for (const table of ['practice_brand', 'brands_version']) await anna.queryText(`delete from ${table}`, []);
    const { real, ben } = spaces();
    expect({ aliases: await aliasesIn(real), versions: await versionsIn(real) }).toEqual({
      aliases: ['real'],
      versions: ['real'],
    });
    expect({ aliases: await aliasesIn(ben), versions: await versionsIn(ben) }).toEqual({
      aliases: ['ben'],
      versions: ['ben'],
    });
  });

  it('has no made-up practice outside of a visitor’s space, and no real brand with a made-up id', async () => {
    const { real, examples } = spaces();
    for (const space of [real, examples])
      await expect(space.queryText("insert into made_up_practice (name) values ('x')", [])).rejects.toThrow('uuid');
    await expect(addBrand(real, 1_000_000_000, 'x')).rejects.toThrow('stored_practice_brand_visitor');
  });

  it('is deleted with its visitor', async () => {
    await db.queryText('delete from sandbox_visitor where visitor_id = $1', [ANNA]);
    const rows = await db.queryText<{ visitor: string }>(
      `select visitor_id::text as visitor from made_up_practice union all
       select coalesce(visitor_id::text, '') from stored_practice_brand union all
       select coalesce(visitor_id::text, '') from stored_brands_version`,
      [],
    );
    expect(rows.map(({ visitor }) => visitor).sort()).toEqual(['', '', BEN, BEN, BEN]);
  });
});

describe('SQL in src', () => {
  const reads = (sql: string, table: string): boolean => tablesIn(sql).some((access) => access.table === table);

  it('reads and writes apps and organizations through the views, except where visitors are deleted or practices are copied', () => {
    const named = globSync('src/**/*.ts', { cwd: CHECKOUT })
      .filter((file) => !file.endsWith('.test.ts') && /stored_(app|organisation)/.test(read(file)))
      .map((file) => file.split(path.sep).join('/'));
    expect(named.sort()).toEqual([
      'src/apps/removed-practice.ts',
      'src/apps/visitors/sandbox-visitor.ts',
      'src/practice-transfer/import-practice.ts',
      'src/practice-transfer/tables.ts',
    ]);
  });

  it('reads and writes brands through the views, except where practices are copied or removed', () => {
    const named = globSync('src/**/*.ts', { cwd: CHECKOUT })
      .filter((file) => !file.endsWith('.test.ts') && /stored_(practice_brand|brands_version)/.test(read(file)))
      .map((file) => file.split(path.sep).join('/'));
    expect(named.sort()).toEqual([
      'src/practice-transfer/remove-practice.ts',
      'src/practice-transfer/tables.ts',
      'src/practices/removed-practices.ts',
    ]);
    const readers = allStatements().filter(({ text }) => /from\s+made_up_practice|join\s+made_up_practice/i.test(text));
    expect(readers.map(({ name }) => name)).toEqual([]);
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
    'registry.join.sweep': 'deletes old requests, made up or not',
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
