import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDeclaredIndexes } from '../../src/database/index.ts';
import { MAX_PAGE_RESOURCES } from '../../src/fhir/store/query/export-page.ts';
import { addBackendApp, LIVE, SANDBOX, startExport } from '../fhir/export/export-client.ts';
import { findPgbouncer } from '../support/database/pgbouncer.ts';
import type { StatementPlan } from '../support/database/plans.ts';
import { type PlansServer, REPEATS, startPlansServer } from '../support/database/plans-server.ts';
import { DSTU2, getFhir, R4, requestToken } from '../support/people/patient.ts';

const program = findPgbouncer();
const connections = [
  { name: 'directly', pooled: false },
  { name: 'through PgBouncer in transaction mode', pooled: true },
] as const;

describe.each(connections)('the plans of hot statements, $name', ({ name, pooled }) => {
  if (pooled && program === undefined) {
    it.skip(`${name}: no PgBouncer from 1.21 on is installed, and PGBOUNCER names none`);
    return;
  }
  let world: PlansServer;
  let patient: string;
  beforeAll(async () => {
    world = await startPlansServer(pooled ? program : undefined);
    patient = world.token.patient;
  });
  afterAll(() => world.close());

  const KEPT = { generic: true, sorted: 0, scannedTables: [] };

  it('read: one row by its key', async () => {
    const ran = await world.planOfRequest(`/Patient/${patient}`, 'r.version, r.last_updated from resource r');
    expect(ran).toMatchObject({ ...KEPT, touched: 1 });
    expect(['resource_pkey', 'resource_id']).toContain(ran.indexes[0]);
  });

  it('first page: in index order, until it is full', async () => {
    const ran = await world.planOfRequest('/Observation?_count=50&_total=none', 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
    // One row more than the page shows that there is a next page. Another one has the time of the record's latest
    // change.
    expect(ran.touched).toBeLessThanOrEqual(50 + 1 + 2);
  });

  it('first page with its total: the same, and the version of the record', async () => {
    const ran = await world.planOfRequest('/Observation?_count=50', 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort', 'record_pkey']) });
    expect(ran.touched).toBe(50 + 1 + 1);
  });

  it.each([
    ['laboratory', 'resource_laboratory'],
    ['http://terminology.hl7.org/CodeSystem/observation-category|laboratory', 'resource_laboratory'],
    ['vital-signs', 'resource_vital_signs'],
  ])('first page of the category %s: in the order of an index that has no others', async (category, index) => {
    const search = `/Observation?category=${encodeURIComponent(category)}&_count=20`;
    const ran = await world.planOfRequest(`${search}&_total=none`, 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining([index]) });
    expect(ran.touched).toBeLessThanOrEqual(20 + 1 + 2);
    const counted = await world.planOfRequest(search, 'as packed');
    expect(counted).toMatchObject({ ...KEPT, indexes: expect.arrayContaining([index, 'record_pkey']) });
    expect(counted.touched).toBe(20 + 1 + 1);
  });

  it('first page of a category in another order: in the index of that order', async () => {
    const search = '/Observation?category=laboratory&_sort=-_lastUpdated&_count=20&_total=none';
    const ran = await world.planOfRequest(search, 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_updated']) });
    expect(ran.touched).toBeLessThanOrEqual(200);
  });

  it('first page of a category whose index isn’t built yet: skipping other categories', async () => {
    const { db } = world.server;
    const index = (await readDeclaredIndexes()).find((one) => one.name === 'resource_laboratory');
    await db.queryText('drop index resource_laboratory', []);
    try {
      const ran = await world.planOfRequest('/Observation?category=laboratory&_count=20&_total=none', 'as packed');
      expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
      expect(ran.touched).toBeLessThanOrEqual(200);
    } finally {
      await db.queryText(`create index ${index?.name} ${index?.definition}`, []);
    }
  });

  it('first page of several categories: in the same order, skipping other categories', async () => {
    const search = '/Observation?category=laboratory,vital-signs&_count=20&_total=none';
    const ran = await world.planOfRequest(search, 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
    expect(ran.touched).toBeLessThanOrEqual(200);
  });

  it('later page: from where the last one ended', async () => {
    const { url } = (await world.json('/Observation?_count=50')).link[1];
    const ran = await world.planOfRequest(url, 'as packed');
    expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']), touched: 51 });
    // Rows that changed since the first page are looked up by their keys.
    expect(ran.indexes).toEqual(expect.arrayContaining(['merged_resource_pkey', 'retraction_into']));
  });

  it('count: once, by an index, and not again while the record stays unchanged', async () => {
    const ran = await world.plansDuring("count(*) || ' '", async () => {
      for (let time = 0; time < REPEATS; time += 1) await world.json(`/Observation?status=final&_count=${time + 1}`);
    });
    expect(ran).toHaveLength(1);
    expect(ran[0]).toMatchObject({ sorted: 0, scannedTables: [] });
    expect(ran[0].indexes.filter((index) => index.startsWith('resource_'))).toHaveLength(1);
  });

  it('count of one patient for a backend app: once, and then the page alone', async () => {
    const token = await (await addBackendApp(world.server, { practiceIds: [SANDBOX] })).token();
    const page = () => getFhir(world.app, `${R4}/Observation?patient=${patient}&_count=50`, token);
    expect((await page()).json().total).toBeGreaterThan(1000);
    const counted = () => world.plansDuring("count(*) || ' '", page);
    await expect(counted).rejects.toThrow('no statement with: count');
    const [ran] = await world.plansDuring('as packed', page);
    expect(ran).toMatchObject({ sorted: 0, indexes: expect.arrayContaining(['resource_sort']) });
    expect(ran.touched).toBeLessThanOrEqual(50 + 1 + 2);
  });

  it.each([
    ['one practice', [SANDBOX], 'as packed'],
    ['several practices', [SANDBOX, LIVE], 'as position'],
  ])('first page of one patient for a backend app of %s: planned once', async (_, practiceIds, words) => {
    const token = await (await addBackendApp(world.server, { practiceIds })).token();
    for (const { filter, count, index } of [
      { filter: '', count: 50, index: 'resource_sort' },
      { filter: '&category=laboratory', count: 20, index: 'resource_laboratory' },
    ]) {
      const search = `/Observation?patient=${patient}${filter}&_count=${count}`;
      const page = () => getFhir(world.app, R4 + search, token);
      const [ran] = await world.plansAfterRepeats(words, page);
      expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining([index]) });
      expect(ran.touched).toBeLessThanOrEqual(count + 1 + 2);
    }
  });

  it('chain: finds the referenced resources first, and the page by the reference index', async () => {
    const ran = await world.planOfRequest(
      '/Observation?encounter:Encounter.class=IMP&_count=5&_total=none',
      'as position',
    );
    expect(ran.scannedTables).toEqual([]);
    expect(ran.indexes).toContain('resource_codes');
    expect(ran.touched).toBeLessThanOrEqual(2000);
  });

  it('chain into the directory, for all patients: scans the directory once, and not for each row', async () => {
    const token = await (await addBackendApp(world.server, { practiceIds: [SANDBOX] })).token();
    const count = async (table: string) => {
      const text = `select count(*)::int as count from ${table} where type = any('{Encounter,Practitioner}')`;
      return (await world.server.db.queryText<{ count: number }>(text, []))[0]?.count ?? 0;
    };
    const url = `${R4}/Encounter?participant:Practitioner.name=nobody`;
    const plans = await world.plansDuring('from shared_resource l1', async () => {
      expect((await getFhir(world.app, url, token)).json()).not.toHaveProperty('entry');
    });
    const [rows, directory] = [await count('resource'), await count('shared_resource')];
    expect(rows).toBeGreaterThan(100);
    // One statement checks the first patient, one the next 19, and one the others of the page.
    expect(plans).toHaveLength(3);
    for (const ran of plans) expect(ran.touched).toBeLessThanOrEqual(2 * (rows + directory));
  });

  it('_has: finds the referring resources once, by the index, and does not check them for each row', async () => {
    const search = '_has:Observation:encounter:code=http://loinc.org|85354-9';
    const ran = await world.planOfRequest(`/Encounter?${search}&_total=none`, 'as position');
    expect(ran).toMatchObject({ scannedTables: [], rejectedPairs: 0 });
    expect(ran.indexes).toContain('resource_codes');
    expect(ran.touched).toBeLessThanOrEqual(2000);
  });

  it('include: by the keys of the referenced resources', async () => {
    const ran = await world.planOfRequest(
      '/Observation?_count=500&_total=none&_include=Observation:encounter',
      'r.id = any',
    );
    const { entry } = await world.json('/Observation?_count=500&_total=none&_include=Observation:encounter');
    const included = entry.filter((one: { search: { mode: string } }) => one.search.mode === 'include').length;
    expect(included).toBeGreaterThan(1);
    expect(ran).toMatchObject({ scannedTables: [], touched: included });
    // PostgreSQL may use either index, because both contain the id.
    expect(['resource_pkey', 'resource_sort']).toContain(ran.indexes[0]);
  });

  it('document: by its key and that of its DocumentReference', async () => {
    const { entry } = await world.json('/DocumentReference?_count=1');
    const { url } = entry[0].resource.content[0].attachment;
    const ran = await world.planOfRequest(url, 'join document');
    expect(ran).toMatchObject(KEPT);
    // The id alone is selective too, so PostgreSQL may use either index.
    expect(ran.indexes.filter((index) => ['document_pkey', 'document_id'].includes(index))).toHaveLength(1);
    expect(ran.touched).toBeLessThanOrEqual(2);
  });

  it('history: the versions of one resource and no others', async () => {
    const ran = await world.planOfRequest(`/Patient/${patient}/_history`, 'resource_history');
    expect(ran.scannedTables).toEqual([]);
    expect(ran.indexes).toContain('resource_pkey');
    expect(ran.touched).toBeLessThanOrEqual(3);
  });

  it('history of changed resources, and one version: the same', async () => {
    const { entry } = await world.json('/Observation?_count=1');
    for (const more of ['', '/1']) {
      const ran = await world.planOfRequest(`/Observation/${entry[0].resource.id}/_history${more}`, 'resource_history');
      expect(ran.scannedTables).toEqual([]);
      expect(ran.indexes).toContain('resource_history_pkey');
      expect(ran.touched).toBeLessThanOrEqual(8);
    }
  });

  it('token check: each row behind the token by its key', async () => {
    const ran = await world.planOfRequest(`/Patient/${patient}`, 'from token t join token_family');
    expect(ran.generic).toBe(true);
    expectByKeys(ran);
  });

  it('refresh: the token and each row behind it by its key', async () => {
    let { refresh_token = '' } = world.token;
    const { client_id, client_secret } = world.client;
    const all = await world.plansAfterRepeats('set used_at = moment.at, successor', async () => {
      const fields = { grant_type: 'refresh_token', refresh_token, client_id, client_secret };
      ({ refresh_token = '' } = await requestToken(world.app, fields));
    });
    expect(all).toHaveLength(1);
    expect(all[0].generic).toBe(true);
    expectByKeys(all[0]);
  });

  describe('$everything', () => {
    const EVERYTHING = '/Patient/$everything';
    const everything = () => world.json(EVERYTHING);

    const changeRecord = () =>
      world.server.db.queryText('update record set version = version + 1 where patient_id = $1', [patient]);

    it('first statement after a change: counts by an index alone, lists ids and reads the first contents by the key', async () => {
      const [known, ran] = await world.plansAfterRepeats('counted as', async () => {
        await changeRecord();
        await everything();
      });
      // The cached counts are those of another version of the record, so their statement returns nothing.
      expect(known).toMatchObject({ generic: true, scannedTables: [] });
      expect(known.touched).toBeLessThanOrEqual(MOST_SHARES);
      expect(ran).toMatchObject({ generic: true, scannedTables: [] });
      expect(ran?.indexes.toSorted()).toEqual(['record_pkey', 'resource_pkey', 'resource_updated']);
      expect(ran?.nodes).toContain('Index Only Scan');
      const { total } = await everything();
      expect(ran?.touched).toBeLessThanOrEqual(2 * total + FIRST_BATCH_ROWS + MOST_SHARES);
      expect(ran?.sorted).toBeLessThanOrEqual(MOST_SHARES);
    });

    it('first statement of an unchanged record: reads the ids and the first contents alone', async () => {
      const [ran] = await world.plansAfterRepeats('counted as', everything);
      expect(ran).toMatchObject({ generic: true, scannedTables: [] });
      expect(ran.indexes.toSorted()).toEqual(['record_pkey', 'resource_pkey']);
      const { total } = await everything();
      expect(ran.touched).toBeLessThanOrEqual(total + FIRST_BATCH_ROWS + MOST_SHARES);
    });

    it('other contents: by ranges of the key, in order, and no other rows', async () => {
      const batches = await world.plansAfterRepeats('r.id between', everything);
      for (const batch of batches) expect(batch).toMatchObject({ ...KEPT, indexes: ['resource_pkey'] });
      expect(Math.max(...batches.map(touchedBy))).toBeLessThanOrEqual(MOST_AT_ONCE);
      expect(sum(batches.map(touchedBy))).toBe((await everything()).total - FIRST_BATCH_ROWS);
    });

    it('referenced directory resources: by their keys', async () => {
      const all = await world.plansAfterRepeats('from shared_resource r', everything);
      for (const ran of all) expect(ran).toMatchObject({ scannedTables: [], indexes: ['shared_resource_pkey'] });
      const { entry } = await everything();
      expect(sum(all.map(touchedBy))).toBe(modesOf(entry).filter((mode) => mode === 'include').length);
    });

    it('first page: counts each row once by an index alone, and reads the rows of the page', async () => {
      const [ran] = await world.plansAfterRepeats('counted as', () => world.json(`${EVERYTHING}?_count=50`));
      expect(ran).toMatchObject({ generic: true, scannedTables: [] });
      expect(ran.nodes).toContain('Index Only Scan');
      expect(ran.touched).toBeLessThanOrEqual((await everything()).total + 50 + MOST_SHARES);
    });

    it('later page: by the key, from where the last one ended', async () => {
      const { link } = await world.json(`${EVERYTHING}?_count=50`);
      const { url } = link.find(({ relation }: { relation: string }) => relation === 'next');
      const [ran] = await world.plansAfterRepeats('counted as', () => world.json(url));
      expect(ran.scannedTables).toEqual([]);
      expect(ran.indexes).toContain('resource_pkey');
      // The statement reads at most as many rows of each type as a page holds.
      expect(ran.touched).toBeLessThan((await everything()).total / 4);
    });
  });

  describe('DSTU2', () => {
    it('read: one row by its key', async () => {
      const ran = await world.planOfRequest(`${DSTU2}/Patient/${patient}`, 'from resource r');
      expect(ran).toMatchObject({ ...KEPT, touched: 1 });
    });

    it.each(['', '&_total=none'])('first page%s: as in R4', async (total) => {
      const ran = await world.planOfRequest(`${DSTU2}/Observation?_count=50${total}`, 'as packed');
      expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_sort']) });
      expect(ran.touched).toBeLessThanOrEqual(50 + 1 + 2);
    });

    it('first page of a category: as in R4', async () => {
      const ran = await world.planOfRequest(`${DSTU2}/Observation?category=laboratory&_count=20`, 'as packed');
      expect(ran).toMatchObject({ ...KEPT, indexes: expect.arrayContaining(['resource_laboratory']) });
      expect(ran.touched).toBeLessThanOrEqual(20 + 1 + 1);
    });

    it('$everything: as in R4, without hidden rows', { timeout: 120_000 }, async () => {
      const path = `${DSTU2}/Patient/$everything`;
      const { total } = await world.json(path);
      const [ran] = await world.plansAfterRepeats('counted as', () => world.json(path));
      const indexes = expect.arrayContaining(['resource_pkey', 'conversion_hidden']);
      expect(ran).toMatchObject({ generic: true, scannedTables: [], indexes });
      expect(ran.touched).toBeLessThanOrEqual(2.2 * total + MOST_SHARES);
      expect(ran.sorted).toBeLessThanOrEqual(MOST_SHARES);
      const batches = await world.plansAfterRepeats('r.id between', () => world.json(path));
      // PostgreSQL plans each batch for its number of types, which it estimates to be ten in a generic plan.
      for (const batch of batches)
        expect({ ...batch, indexes: batch.indexes.filter((one) => one !== 'conversion_pkey') }).toMatchObject({
          sorted: 0,
          scannedTables: [],
          indexes: ['resource_pkey'],
        });
      expect(Math.max(...batches.map(touchedBy))).toBeLessThanOrEqual(2 * MOST_AT_ONCE);
      expect(sum(batches.map(touchedBy))).toBeLessThanOrEqual(2.1 * total);
    });
  });

  it('export: a page reads its own records, and no others', { timeout: 120_000 }, async () => {
    const token = await (await addBackendApp(world.server, { practiceIds: [SANDBOX] })).token();
    const pages = await world.plansDuring('rows unbounded preceding', async () => {
      await startExport(world, token);
      await world.runExports();
    });
    const ofRecords = pages.filter(({ text }) => text.includes('resource_history r') && !text.includes('shared_'));
    expect(ofRecords.length).toBeGreaterThan(2);
    const [{ most = 0 } = {}] = await world.server.db.queryText<{ most: number }>(
      'select max(count) as most from (select count(*) from resource group by record_id) one',
      [],
    );
    for (const ran of ofRecords) {
      expect(ran.scannedTables).toEqual([]);
      expect(ran.indexes).toContain('resource_history_pkey');
      expect(ran.indexes).not.toContain('resource_codes');
      // Each row of the record is read in its current and its previous version. For previous versions, the current
      // state is looked up too.
      expect(ran.touched).toBeLessThanOrEqual(4 * (MAX_PAGE_RESOURCES + most));
    }
  });
});

/**
 * Checks the plan for the rows behind a token. There are few practices, apps and accounts, so PostgreSQL rightly scans
 * these tables.
 */
function expectByKeys(ran: StatementPlan): void {
  expect(ran.indexes).toEqual(expect.arrayContaining(['token_pkey', 'token_family_pkey', 'consent_grant_pkey']));
  expect(ran.scannedTables.filter((table) => !SMALL.includes(table))).toEqual([]);
  expect(ran.sorted).toBe(0);
  expect(ran.touched).toBeLessThanOrEqual(100);
}

const touchedBy = ({ touched }: StatementPlan): number => touched;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const modesOf = (entries: readonly { readonly search: { readonly mode: string } }[]): readonly string[] =>
  entries.map(({ search }) => search.mode);

/** Number of resources whose contents the first statement of `$everything` reads. */
const FIRST_BATCH_ROWS = 100;
/** Maximum number of rows for resource types in one record, with those of sorts, groups and limits. */
const MOST_SHARES = 200;
/** Maximum number of rows that `$everything` fetches in one statement. */
const MOST_AT_ONCE = 250;
const SMALL = ['stored_app', 'practice', 'account', 'representation', 'session', 'staff'];
