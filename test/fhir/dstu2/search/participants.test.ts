import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { refreshIndex } from '../../../../src/fhir/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { markIndexAsEarlierRelease } from '../../../support/database/earlier-release.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import type { Node } from '../fixtures/convert.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const to = (type: string, number: number) => ({ reference: `${type}/${id(number)}` });
const about = { subject: { reference: `Patient/${ANN}` } };
const [DOCTOR, NURSE, CLERK, ROLE, CLINIC, MOTHER] = [1, 2, 3, 4, 5, 6];

const person = (number: number, family: string): Resource => ({
  resourceType: 'Practitioner',
  id: id(number),
  name: [{ family }],
});
const team = (number: number, changes: object): Resource => ({
  resourceType: 'CareTeam',
  id: id(number),
  status: 'active',
  ...about,
  ...changes,
});
const plan = (number: number, changes: object = {}): Resource => ({
  resourceType: 'CarePlan',
  id: id(number),
  status: 'active',
  intent: 'plan',
  ...about,
  ...changes,
});
const performer = (number: number, code?: string, type = 'Practitioner') => ({
  ...(code === undefined ? {} : { function: concept('http://terminology.hl7.org/CodeSystem/v2-0443', code) }),
  actor: to(type, number),
});
const vaccination = (number: number, ...by: readonly object[]): Resource => ({
  resourceType: 'Immunization',
  id: id(number),
  status: 'completed',
  vaccineCode: concept('http://hl7.org/fhir/sid/cvx', '140'),
  patient: { reference: `Patient/${ANN}` },
  occurrenceDateTime: '2021-01-01',
  performer: by,
});
const panel = (number: number, changes: object = {}): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: concept('urn:s', `o${number}`),
  ...about,
  ...changes,
});

const record: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, gender: 'female' },
  ...[person(DOCTOR, 'Doctor'), person(NURSE, 'Nurse'), person(CLERK, 'Clerk')],
  { resourceType: 'PractitionerRole', id: id(ROLE), practitioner: to('Practitioner', NURSE) },
  { resourceType: 'Organization', id: id(CLINIC), active: true, name: 'Clinic' },
  { resourceType: 'RelatedPerson', id: id(MOTHER), active: true, patient: { reference: `Patient/${ANN}` } },
  team(20, { participant: [{ member: to('Practitioner', DOCTOR) }, { member: to('RelatedPerson', MOTHER) }] }),
  team(21, {
    participant: [{ member: to('PractitionerRole', ROLE) }],
    managingOrganization: [to('Organization', CLINIC)],
  }),
  team(22, {}),
  team(23, { status: 'entered-in-error', participant: [{ member: to('Practitioner', DOCTOR) }] }),
  plan(30, { careTeam: [to('CareTeam', 20)], author: to('Practitioner', DOCTOR) }),
  plan(31, { basedOn: [to('CarePlan', 30)] }),
  plan(32, { replaces: [to('CarePlan', 30)], status: 'completed' }),
  vaccination(40, performer(DOCTOR, 'OP'), performer(NURSE, 'AP')),
  vaccination(41, performer(DOCTOR)),
  vaccination(42, performer(ROLE, 'AP', 'PractitionerRole'), performer(ROLE, 'OP', 'PractitionerRole')),
  vaccination(43, performer(CLERK, 'EP')),
  vaccination(44, { function: { text: 'stood by' }, actor: to('Practitioner', CLERK) }),
  panel(50, { hasMember: [to('Observation', 51)] }),
  panel(51),
  panel(52, { derivedFrom: [to('Observation', 51)] }),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  expect(await server.load(record)).toMatchObject({ refused: [] });
  token = await server.token(ANN, { scope: 'patient/*.rs' });
});
afterAll(() => server.close());

async function found(path: string, mode = 'match'): Promise<readonly string[]> {
  const answer = await server.get(token, path, { prefer: 'handling=strict' });
  expect(answer.statusCode, answer.body).toBe(200);
  const { entry = [], total } = answer.json() as {
    total: number;
    entry?: { resource: Node; search: { mode: string } }[];
  };
  const own = entry.filter(({ search }) => search.mode === mode).map(({ resource }) => String(resource['id']));
  if (mode === 'match') expect(total, path).toBe(own.length);
  return own.map((one) => one.replace(/0{4,}(\d+)-0000-.*/, '$1')).toSorted();
}

/** FHIR DSTU2, CarePlan, search parameter participant: `CarePlan.participant.member`. */
describe('CarePlan?participant', () => {
  it.each([
    [`participant=Practitioner/${id(DOCTOR)}`, ['careteam-20']],
    [`participant=${id(DOCTOR)}`, ['careteam-20']],
    [`participant:Practitioner=${id(DOCTOR)}`, ['careteam-20']],
    [`participant=RelatedPerson/${id(MOTHER)}`, ['careteam-20']],
    [`participant=Practitioner/${id(NURSE)}`, ['careteam-21']],
    [`participant=Organization/${id(CLINIC)}`, ['careteam-21']],
    [`participant=Practitioner/${id(DOCTOR)},Organization/${id(CLINIC)}`, ['careteam-20', 'careteam-21']],
    [`participant=Practitioner/${id(CLERK)}`, []],
    [`participant=Practitioner/${id(DOCTOR)}&category=careteam`, ['careteam-20']],
    [`participant=Practitioner/${id(DOCTOR)}&category=assess-plan`, []],
    ['participant:missing=true', ['30', '31', '32', 'careteam-22']],
    ['participant:missing=false', ['careteam-20', 'careteam-21']],
    ['participant:Practitioner.family=nurse', ['careteam-21']],
    ['participant.name=clinic', ['careteam-21']],
  ])('%s finds %j', async (query, expected) => {
    expect(await found(`/CarePlan?${query}`)).toEqual(expected);
  });

  it('only matches visible participants', async () => {
    const answer = await server.get(token, '/CarePlan?_count=100');
    const shown = (answer.json().entry as { resource: Node }[]).map(({ resource }) => resource);
    for (const [type, number] of [
      ['Practitioner', DOCTOR],
      ['Practitioner', NURSE],
      ['Organization', CLINIC],
      ['RelatedPerson', MOTHER],
    ] as const) {
      const { reference } = to(type, number);
      const having = shown.filter(({ participant }) => JSON.stringify(participant ?? []).includes(`"${reference}"`));
      expect(await found(`/CarePlan?participant=${reference}`)).toHaveLength(having.length);
      expect(having).toHaveLength(1);
    }
  });

  it('is followed in both directions', async () => {
    expect(await found('/CarePlan?category=careteam&_include=CarePlan:participant', 'include')).toEqual(
      [DOCTOR, NURSE, CLINIC, MOTHER].map(String),
    );
    expect(await found(`/RelatedPerson?_revinclude=CarePlan:participant`, 'include')).toEqual(['careteam-20']);
    expect(await found(`/Organization?_revinclude=CarePlan:participant`, 'include')).toEqual(['careteam-21']);
    expect(await found('/RelatedPerson?_has:CarePlan:participant:status=active')).toHaveLength(1);
    expect(await found('/RelatedPerson?_has:CarePlan:participant:status=completed')).toEqual([]);
  });
});

/** FHIR DSTU2, Immunization: `performer` and `requester` are separate elements; in R4 both are performers. */
describe('the performer and the requester of an immunization', () => {
  it.each([
    [`performer=Practitioner/${id(DOCTOR)}`, ['41']],
    [`performer=Practitioner/${id(NURSE)}`, ['40', '42']],
    [`requester=Practitioner/${id(DOCTOR)}`, ['40']],
    [`requester=Practitioner/${id(NURSE)}`, ['42']],
    [`performer=Practitioner/${id(CLERK)}`, []],
    [`requester=Practitioner/${id(CLERK)}`, []],
    [`performer=${id(DOCTOR)}`, ['41']],
    ['performer:Practitioner.family=nurse', ['40', '42']],
    ['requester:Practitioner.family=nurse', ['42']],
  ])('Immunization?%s finds %j', async (query, expected) => {
    expect(await found(`/Immunization?${query}`)).toEqual(expected);
  });

  it('are included by their element', async () => {
    const along = (parameter: string) =>
      found(`/Immunization?_id=${id(40)}&_include=Immunization:${parameter}`, 'include');
    expect({ performer: await along('performer'), requester: await along('requester') }).toEqual({
      performer: ['2'],
      requester: ['1'],
    });
    const led = (parameter: string) =>
      found(`/Practitioner?_id=${id(DOCTOR)}&_revinclude=Immunization:${parameter}`, 'include');
    expect({ performer: await led('performer'), requester: await led('requester') }).toEqual({
      performer: ['41'],
      requester: ['40'],
    });
  });

  it('are searchable from the start after an index upgrade', async () => {
    const rows =
      "update resource set codes = '{}', flags = '{}', indexed_by = 3 where type in ('Immunization', 'CareTeam')";
    await server.db.queryText(rows, []);
    await markIndexAsEarlierRelease(server.db);
    await refreshIndex(server.db);
    expect(await found(`/Immunization?requester=Practitioner/${id(DOCTOR)}`)).toEqual(['40']);
    expect(await found(`/CarePlan?participant=Organization/${id(CLINIC)}`)).toEqual(['careteam-21']);
  });
});

/** Some DSTU2 elements correspond to two R4 elements. A search by such an element finds the targets of both. */
describe('a reference that is searched in two indexes', () => {
  it.each([
    [`/CarePlan?relatedplan=CarePlan/${id(30)}`, ['31', '32']],
    ['/CarePlan?relatedplan:CarePlan.status=active', ['31', '32']],
    ['/CarePlan?_has:CarePlan:relatedplan:status=completed', ['30']],
    ['/CarePlan?_has:CarePlan:relatedplan:status=active', ['30']],
    [`/Observation?related-target=Observation/${id(51)}`, ['50', '52']],
    ['/Observation?related-target:Observation.code=o51', ['50', '52']],
    ['/Observation?_has:Observation:related-target:code=o50', ['51']],
    ['/Observation?_has:Observation:related-target:code=o52', ['51']],
  ])('%s finds %j', async (path, expected) => {
    expect(await found(path)).toEqual(expected);
  });

  it.each([
    [`/CarePlan?_id=${id(30)}&_revinclude=CarePlan:relatedplan`, ['31', '32']],
    [`/Observation?_id=${id(51)}&_revinclude=Observation:related-target`, ['50', '52']],
  ])('%s includes %j', async (path, expected) => {
    expect(await found(path, 'include')).toEqual(expected);
  });
});
