import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB] = [id(900), id(901)];
const about = (patient = ANN) => ({ subject: { reference: `Patient/${patient}` } });
const medication = (number: number, code: string): Resource => ({
  resourceType: 'Medication',
  id: id(number),
  code: concept('urn:s', code),
});
const taken = (type: string, number: number, what: number, changes: object = {}): Resource => ({
  resourceType: type,
  id: id(number),
  status: 'active',
  medicationReference: { reference: `Medication/${id(what)}` },
  identifier: [{ system: 'urn:n', value: `${number}` }],
  ...about(),
  ...changes,
});
const request = (number: number, what: number, changes: object = {}) =>
  taken('MedicationRequest', number, what, { intent: 'order', ...changes });
const carePlan = (number: number, changes: object = {}): Resource => ({
  resourceType: 'CarePlan',
  id: id(number),
  status: 'active',
  intent: 'plan',
  category: [concept('http://hl7.org/fhir/us/core/CodeSystem/careplan-category', 'assess-plan')],
  identifier: [{ system: 'urn:n', value: `${number}` }],
  ...about(),
  ...changes,
});
const team = (number: number, changes: object = {}): Resource => ({
  resourceType: 'CareTeam',
  id: id(number),
  status: 'active',
  participant: [{ member: { reference: `Patient/${ANN}` } }],
  identifier: [{ system: 'urn:n', value: `${number}` }],
  ...about(),
  ...changes,
});
const provenance = (number: number, ...targets: readonly string[]): Resource => ({
  resourceType: 'Provenance',
  id: id(number),
  target: targets.map((reference) => ({ reference })),
  recorded: '2021-01-01T00:00:00Z',
  agent: [{ who: { display: 'Dr.' } }],
});

const record: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, gender: 'female' },
  { resourceType: 'Patient', id: BOB, gender: 'male' },
  medication(1, 'taken'),
  medication(2, 'prescribed'),
  medication(3, 'forbidden'),
  taken('MedicationStatement', 11, 1, { effectiveDateTime: '2021-01-01' }),
  request(12, 2),
  request(13, 3, { doNotPerform: true }),
  carePlan(21),
  team(22),
  team(23, { status: 'entered-in-error' }),
  carePlan(24, { intent: 'option' }),
  team(25, about(BOB)),
  provenance(31, `CarePlan/${id(21)}`),
  provenance(32, `CareTeam/${id(22)}`),
  provenance(33, `MedicationRequest/${id(12)}`),
  provenance(34, `CarePlan/${id(21)}`, `CareTeam/${id(22)}`),
  provenance(35, `MedicationStatement/${id(11)}`),
];

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  expect(await server.load(record)).toMatchObject({ refused: [] });
});
afterAll(() => server.close());

interface Entry {
  readonly fullUrl: string;
  readonly resource: Resource & { readonly id: string; readonly code?: { readonly coding: { code: string }[] } };
}
const get = async (path: string, scope: string) => server.get(await server.token(ANN, { scope }), path);
async function search(path: string, scope: string): Promise<{ readonly total: number; readonly entry: Entry[] }> {
  const answer = await get(path, scope);
  expect(answer.statusCode, answer.body).toBe(200);
  const { total, entry = [] } = answer.json();
  return { total, entry };
}
/** Returns the codes of Medications, because their ids differ from record to record. */
const codesOf = (entry: readonly Entry[]) => entry.map(({ resource }) => resource.code?.coding[0]?.code).toSorted();
const alongOf = (entry: readonly Entry[], type: string) =>
  entry.filter(({ resource }) => resource.resourceType === type).map(({ resource }) => Number(resource.id.slice(0, 8)));

/**
 * FHIR DSTU2 has no `_has`, so R4 search §3.1.1.5.7 applies. A DSTU2 type name covers the resources of all stored types
 * that it is made from (docs/decisions/035).
 */
describe('_has by a type that is made from two stored ones', () => {
  const own = 'patient/MedicationStatement.rs patient/Medication.rs';
  const ordered = 'patient/MedicationRequest.rs patient/Medication.rs';
  const byStatus = '/Medication?_has:MedicationStatement:medication:status=active';

  it('searches both', async () => {
    const found = await search(byStatus, 'patient/*.rs');
    expect({ total: found.total, codes: codesOf(found.entry) }).toEqual({ total: 2, codes: ['prescribed', 'taken'] });
    expect((await search(`${byStatus}&_summary=count`, 'patient/*.rs')).total).toBe(2);
  });

  it.each([
    ['the first alone, if it alone is granted', own, ['taken']],
    ['the other alone, if it alone is granted', ordered, ['prescribed']],
    ['the part of each that a granular scope grants', `${own} patient/MedicationRequest.rs?status=stopped`, ['taken']],
  ])('searches %s', async (_what, scope, codes) => {
    const found = await search(byStatus, scope);
    expect({ total: found.total, codes: codesOf(found.entry) }).toEqual({ total: codes.length, codes });
    expect((await search(`${byStatus}&_summary=count`, scope)).total).toBe(codes.length);
  });

  it('is rejected if neither is granted', async () => {
    expect((await get(byStatus, 'patient/Medication.rs patient/MedicationDispense.rs')).statusCode).toBe(403);
  });

  it.each([
    ['identifier=urn:n|12', ['prescribed']],
    ['identifier=urn:n|11', ['taken']],
    ['identifier=urn:n|13', []],
    ['effectivedate=2021', ['taken']],
    ['effectivedate=lt2030', ['taken']],
    [`_id=medicationrequest-${id(12)}`, ['prescribed']],
    [`_id=${id(12)}`, []],
    [`_id=medicationrequest-${id(11)}`, []],
    [`_id=${id(11)},medicationrequest-${id(12)}`, ['prescribed', 'taken']],
  ])('by %s finds the references of a search of the type by it: %j', async (query, codes) => {
    const found = await search(`/Medication?_has:MedicationStatement:medication:${query}`, 'patient/*.rs');
    expect({ total: found.total, codes: codesOf(found.entry) }).toEqual({ total: codes.length, codes });
  });

  it.each([
    ['category=careteam', 'patient/*.rs', 1],
    ['category=careteam', 'patient/Patient.rs patient/CarePlan.rs', 0],
    ['category=careteam', 'patient/Patient.rs patient/CareTeam.rs', 1],
    ['category=assess-plan', 'patient/Patient.rs patient/CareTeam.rs', 0],
    [`_id=careteam-${id(22)}`, 'patient/*.rs', 1],
    [`_id=careteam-${id(22)}`, 'patient/Patient.rs patient/CarePlan.rs', 0],
    [`_id=careteam-${id(23)}`, 'patient/*.rs', 0],
    [`_id=careteam-${id(25)}`, 'patient/*.rs', 0],
    ['identifier=urn:n|22', 'patient/*.rs', 1],
    ['identifier=urn:n|22', 'patient/Patient.rs patient/CarePlan.rs', 0],
    ['identifier=urn:n|23', 'patient/*.rs', 0],
    ['identifier=urn:n|24', 'patient/*.rs', 0],
    ['identifier=urn:n|25', 'patient/*.rs', 0],
  ])('CarePlan, by %s under %s, finds %i patients', async (query, scope, total) => {
    for (const parameter of ['patient', 'subject'])
      expect((await search(`/Patient?_has:CarePlan:${parameter}:${query}`, scope)).total).toBe(total);
  });

  it('rejects a parameter that neither has', async () => {
    const answer = await get('/Medication?_has:MedicationStatement:medication:colour=red', 'patient/*.rs');
    expect(answer.statusCode).toBe(400);
  });
});

/** US Core, the successor of Argonaut, has `_revinclude=Provenance:target`. */
describe('the Provenance of matches', () => {
  it.each([
    ['/CarePlan', 'patient/*.rs', [31, 32, 34]],
    [`/CarePlan?_id=careteam-${id(22)}`, 'patient/*.rs', [32, 34]],
    [`/CarePlan?_id=${id(21)}`, 'patient/*.rs', [31, 34]],
    ['/CarePlan', 'patient/CareTeam.rs patient/Provenance.rs', [32, 34]],
    ['/CarePlan', 'patient/CarePlan.rs patient/Provenance.rs', [31, 34]],
    ['/CarePlan', 'patient/CarePlan.rs patient/CareTeam.rs', []],
    ['/MedicationOrder', 'patient/*.rs', [33]],
    ['/MedicationStatement', 'patient/*.rs', [33, 35]],
    [`/MedicationStatement?_id=medicationrequest-${id(12)}`, 'patient/*.rs', [33]],
    ['/MedicationStatement', 'patient/MedicationStatement.rs patient/Provenance.rs', [35]],
    ['/MedicationStatement', 'patient/MedicationRequest.rs patient/Provenance.rs', [33]],
  ])('of %s under %s is included: %j', async (path, scope, numbers) => {
    const { entry } = await search(`${path}${path.includes('?') ? '&' : '?'}_revinclude=Provenance:target`, scope);
    expect(alongOf(entry, 'Provenance').toSorted()).toEqual(numbers);
  });

  it('names no target beyond the scope', async () => {
    const { entry } = await search(
      '/CarePlan?_revinclude=Provenance:target',
      'patient/CareTeam.rs patient/Provenance.rs',
    );
    const text = JSON.stringify(entry);
    expect(text).toContain(`CarePlan/careteam-${id(22)}`);
    expect(text).not.toContain(id(21));
  });

  it('leads back to its targets, each in the variant that it names', async () => {
    const { entry } = await search('/Provenance?_include=Provenance:target', 'patient/*.rs');
    const along = entry.filter(({ resource }) => resource.resourceType !== 'Provenance').map(({ fullUrl }) => fullUrl);
    expect(along.toSorted()).toEqual(
      [
        `CarePlan/${id(21)}`,
        `CarePlan/careteam-${id(22)}`,
        `MedicationOrder/${id(12)}`,
        `MedicationStatement/${id(11)}`,
      ].map((name) => `${BASE}/${name}`),
    );
  });

  it.each([
    [`CarePlan/careteam-${id(22)}`, 'patient/*.rs', [32, 34]],
    [`${BASE}/CarePlan/careteam-${id(22)}`, 'patient/*.rs', [32, 34]],
    [`CarePlan/careteam-${id(22)}`, 'patient/CarePlan.rs patient/Provenance.rs', []],
    [`CarePlan/${id(22)}`, 'patient/*.rs', []],
    [`CarePlan/${id(21)}`, 'patient/CareTeam.rs patient/Provenance.rs', []],
    [id(21), 'patient/CareTeam.rs patient/Provenance.rs', []],
    [`MedicationOrder/${id(12)}`, 'patient/*.rs', [33]],
  ])('is found by its target %s under %s: %j', async (target, scope, numbers) => {
    const { entry, total } = await search(`/Provenance?target=${target}`, scope);
    expect({ total, along: alongOf(entry, 'Provenance').toSorted() }).toEqual({
      total: numbers.length,
      along: numbers,
    });
  });

  it('is searched by its visible targets', async () => {
    const recorded = '_has:Provenance:target:_lastUpdated=ge2000';
    expect((await search(`/CarePlan?${recorded}`, 'patient/*.rs')).total).toBe(2);
    expect((await search(`/CarePlan?${recorded}`, 'patient/CareTeam.rs patient/Provenance.rs')).total).toBe(1);
    expect((await get(`/CarePlan?${recorded}`, 'patient/CareTeam.rs')).statusCode).toBe(403);
    const other = `_has:Provenance:target:target=CarePlan/${id(21)}`;
    expect((await search(`/CarePlan?${other}`, 'patient/*.rs')).total).toBe(2);
    expect((await search(`/CarePlan?${other}`, 'patient/CareTeam.rs patient/Provenance.rs')).total).toBe(0);
  });
});

it('is declared in Conformance for the types of the record', async () => {
  const { rest } = (await server.get(undefined, '/metadata')).json();
  const types: { type: string; searchRevInclude?: string[] }[] = rest[0].resource;
  const typesWithProvenance = types.filter(({ searchRevInclude = [] }) =>
    searchRevInclude.includes('Provenance:target'),
  );
  expect(typesWithProvenance.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['Patient', 'CarePlan', 'MedicationStatement', 'MedicationOrder', 'DiagnosticOrder']),
  );
  expect(typesWithProvenance.map(({ type }) => type)).not.toContain('Practitioner');
});
