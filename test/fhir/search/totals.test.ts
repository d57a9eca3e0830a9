import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccessGrant, parseScopes } from '../../../src/access/index.ts';
import { dstu2, fhirRoutes, projections, r4, refreshIndex, refreshProjections } from '../../../src/fhir/index.ts';
import type { ClientId, GrantId, PatientId, PracticeId, RecordId } from '../../../src/kernel/index.ts';
import { markAsEarlierRelease, markIndexAsEarlierRelease } from '../../support/database/earlier-release.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const OTHER = '0000000b-0000-4000-8000-000000000000';
const OF_OTHER = { reference: `Patient/${OTHER}` };
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

const observation = (number: number, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${ANN}` },
  category: [{ coding: [{ system: CATEGORY, code: number % 2 === 0 ? 'laboratory' : 'vital-signs' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] },
  effectiveDateTime: '2024-05-01',
  ...more,
});
const observations = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => observation(from + index));

let server: FhirServer;
/** Number of count statements that the server sent to the database. */
let counts = 0;
beforeEach(async () => {
  server = await startFhir();
  await server.load([patient(ANN, 'Ann'), ...observations(1, 10)]);
  watch();
});
afterEach(() => server.close());

function watch(): void {
  counts = 0;
  const { queryText } = server.db;
  server.db.queryText = (text, ...rest) => {
    if (text.includes('count(*)')) counts += 1;
    return queryText(text, ...rest);
  };
}

async function totalOf(token: string, path: string, of: FhirServer = server): Promise<number> {
  const answer = await of.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().total;
}

const rows = <Row>(text: string, values: readonly unknown[] = []) => server.db.queryText<Row>(text, values);

describe('a total (FHIR R4 search §3.1.1.5.2) of an unchanged record', () => {
  it('is counted once, for all pages and orders of a search', async () => {
    const ann = await server.token(ANN);
    for (const page of ['_count=2', '_count=2', '_count=3', '_count=0', '_count=2&_sort=date', '_count=2&page=2'])
      expect(await totalOf(ann, `/Observation?${page}`)).toBe(10);
    expect(await totalOf(await server.token(ANN), '/Observation?_summary=count')).toBe(10);
    expect(counts).toBe(1);
  });

  it('isn’t counted if the page already determines it', async () => {
    const ann = await server.token(ANN);
    expect(await totalOf(ann, '/Observation?_count=10')).toBe(10);
    expect(await totalOf(ann, '/Observation?category=laboratory&_count=5')).toBe(5);
    expect(counts).toBe(0);
  });

  it('is separate for a grant that covers less', async () => {
    const whole = await server.token(ANN);
    const some = await server.token(ANN, { scope: `patient/Observation.rs?category=${CATEGORY}|laboratory` });
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' };
    const without = await server.token(ANN, { withheld: [label] });
    await server.load([observation(2, { meta: { security: [label] } })]);
    for (let round = 0; round < 2; round += 1) {
      expect(await totalOf(whole, '/Observation?_count=2')).toBe(10);
      expect(await totalOf(some, '/Observation?_count=2')).toBe(5);
      expect(await totalOf(without, '/Observation?_count=2')).toBe(9);
    }
  });
});

describe('a total of one patient for a backend app', () => {
  const backendToken = () => server.token('', { backend: 'reader', practices: [1], scope: 'system/*.rs' });
  const search = `/Observation?patient=${ANN}&_count=2`;

  it('is counted once while the record stays the same, and again after a write', async () => {
    const token = await backendToken();
    for (const page of ['', '&_count=3', '&_sort=date']) expect(await totalOf(token, search + page)).toBe(10);
    expect(counts).toBe(1);
    await server.load(observations(11, 12));
    expect(await totalOf(token, search)).toBe(12);
    expect(counts).toBe(2);
  });

  it('is that of the record that the patient has now', async () => {
    const token = await backendToken();
    expect(await totalOf(token, search)).toBe(10);
    // The other record has the same version, so that only the record tells them apart.
    await server.load([patient(OTHER, 'Other'), ...observations(21, 24).map((one) => ({ ...one, subject: OF_OTHER }))]);
    await rows('update record set version = (select max(version) from record)');
    expect(await totalOf(token, search)).toBe(10);
    await rows("update record set state = 'merged' where patient_id = $1", [ANN]);
    await rows('update record set patient_id = $1 where patient_id = $2', [id(1), ANN]);
    await rows('update record set patient_id = $1 where patient_id = $2', [ANN, OTHER]);
    expect(await totalOf(token, search)).toBe(4);
  });
});

describe('the resources of a record for $everything', () => {
  const everything = async (token: string, more = '') => {
    const page = (await server.get(token, `/Patient/${ANN}/$everything?_count=4${more}`)).json();
    return { total: page.total, ids: page.entry.map((entry: { resource: { id: string } }) => entry.resource.id) };
  };

  it('are counted once while the record stays the same, with the same page', async () => {
    const ann = await server.token(ANN);
    const first = await everything(ann);
    expect(first.total).toBe(11);
    const [again, other] = [await everything(ann), await everything(await server.token(ANN))];
    expect({ again, other }).toEqual({ again: first, other: first });
    expect(counts).toBe(1);
    expect((await everything(ann, '&_type=Observation')).total).toBe(10);
    expect(counts).toBe(2);
  });

  it('are counted again after a write, and after a deletion', async () => {
    const ann = await server.token(ANN);
    await everything(ann);
    await server.load([...observations(11, 12), observation(1, { status: 'amended' })]);
    const loaded = await everything(ann);
    expect(loaded).toEqual({ total: 13, ids: [ANN, ...[1, 2, 3].map(id)] });
    expect(await everything(ann)).toEqual(loaded);
    expect(counts).toBe(2);
    const other = await secondServer();
    await server.load(observations(13, 13));
    expect({ here: (await everything(ann)).total, observations: await other() }).toEqual({
      here: 14,
      observations: 13,
    });
  });

  it('are counted separately for a grant that covers less', async () => {
    const whole = await server.token(ANN);
    const some = await server.token(ANN, { scope: `patient/Observation.rs?category=${CATEGORY}|laboratory` });
    for (let round = 0; round < 2; round += 1) {
      expect((await everything(whole)).total).toBe(11);
      expect((await everything(some)).total).toBe(5);
    }
  });
});

describe('a total after a write', () => {
  it('is that of the record as it is now', async () => {
    const ann = await server.token(ANN);
    const all = () => totalOf(ann, '/Observation?_count=2');
    const lab = () => totalOf(ann, '/Observation?category=laboratory&_count=2');
    expect({ all: await all(), lab: await lab() }).toEqual({ all: 10, lab: 5 });
    await server.load(observations(11, 12));
    expect({ all: await all(), lab: await lab() }).toEqual({ all: 12, lab: 6 });
    await server.load([observation(2, { category: [{ coding: [{ system: CATEGORY, code: 'survey' }] }] })]);
    expect({ all: await all(), lab: await lab() }).toEqual({ all: 12, lab: 5 });
    await server.load(observations(11, 12));
    expect({ all: await all(), lab: await lab() }).toEqual({ all: 12, lab: 5 });
  });

  it('is also current at a second server on the same database', async () => {
    const ann = await server.token(ANN);
    const other = await secondServer();
    const both = async () => [await totalOf(ann, '/Observation?_count=2'), await other()];
    expect(await both()).toEqual([10, 10]);
    await server.load(observations(11, 11));
    expect(await both()).toEqual([11, 11]);
  });

  it('isn’t reused after the database was restored to an earlier state with the same version', async () => {
    const ann = await server.token(ANN);
    const [before] = await rows<{ version: number }>('select version from record');
    await server.load(observations(11, 20));
    expect(await totalOf(ann, '/Observation?_count=2')).toBe(20);
    await rows('delete from resource where id = any($1)', [observations(11, 20).map((one) => one.id)]);
    await rows('update record set version = $1', [before?.version]);
    expect(await totalOf(ann, '/Observation?_count=2')).toBe(10);
    await server.load(observations(11, 11));
    expect(await totalOf(ann, '/Observation?_count=2')).toBe(11);
  });

  it('is that of one moment, whatever is loaded at the same time', async () => {
    const ann = await server.token(ANN);
    let loaded = 10;
    const loading = (async () => {
      for (let next = 11; next <= 30; next += 1) {
        await server.load([observation(next)]);
        loaded = next;
      }
    })();
    for (let last = 10; last < 30; ) {
      const least = loaded;
      last = await totalOf(ann, '/Observation?_count=2');
      expect(last).toBeGreaterThanOrEqual(least);
      // The load may have committed one more resource than this test knows of.
      expect(last).toBeLessThanOrEqual(loaded + 1);
    }
    await loading;
  });
});

describe('a total depends on more than the record’s rows', () => {
  it('on the index', async () => {
    const ann = await server.token(ANN);
    await rows("update resource set flags = '{}', indexed_by = 0 where id = any($1)", [[id(2), id(4)]]);
    await markIndexAsEarlierRelease(server.db);
    expect(await totalOf(ann, '/Observation?category=laboratory&_count=2')).toBe(3);
    await refreshIndex(server.db);
    expect(await totalOf(ann, '/Observation?category=laboratory&_count=2')).toBe(5);
  });

  it('on what another version of FHIR hides', async () => {
    const old = await startFhir({ version: dstu2, projections });
    try {
      await old.load([patient(ANN, 'Ann'), ...observations(1, 10)]);
      const ann = await old.token(ANN);
      const some = [[id(2), id(4)]];
      await old.db.queryText('update resource set converted = null, converted_with = 0 where id = any($1)', some);
      await old.db.queryText(
        `insert into conversion (record_id, name, type, id, hidden_by)
         select record_id, 'dstu2', type, id, 'test' from resource where id = any($1)`,
        some,
      );
      expect(await totalOf(ann, '/Observation?_count=2', old)).toBe(8);
      await markAsEarlierRelease(old.db);
      await refreshProjections(old.db, { projections });
      expect(await totalOf(ann, '/Observation?_count=2', old)).toBe(10);
    } finally {
      await old.close();
    }
  });

  it('on the directory that a chain leads to', async () => {
    const ann = await server.token(ANN);
    const organization = (number: number, name: string) => ({ resourceType: 'Organization', id: id(number), name });
    const encounters = Array.from({ length: 8 }, (_, index) => ({
      resourceType: 'Encounter',
      id: id(50 + index),
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: `Patient/${ANN}` },
      serviceProvider: { reference: `Organization/${id(90 + (index % 2))}` },
    }));
    await server.load([organization(90, 'Alpha'), organization(91, 'Beta'), ...encounters]);
    const search = '/Encounter?service-provider:Organization.name=alpha&_count=1';
    expect({ first: await totalOf(ann, search), second: await totalOf(ann, search) }).toEqual({ first: 4, second: 4 });
    await server.load([organization(91, 'Alpha too')]);
    expect(await totalOf(ann, search)).toBe(8);
  });
});

/**
 * Starts a second server on the same database.
 * @returns a function that gets the total of one search there
 */
async function secondServer(): Promise<() => Promise<number>> {
  const [record] = await rows<{ record_id: number; practice_id: number }>('select record_id, practice_id from record');
  const grant: AccessGrant = {
    grantId: '00000000-0000-4000-8000-00000000000a' as GrantId,
    familyId: 'family',
    clientId: 'app' as ClientId,
    accountId: undefined,
    record: {
      recordId: record?.record_id as RecordId,
      practiceId: record?.practice_id as PracticeId,
      patientId: ANN as PatientId,
    },
    practices: [],
    scopes: parseScopes('patient/*.rs').scopes,
    apis: ['r4'],
    practiceEnabled: true,
    withheld: [],
    fhirUser: undefined,
  };
  const app = Fastify();
  const tokens = { verify: async () => grant, async requireStillValid() {} };
  const endpoints = { base: BASE, authorize: `${BASE}/a`, token: `${BASE}/t`, revoke: `${BASE}/r` };
  const { db, clock } = server;
  await app.register(async (scope) =>
    fhirRoutes(scope, { version: r4, db, clock, tokens, audit: { async append() {} }, endpoints }),
  );
  return async () => {
    const headers = { authorization: 'Bearer a' };
    return (await app.inject({ url: '/Observation?_count=2', headers })).json().total;
  };
}
