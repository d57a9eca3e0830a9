import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const about = { subject: { reference: `Patient/${ANN}` } };
const at = (visit: number) => ({ encounter: { reference: `Encounter/${id(visit)}` } });
const visit = (number: number): Resource => ({
  resourceType: 'Encounter',
  id: id(number),
  status: 'finished',
  class: { code: 'AMB' },
  ...about,
});
const order = (number: number, category: string, visited: number, changes: object = {}): Resource => ({
  resourceType: 'ServiceRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  category: [concept('http://snomed.info/sct', category)],
  code: concept('urn:s', `order-${number}`),
  ...at(visited),
  ...about,
  ...changes,
});
const provenance = (number: number, ...targets: readonly number[]): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  target: targets.map((target) => ({ reference: `ServiceRequest/${id(target)}` })),
  recorded: '2021-01-01T00:00:00Z',
  agent: [{ who: { display: 'Dr. Secret' } }],
});

const [DIAGNOSTIC, REFERRAL, PROCEDURE] = ['108252007', '3457005', '387713003'] as const;
const record: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, gender: 'female' },
  visit(1),
  visit(2),
  visit(3),
  order(31, DIAGNOSTIC, 1),
  order(32, REFERRAL, 2),
  order(33, PROCEDURE, 3),
  order(34, DIAGNOSTIC, 3, { intent: 'plan' }),
  provenance(41, 31),
  provenance(42, 32),
  provenance(43, 33),
  provenance(44, 31, 32),
  ...[true, false].map((active, at) => ({
    resourceType: 'RelatedPerson',
    id: id(61 + at),
    active,
    gender: active ? 'male' : 'female',
    patient: about.subject,
  })),
  { ...visit(4), participant: [{ individual: { reference: `RelatedPerson/${id(61)}` } }] } as Resource,
  { ...visit(5), participant: [{ individual: { reference: `RelatedPerson/${id(62)}` } }] } as Resource,
  {
    resourceType: 'MedicationRequest',
    id: id(51),
    status: 'active',
    intent: 'order',
    doNotPerform: true,
    medicationCodeableConcept: concept('urn:s', 'forbidden'),
    ...at(3),
    ...about,
  },
];

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  expect(await server.load(record)).toMatchObject({ refused: [] });
});
afterAll(() => server.close());

const get = async (path: string, scope: string) => server.get(await server.token(ANN, { scope }), path);
async function found(path: string, scope: string) {
  const answer = await get(path, scope);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  const ids = entry.map(
    ({ resource }: { resource: Resource }) => `${resource.resourceType}/${Number(resource.id?.slice(0, 8))}`,
  );
  return { total, ids: ids.toSorted() };
}

describe('Provenance of one variant of a stored type', () => {
  const scope = 'patient/DiagnosticOrder.rs patient/Provenance.rs';

  it('is visible with its variant, and that of other variants isn’t', async () => {
    expect((await found('/DiagnosticOrder', scope)).ids).toEqual(['DiagnosticOrder/31']);
    expect((await get('/ReferralRequest', scope)).statusCode).toBe(403);
    expect(await found('/Provenance', scope)).toEqual({ total: 2, ids: ['Provenance/41', 'Provenance/44'] });
    expect(await found('/Provenance?_summary=count', scope)).toEqual({ total: 2, ids: [] });
  });

  it('is limited in the same way in a read', async () => {
    expect((await get(`/Provenance/${id(41)}`, scope)).statusCode).toBe(200);
    expect((await get(`/Provenance/${id(42)}`, scope)).statusCode).toBe(404);
  });

  it('names the targets of that variant alone', async () => {
    const { target } = (await get(`/Provenance/${id(44)}`, scope)).json();
    expect(target).toEqual([{ reference: `DiagnosticOrder/${id(31)}` }]);
  });

  it.each([32, 33])('isn’t found by a target of another variant: %i', async (target) => {
    for (const path of [`/Provenance?target=ServiceRequest/${id(target)}`, `/Provenance?target=${id(target)}`])
      expect((await found(path, scope)).ids).toEqual([]);
  });

  it('is limited to that variant in $everything, too', async () => {
    const { ids } = await found('/Patient/$everything', scope);
    expect(ids).toEqual(['DiagnosticOrder/31', 'Provenance/41', 'Provenance/44']);
  });

  it('with a granular scope is about the matching resources of its variant', async () => {
    const granular = `patient/DiagnosticOrder.rs?code=urn:s|order-31,urn:s|order-32 patient/Provenance.rs`;
    expect((await found('/Provenance', granular)).ids).toEqual(['Provenance/41', 'Provenance/44']);
  });

  it('is complete if all variants are granted', async () => {
    const all = ['Provenance/41', 'Provenance/42', 'Provenance/43', 'Provenance/44'];
    const forms = ['DiagnosticOrder', 'ReferralRequest', 'ProcedureRequest', 'Provenance'];
    expect((await found('/Provenance', forms.map((one) => `patient/${one}.rs`).join(' '))).ids).toEqual(all);
    expect((await found('/Provenance', 'patient/ServiceRequest.rs patient/Provenance.rs')).ids).toEqual(all);
    expect((await found('/Provenance', 'patient/*.rs')).ids).toEqual(all);
  });
});

describe('a link between resources', () => {
  const scope = 'patient/DiagnosticOrder.rs patient/Encounter.rs';

  it.each([
    ['order-31', ['Encounter/1']],
    ['order-32', []],
    ['order-33', []],
    ['order-34', []],
  ])('by _has:DiagnosticOrder to %s, as displayed in DiagnosticOrder, finds %j', async (code, ids) => {
    const path = `/Encounter?_has:DiagnosticOrder:encounter:code=urn:s|${code}`;
    expect(await found(path, scope)).toEqual({ total: ids.length, ids });
    expect((await found(path, 'patient/*.rs')).ids).toEqual(ids);
  });

  it('in a chain only follows visible references', async () => {
    const path = '/Encounter?participant:RelatedPerson.gender=';
    expect(await found(`${path}male`, 'patient/*.rs')).toEqual({ total: 1, ids: ['Encounter/4'] });
    expect(await found(`${path}female`, 'patient/*.rs')).toEqual({ total: 0, ids: [] });
  });

  it('doesn’t lead to hidden resources', async () => {
    const path = '/Encounter?_has:MedicationOrder:encounter:code=urn:s|forbidden';
    expect(await found(path, 'patient/*.rs')).toEqual({ total: 0, ids: [] });
  });
});
