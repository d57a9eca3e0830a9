import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

// If a token is for practices, a chain into the directory compares each row with the directory of the row's own
// practice.
const ANN = '0000000a-0000-4000-8000-000000000000';
const CAT = '0000000c-0000-4000-8000-000000000000';
const DOCTOR = '00000090-0000-4000-8000-000000000000';
const HOUSE = '00000091-0000-4000-8000-000000000000';
const ROLE = '00000092-0000-4000-8000-000000000000';
const OF_ANN = '00000001-0000-4000-8000-000000000000';
const OF_CAT = '00000002-0000-4000-8000-000000000000';

/** Directory of a practice. Both practices have the same ids, with other names. */
const directory = (family: string, name: string): readonly Resource[] => [
  { resourceType: 'Practitioner', id: DOCTOR, name: [{ family }] },
  { resourceType: 'Organization', id: HOUSE, active: true, name },
  {
    resourceType: 'PractitionerRole',
    id: ROLE,
    practitioner: { reference: `Practitioner/${DOCTOR}` },
    organization: { reference: `Organization/${HOUSE}` },
  },
];
const observation = (id: string, subject: string): Resource => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  performer: [{ reference: `Practitioner/${DOCTOR}` }, { reference: `PractitionerRole/${ROLE}` }],
  code: { coding: [{ system: 'http://loinc.org', code: '1' }] },
});

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
  await server.load([patient(ANN, 'Ann'), observation(OF_ANN, ANN), ...directory('Here', 'North')]);
  await server.load([patient(CAT, 'Cat'), observation(OF_CAT, CAT), ...directory('There', 'South')], { practiceId: 2 });
});
afterAll(() => server.close());

/** More practices than a query lists one by one. */
const MANY = [1, 2, ...Array.from({ length: 20 }, (_, at) => 100 + at)];

async function found(practices: readonly number[], path: string): Promise<readonly string[]> {
  const token = await server.token(ANN, { practices, scope: 'user/*.rs', record: false });
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  expect(total).toBe(entry.length);
  return entry.map(({ resource }: { resource: { id: string } }) => resource.id).sort();
}

describe('FHIR R4 search §3.1.1.5.6: a chain into the directory with a token for practices', () => {
  it.each([
    { practices: [1], here: [OF_ANN], there: [] },
    { practices: [2], here: [], there: [OF_CAT] },
    { practices: [1, 2], here: [OF_ANN], there: [OF_CAT] },
    { practices: MANY, here: [OF_ANN], there: [OF_CAT] },
  ])('matches rows of the row’s own practice: $practices.length', async ({ practices, here, there }) => {
    expect(await found(practices, '/Observation?performer:Practitioner.family=Here')).toEqual(here);
    expect(await found(practices, '/Observation?performer:Practitioner.family=There')).toEqual(there);
    expect(await found(practices, '/Observation?performer:Practitioner.family=Here,There')).toEqual([
      ...here,
      ...there,
    ]);
  });

  it.each([
    { practices: [1], north: 1, south: 0 },
    { practices: [1, 2], north: 1, south: 1 },
    { practices: MANY, north: 1, south: 1 },
  ])('matches directory rows of their own practice: $practices.length', async ({ practices, north, south }) => {
    expect(await found(practices, '/PractitionerRole?organization.name=North')).toHaveLength(north);
    expect(await found(practices, '/PractitionerRole?organization.name=South')).toHaveLength(south);
    const both = '/PractitionerRole?organization.name=North&practitioner.family=There';
    expect(await found(practices, both)).toEqual([]);
  });

  it('continues through the directory within the same practice', async () => {
    const through = '/Observation?performer:PractitionerRole.organization.name=';
    expect(await found([1, 2], `${through}North`)).toEqual([OF_ANN]);
    expect(await found([1, 2], `${through}South`)).toEqual([OF_CAT]);
    expect(await found([2], `${through}North`)).toEqual([]);
  });
});
