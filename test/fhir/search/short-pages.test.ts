import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Executor, openDatabase } from '../../../src/database/index.ts';
import { shareConnection } from '../../../src/fhir/store/query/shared-connection.ts';
import { testDatabase } from '../../support/database/test-database.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir, type TokenOptions } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

let server: FhirServer;
/** Number of statements that ran on the connections of single requests. */
let ownStatements = 0;
beforeAll(async () => {
  server = await startFhir({
    shortPages: true,
    wrapDatabase: (db) => ({ ...db, withLimits: (bounds) => counted(db.withLimits(bounds)) }),
  });
  const observations = Array.from({ length: 120 }, (_, at) => ({
    resourceType: 'Observation',
    id: `result-${at}`,
    status: 'final',
    subject: { reference: `Patient/${ANN}` },
    category: [{ coding: [{ system: CATEGORY, code: 'laboratory' }] }],
    code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
    effectiveDateTime: `2024-05-${String(1 + (at % 28)).padStart(2, '0')}`,
  }));
  await server.load([patient(ANN, 'Ann'), ...observations]);
});
afterAll(() => server.close());

const counted = ({ query, queryText }: Executor): Executor => ({
  query,
  queryText(...statement) {
    ownStatements += 1;
    return queryText(...statement);
  },
});

/** Requests a page, and returns whether a statement ran on the connection of the request. The total is cached already. */
async function usesOwnConnection(search: string, options?: TokenOptions): Promise<boolean> {
  const token = await server.token(ANN, options);
  const get = () => server.get(token, `/Observation?${search}`);
  await get();
  ownStatements = 0;
  const response = await get();
  expect(response.statusCode, response.body).toBe(200);
  return ownStatements > 0;
}

describe('pages of a search share a connection', () => {
  it.each([
    ['all resources of a type', ''],
    ['a category that has an index', 'category=laboratory'],
    ['the oldest first', 'category=laboratory&_sort=date'],
    ['a page that skips a few', '_count=2&page=2'],
    ['99 resources', '_count=99'],
  ])('if PostgreSQL reads hardly more than the page: %s', async (_, search) => {
    expect(await usesOwnConnection(search)).toBe(false);
  });

  it('but not later pages, which may have to skip what was stored since the first one', async () => {
    const token = await server.token(ANN);
    const links = (await server.get(token, '/Observation?_count=2')).json().link;
    const next: string = links.find(({ relation }: { relation: string }) => relation === 'next').url;
    expect(await usesOwnConnection(next.split('?')[1] ?? '')).toBe(true);
  });

  it.each([
    ['more than 99 resources', '_count=100'],
    ['skips many', '_count=50&page=2'],
    ['a condition without an index of its own', 'category=laboratory&status=final'],
    ['a code', 'code=8480-6'],
    ['a category of one code system', `category=${CATEGORY}|laboratory`],
    ['another order', '_sort=_lastUpdated'],
  ])('otherwise each has one of its own: %s', async (_, search) => {
    expect(await usesOwnConnection(search)).toBe(true);
  });

  it('but not those from which PostgreSQL has to leave out what the patient withholds', async () => {
    const withheld = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }];
    expect(await usesOwnConnection('category=laboratory', { withheld })).toBe(true);
  });
});

describe('a shared connection', () => {
  it('isn’t used while a slow statement holds it up', async () => {
    const db = openDatabase({ connectionString: testDatabase() }, 2);
    onTestFinished(() => db.close());
    const { executor } = shareConnection(db.dedicatedConnection());
    const lock = 23_097;
    let waiting: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await tx.queryText('select pg_advisory_xact_lock($1)', [lock]);
      const shared = executor(db);
      expect(shared).not.toBe(db);
      waiting = shared.queryText('select pg_advisory_xact_lock($1)', [lock]);
      expect(executor(db)).toBe(shared);
      await expect.poll(() => executor(db), { interval: 5 }).toBe(db);
    });
    await waiting;
    expect(executor(db)).not.toBe(db);
  });
});
