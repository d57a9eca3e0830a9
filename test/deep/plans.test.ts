import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../../src/compose.ts';
import { addApp } from '../support/apps.ts';
import { connect, R4 } from '../support/patient.ts';
import { findPgbouncer, type Pooler, startPgbouncer } from '../support/pgbouncer.ts';
import { explainAll, type Ran, type Watched, watchedDatabase } from '../support/plans.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** PostgreSQL keeps a plan for any values from the sixth time on, if it takes it for no dearer. */
const TIMES = 12;

const program = findPgbouncer();
const ways = [
  { name: 'directly', pooled: false },
  { name: 'through PgBouncer in transaction mode', pooled: true },
] as const;

describe.each(ways)('the plans of hot statements, $name', ({ name, pooled }) => {
  if (pooled && program === undefined) {
    it.skip(`${name}: no PgBouncer from 1.21 on is installed, and PGBOUNCER names none`);
    return;
  }
  let server: TestServer;
  let pooler: Pooler | undefined;
  let watched: Watched;
  let app: FastifyInstance;
  let headers: { readonly authorization: string };
  let patient: string;

  beforeAll(async () => {
    server = await startServer();
    await explainAll(server.db, new URL(server.databaseUrl).pathname.slice(1));
    if (pooled && program !== undefined) pooler = await startPgbouncer(program, server.databaseUrl);
    watched = await watchedDatabase(pooler?.url ?? server.databaseUrl);
    ({ app } = await compose(server.config, watched.db, { clock: server.clock, logTo: { write() {} } }));
    const token = await connect(server.app, await addApp(server));
    headers = { authorization: `Bearer ${token.access_token}` };
    patient = token.patient;
    await enlarge(server, patient);
  });
  afterAll(async () => {
    await app.close();
    await watched.close();
    await pooler?.close();
    await server.close();
  });

  /** Asks often, a second and more apart, so that nothing is remembered; and tells how the statement was run at last. */
  async function ranAt(path: string, words: string): Promise<Ran> {
    watched.taken();
    for (let time = 0; time < TIMES; time += 1) {
      server.clock.advance(2000);
      const answer = await app.inject({ url: `${R4}${path}`, headers });
      expect(answer.statusCode, answer.body).toBe(200);
    }
    const last = watched
      .taken()
      .filter(({ text }) => text.includes(words))
      .at(-1);
    if (last === undefined) throw new Error(`no statement with: ${words}`);
    return last;
  }

  async function json(path: string) {
    const answer = await app.inject({
      url: path.startsWith('http') ? new URL(path).pathname + new URL(path).search : `${R4}${path}`,
      headers,
    });
    return answer.json();
  }

  const KEPT = { generic: true, sorted: 0, scanned: [] };

  it('read: one row by its key', async () => {
    const ran = await ranAt(`/Patient/${patient}`, 'r.last_updated from resource r');
    expect(ran).toMatchObject({ ...KEPT, touched: 1 });
    expect(['resource_pkey', 'resource_id']).toContain(ran.indexes[0]);
  });

  it('first page: in the order of the index, until it is full', async () => {
    const ran = await ranAt('/Observation?_count=50&_total=none', 'as position');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
    // One row tells that there are more, one when the latest change was.
    expect(ran.touched).toBeLessThanOrEqual(50 + 1 + 2);
  });

  it('first page with its total: the same, and the version of the record', async () => {
    const ran = await ranAt('/Observation?_count=50', 'as position');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort', 'record_pkey']) });
    expect(ran.touched).toBe(50 + 1 + 1);
  });

  it('first page of a category: in the same order, past what is of others', async () => {
    const ran = await ranAt('/Observation?category=laboratory&_count=20&_total=none', 'as position');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
    expect(ran.touched).toBeLessThanOrEqual(200);
  });

  it('later page: from where the last one ended', async () => {
    const { url } = (await json('/Observation?_count=50')).link[1];
    const ran = await ranAt(url.slice(url.indexOf(R4) + R4.length), 'as position');
    expect(ran).toMatchObject({ ...KEPT, indexes: ['resource_sort'], touched: 51 });
  });

  it('count: once, by an index, and not again while the record stays as it is', async () => {
    watched.taken();
    for (let time = 0; time < TIMES; time += 1) await json(`/Observation?status=final&_count=${time + 1}`);
    const ran = watched.taken().filter(({ text }) => text.includes('count(*)'));
    expect(ran).toHaveLength(1);
    expect(ran[0]).toMatchObject({ sorted: 0, scanned: [] });
    expect(ran[0]?.indexes.filter((index) => index.startsWith('resource_'))).toHaveLength(1);
  });

  it('chain: what is referred to is found first, and the page by the index of references', async () => {
    const ran = await ranAt('/Observation?encounter:Encounter.class=IMP&_count=5&_total=none', 'as position');
    expect(ran.scanned).toEqual([]);
    expect(ran.indexes).toContain('resource_codes');
    expect(ran.touched).toBeLessThanOrEqual(2000);
  });

  it('_has: what refers to the rows is looked at once, and not held against each of them', async () => {
    const rows = async (type: string) => (await json(`/${type}?_summary=count`)).total;
    const most = (await rows('Encounter')) + (await rows('Observation'));
    const ran = await ranAt('/Encounter?_has:Observation:encounter:category=laboratory&_total=none', 'as position');
    expect(ran.scanned).toEqual([]);
    expect(ran.touched).toBeLessThanOrEqual(most + 50);
    expect(ran.paired).toBeLessThanOrEqual(most);
  });

  it('include: by the keys of what is referred to', async () => {
    const ran = await ranAt('/Observation?_count=500&_total=none&_include=Observation:encounter', 'r.id = any');
    const { entry } = await json('/Observation?_count=500&_total=none&_include=Observation:encounter');
    const included = entry.filter((one: { search: { mode: string } }) => one.search.mode === 'include').length;
    expect(included).toBeGreaterThan(1);
    expect(ran).toMatchObject({ scanned: [], touched: included });
    // The id is in both.
    expect(['resource_pkey', 'resource_sort']).toContain(ran.indexes[0]);
  });

  it('document: by its key and that of its DocumentReference', async () => {
    const { entry } = await json('/DocumentReference?_count=1');
    const { url } = entry[0].resource.content[0].attachment;
    const ran = await ranAt(new URL(url).pathname.slice(R4.length), 'join document');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['document_pkey']) });
    expect(ran.touched).toBeLessThanOrEqual(2);
  });

  it('history: the versions of one resource and no others', async () => {
    const ran = await ranAt(`/Patient/${patient}/_history`, 'resource_history');
    expect(ran.scanned).toEqual([]);
    expect(ran.indexes).toContain('resource_pkey');
    expect(ran.touched).toBeLessThanOrEqual(3);
  });

  it('check of a token: each of what stands behind it by its key', async () => {
    const ran = await ranAt(`/Patient/${patient}`, 'from token t join token_family');
    expect(ran.indexes).toEqual(expect.arrayContaining(['token_pkey', 'token_family_pkey', 'consent_grant_pkey']));
    // There are a few practices, apps and accounts: PostgreSQL reads these whole, as it should.
    expect(ran.scanned.filter((table) => !SMALL.includes(table))).toEqual([]);
    expect(ran.sorted).toBe(0);
    expect(ran.touched).toBeLessThanOrEqual(100);
  });
});

const SMALL = ['app', 'practice', 'account', 'representation', 'session', 'staff'];

/** Copies of rows that there are, with other keys: a table of a few rows is read from end to end, and nothing is shown by it. */
async function enlarge({ db }: TestServer, patient: string): Promise<void> {
  const copies = async (table: string, where: string, times: number, keys: Readonly<Record<string, string>>) => {
    const found = await db.queryText<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
      [],
    );
    const names = found.map(({ name }) => name);
    const values = names.map((name) => keys[name] ?? `t.${name}`);
    await db.queryText(
      `insert into ${table} (${names}) select ${values} from ${table} t cross join generate_series(1, ${times}) n where ${where}`,
      [],
    );
  };
  const id = 'gen_random_uuid()';
  const own = `(t.record_id = (select record_id from record where patient_id = '${patient}'))`;
  await db.queryText(
    `insert into resource_history (record_id, type, id, version, last_updated, content)
     select record_id, type, id, version, last_updated, content from resource where type <> 'Patient'`,
    [],
  );
  await copies('resource', `${own} and t.type = 'Observation'`, 3, { id });
  await copies('resource', `not ${own}`, 4, { id, record_id: 't.record_id + n' });
  await copies('record', 'true', 200, { record_id: '(random() * 281474976710000)::bigint + 1', patient_id: id });
  await copies('consent_grant', 'true', 3000, { grant_id: id, account_id: id });
  await copies('token_family', 'true', 3000, { family_id: "t.family_id || '-' || n", grant_id: id });
  await db.queryText(
    `insert into token (family_id, hash, kind, issued_at, expires_at)
     select f.family_id, sha256(convert_to(f.family_id, 'UTF8')), 'access', now(), now() + interval '1 hour' from token_family f`,
    [],
  );
  await db.queryText('vacuum analyze', []);
}
