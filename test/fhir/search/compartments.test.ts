import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../src/fhir/dstu2/index.ts';
import { type FhirVersion, r4 } from '../../../src/fhir/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

const ofCategory = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
];
const observation = (number: number, subject: string, category: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  category: ofCategory(category),
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }], text: 'Weight' },
  effectiveDateTime: `2024-05-0${number}`,
});
const CHART = [
  patient(ANN, 'Ann'),
  patient(BOB, 'Bob'),
  observation(1, ANN, 'laboratory'),
  observation(2, ANN, 'vital-signs'),
  observation(3, ANN, 'vital-signs'),
  observation(4, BOB, 'laboratory'),
];

describe.each<[string, FhirVersion]>([
  ['R4', r4],
  ['DSTU2', dstu2],
])('a search in the compartment of a patient (FHIR %s)', (_, version) => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir({ version, projections: dstu2Projections });
    expect((await server.load(CHART)).refused).toEqual([]);
    token = await server.token(ANN);
  });
  afterAll(() => server.close());

  const idsIn = (body: { entry?: readonly { resource: { id: string } }[] }) =>
    (body.entry ?? []).map(({ resource }) => Number(resource.id.slice(0, 8)));
  const linkIn = (body: { link: readonly { relation: string; url: string }[] }, relation: string) =>
    body.link.find((one) => one.relation === relation)?.url;
  const search = async (path: string, given = token) => {
    const answer = await server.get(given, path);
    return { status: answer.statusCode, body: answer.json() };
  };

  it('finds what the plain search for that patient finds, with the type’s own parameters', async () => {
    for (const query of ['', '?category=vital-signs', '?_sort=date&_count=2', '?date=ge2024-05-02', '?_id=none']) {
      const { status, body } = await search(`/Patient/${ANN}/Observation${query}`);
      const plain = (await search(`/Observation${query === '' ? '?' : `${query}&`}patient=${ANN}`)).body;
      expect(status).toBe(200);
      expect({ type: body.type, total: body.total, entry: body.entry }).toEqual({
        type: 'searchset',
        total: plain.total,
        entry: plain.entry,
      });
    }
    expect(idsIn((await search(`/patient/${ANN}/observation/`)).body)).toEqual([3, 2, 1]);
  });

  it('has links of its own, which lead through all pages', async () => {
    const first = (await search(`/Patient/${ANN}/Observation?_count=2&category=laboratory,vital-signs`)).body;
    expect(linkIn(first, 'self')).toBe(`${BASE}/Patient/${ANN}/Observation?_count=2&category=laboratory%2Cvital-signs`);
    const next = linkIn(first, 'next') ?? '';
    expect(next).toContain(`${BASE}/Patient/${ANN}/Observation?`);
    const second = (await search(next)).body;
    expect([...idsIn(first), ...idsIn(second)]).toEqual([3, 2, 1]);
    expect(linkIn(second, 'next')).toBeUndefined();
    const elsewhere = await search(next.replace(`Patient/${ANN}/`, ''));
    expect(elsewhere.status).toBe(400);
  });

  it('needs the same scopes as the plain search, and is recorded as sent', async () => {
    expect((await server.get(undefined, `/Patient/${ANN}/Observation`)).statusCode).toBe(401);
    const mismatch = await search(`/Patient/${BOB}/Observation`);
    expect(mismatch).toMatchObject({ status: 403 });
    const plain = (await search(`/Observation?patient=${BOB}`)).body;
    expect(mismatch.body.issue[0].details).toEqual(plain.issue[0].details);
    const conditions = await server.token(ANN, { scope: 'patient/Condition.rs' });
    expect((await search(`/Patient/${ANN}/Observation`, conditions)).status).toBe(403);
    const labs = await server.token(ANN, { scope: 'patient/Observation.rs?category=laboratory' });
    expect(idsIn((await search(`/Patient/${ANN}/Observation`, labs)).body)).toEqual([1]);
    server.disclosures.length = 0;
    await search(`/Patient/${ANN}/Observation?category=vital-signs`);
    expect(server.disclosures).toEqual([
      expect.objectContaining({
        kind: 'search',
        type: 'Observation',
        outcome: 'success',
        resources: 2,
        detail: { parameters: ['patient', 'category'], total: 2 },
      }),
    ]);
  });

  it('covers only the patient in its path, for an app that can read several', async () => {
    const system = await server.token('', { scope: 'system/*.rs', backend: 'backend', practices: [1] });
    expect(idsIn((await search(`/Patient/${ANN}/Observation`, system)).body)).toEqual([3, 2, 1]);
    expect(idsIn((await search(`/Patient/${BOB}/Observation`, system)).body)).toEqual([4]);
    expect((await search(`/Patient/${id(99)}/Observation`, system)).body.total).toBe(0);
    expect(idsIn((await search(`/Patient/${BOB}/Observation?patient=${ANN}`, system)).body)).toEqual([]);
  });

  it.each([
    [`Patient/${ANN}/Practitioner`, 'Search /Practitioner instead'],
    [`Patient/${ANN}/Device`, 'Search /Device instead'],
    [`Patient/${ANN},${BOB}/Observation`, 'Invalid patient id'],
  ])('%s isn’t in a compartment', async (path, words) => {
    const { status, body } = await search(`/${path}`);
    expect({ status, stringify: JSON.stringify(body) }).toEqual({
      status: 404,
      stringify: expect.stringContaining(words),
    });
  });

  it('is advertised in the CapabilityStatement', async () => {
    const { rest } = (await server.get(undefined, '/metadata')).json();
    expect(rest[0].compartment).toEqual([
      version === r4 ? 'http://hl7.org/fhir/CompartmentDefinition/patient' : 'http://hl7.org/fhir/compartment/Patient',
    ]);
  });
});
