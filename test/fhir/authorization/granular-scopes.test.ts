import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

const observation = (number: number, category: string, subject = ANN): Resource => ({
  resourceType: 'Observation',
  // The same resource id in capital letters.
  id: id(number).toUpperCase(),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: [{ coding: [{ system: CATEGORY, code: category }] }],
  code: { text: 'x' },
});
const condition = (number: number, category: string): Resource => ({
  resourceType: 'Condition',
  id: id(number),
  subject: { reference: `Patient/${ANN}` },
  category: [{ coding: [{ code: category }] }],
  code: { text: 'x' },
});
let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    observation(1, 'laboratory'),
    observation(2, 'vital-signs'),
    observation(3, 'social-history'),
    observation(4, 'laboratory', BOB),
    condition(10, 'problem-list-item'),
  ]);
});
afterAll(() => server.close());

const having = (...scopes: readonly string[]) =>
  server.token(ANN, { scope: scopes.map((scope) => `patient/${scope}`).join(' ') });

async function found(token: string, path: string) {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  return {
    total,
    matches: entry.map((one: { resource: { id: string } }) => Number(one.resource.id.slice(0, 8))).sort(),
  };
}
const statusOf = async (token: string, path: string) => (await server.get(token, path)).statusCode;

describe('a granular scope (SMART App Launch 2.2 §3.0.2.5)', () => {
  it('narrows searches, totals and pages, whatever the search parameters', async () => {
    const token = await having(`Observation.rs?category=${CATEGORY}|laboratory`);
    expect(await found(token, '/Observation')).toEqual({ total: 1, matches: [1] });
    expect((await found(token, '/Observation?_count=0')).total).toBe(1);
    expect((await found(token, '/Observation?category=vital-signs')).total).toBe(0);
    expect((await found(token, '/Observation?category=vital-signs,laboratory&_count=1')).total).toBe(1);
    expect((await found(token, `/Observation?_id=${id(2)},${id(1)}`)).matches).toEqual([1]);
  });

  it('makes a resource outside of it 404, and another type 403', async () => {
    const token = await having('Observation.rs?category=laboratory');
    const other = await server.get(token, `/Observation/${id(2)}`);
    const none = await server.get(token, `/Observation/${id(99)}`);
    expect({ other: other.statusCode, none: none.statusCode }).toEqual({ other: 404, none: 404 });
    expect(other.json().issue[0].details).toEqual(none.json().issue[0].details);
    expect(await statusOf(token, `/Observation/${id(1)}`)).toBe(200);
    expect(await statusOf(token, `/Condition/${id(10)}`)).toBe(403);
  });

  it('adds to other granular scopes, and doesn’t limit a scope for the whole type', async () => {
    const two = await having('Observation.rs?category=laboratory', 'Observation.rs?category=vital-signs');
    expect((await found(two, '/Observation')).matches).toEqual([1, 2]);
    const whole = await having('Observation.rs?category=laboratory', '*.rs');
    expect((await found(whole, '/Observation')).matches).toEqual([1, 2, 3]);
  });

  it('distinguishes reading from searching', async () => {
    const token = await having('Observation.r?category=laboratory', 'Observation.s?category=vital-signs');
    expect((await found(token, '/Observation')).matches).toEqual([2]);
    expect(await statusOf(token, `/Observation/${id(1)}`)).toBe(200);
    expect(await statusOf(token, `/Observation/${id(2)}`)).toBe(404);
  });

  it.each(['_id=nonsense', '_id=%00', 'category=%00', 'patient=x', '_lastUpdated=gt2000,nonsense', 'code=|'])(
    'with the parameter %s grants nothing, and isn’t a server error',
    async (query) => {
      const token = await having(`Observation.rs?${query}`);
      const answer = await server.get(token, '/Observation');
      if (answer.statusCode === 200) expect(answer.json().total).toBe(0);
      else expect(answer.statusCode).toBe(403);
    },
  );
});

describe('many granular scopes', () => {
  /** No two of these scopes have a parameter value in common, so the server can't merge their conditions. */
  const many = Array.from({ length: 400 }, (_, i) => `code=c${i}&date=lt${2000 + i}`);

  it('combine like a few do, wherever they apply', async () => {
    const token = await having(
      ...many.map((query) => `Observation.rs?${query}`),
      'Observation.rs?category=laboratory&status=final',
      ...many.map((query) => `Condition.rs?${query.replace('date', 'onset-date')}`),
      'Provenance.rs',
    );
    expect(await found(token, '/Observation?_revinclude=Provenance:target')).toEqual({ total: 1, matches: [1] });
    expect(await found(token, '/Condition')).toEqual({ total: 0, matches: [] });
    expect((await found(token, '/Provenance')).total).toBe(0);
    expect(await statusOf(token, `/Observation/${id(1)}`)).toBe(200);
    expect(await statusOf(token, `/Observation/${id(2)}`)).toBe(404);
  });

  it('work with many values of one parameter', async () => {
    const days = Array.from({ length: 40 }, (_, i) => `${1950 + i}-01`).join(',');
    const combinedScopes = Array.from(
      { length: 40 },
      (_, i) => `*.rs?_lastUpdated=${days},ge${2000 + i}&_id=${id(1)},${id(i)}`,
    );
    expect((await found(await having(...combinedScopes), '/Observation')).matches).toEqual([1, 2, 3]);
    const never = await having('Observation.rs?_lastUpdated=1990,1991-05,lt1980,lt1985');
    expect((await found(never, '/Observation')).total).toBe(0);
  });

  it('are rejected as too many if no statement can hold them, and not reported as a database failure', async () => {
    const day = (number: number) => new Date(86_400_000 * number).toISOString().slice(0, 10);
    const queries = Array.from({ length: 34_000 }, (_, i) => `code=c${i}&date=${day(i)}`);
    const answer = await server.get(await having(...queries.map((query) => `Observation.rs?${query}`)), '/Observation');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().issue[0].details.coding[0].code).toBe('search-invalid');
  });
});
