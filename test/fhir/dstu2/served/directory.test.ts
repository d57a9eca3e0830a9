import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import type { Node } from '../fixtures/convert.ts';
import { concept, observation, request } from '../fixtures/small-resources.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const idOf = (kind: number, number: number): string =>
  `0000000${kind}-0000-4000-8000-${String(number).padStart(12, '0')}`;
const DOCTOR = idOf(1, 1);
const NURSE = idOf(1, 2);
const MIDWIFE = idOf(1, 3);
const ELSEWHERE = idOf(1, 4);
const CLINIC = idOf(2, 1);
const WARD = idOf(3, 1);
const HEART = concept('http://nucc.org/provider-taxonomy', '207RC0000X');
const SKIN = concept('http://nucc.org/provider-taxonomy', '207N00000X');

const to = (type: string, id: string, more: object = {}) => ({ reference: `${type}/${id}`, ...more });
const person = (id: string, family: string, more: object = {}): Resource => ({
  resourceType: 'Practitioner',
  id,
  name: [{ family, given: ['Kim'] }],
  identifier: [{ system: 'http://hl7.org/fhir/sid/us-npi', value: id.slice(-4) }],
  address: [{ use: 'work', city: 'Springfield', state: 'MA' }],
  gender: 'female',
  ...more,
});
const role = (number: number, practitioner: string | undefined, more: object = {}): Resource => ({
  resourceType: 'PractitionerRole',
  id: idOf(4, number),
  ...(practitioner === undefined ? {} : { practitioner: to('Practitioner', practitioner) }),
  ...more,
});
const directory: readonly Resource[] = [
  person(DOCTOR, 'Doctor'),
  person(NURSE, 'Nurse', { address: [{ use: 'work', city: 'Boston' }] }),
  person(MIDWIFE, 'Midwife'),
  {
    resourceType: 'Organization',
    id: CLINIC,
    active: true,
    name: 'Clinic',
    identifier: [{ system: 'urn:clinics', value: '7' }],
    address: [{ city: 'Boston' }],
  },
  { resourceType: 'Organization', id: idOf(2, 2), active: true, name: 'Annex', partOf: to('Organization', CLINIC) },
  {
    resourceType: 'Location',
    id: WARD,
    status: 'active',
    mode: 'instance',
    name: 'Ward',
    managingOrganization: to('Organization', CLINIC),
  },
  { resourceType: 'Location', id: idOf(3, 2), status: 'suspended', mode: 'instance', name: 'Old ward' },
  { resourceType: 'Location', id: idOf(3, 3), status: 'haunted', mode: 'instance', name: 'Ward of a status' },
  { resourceType: 'Location', id: idOf(3, 4), status: 'active', mode: 'dream', name: 'Ward of a mode' },
  { resourceType: 'Organization', id: idOf(2, 3), active: 'perhaps', name: 'Clinic perhaps' },
  role(1, DOCTOR, {
    active: true,
    code: [concept('urn:roles', 'doctor')],
    specialty: [HEART],
    organization: to('Organization', CLINIC),
    location: [to('Location', WARD)],
  }),
  role(2, DOCTOR, { active: false, specialty: [SKIN] }),
  role(3, NURSE, { specialty: [SKIN], modifierExtension: [{ url: 'urn:not-what-it-seems', valueBoolean: true }] }),
  role(4, undefined, { active: true, organization: to('Organization', CLINIC) }),
];

const seen = (number: number, performer: object, more: object = {}): Resource =>
  observation({ id: idOf(5, number), subject: to('Patient', ANN), performer: [performer], ...more });
const record: readonly Resource[] = [
  seen(1, to('Practitioner', DOCTOR)),
  seen(2, to('PractitionerRole', idOf(4, 1))),
  seen(3, to('PractitionerRole', idOf(4, 2), { display: 'Dr. Doctor' })),
  seen(4, to('PractitionerRole', idOf(4, 3), { display: 'Nurse' })),
  seen(5, to('PractitionerRole', idOf(4, 4), { display: 'Somebody of the clinic' })),
  seen(6, to('PractitionerRole', idOf(4, 4))),
  seen(7, to('PractitionerRole', idOf(4, 50), { display: 'Of the other practice' })),
  request({
    id: idOf(6, 1),
    subject: to('Patient', ANN),
    requester: to('PractitionerRole', idOf(4, 1)),
    authoredOn: '2020-01-01',
  }),
  {
    resourceType: 'Encounter',
    id: idOf(7, 1),
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' },
    subject: to('Patient', ANN),
    location: [{ location: to('Location', WARD) }],
    participant: [{ individual: to('PractitionerRole', idOf(4, 1)) }],
  },
  observation({ id: idOf(5, 80), subject: to('Patient', BOB), performer: [to('Practitioner', DOCTOR)] }),
];

let server: FhirServer;
let all: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  const people = [ANN, BOB].map((id) => ({ resourceType: 'Patient', id, gender: 'female' }));
  expect(await server.load([...directory, ...people, ...record])).toMatchObject({ refused: [] });
  const other = { resourceType: 'Patient', id: idOf(9, 1), gender: 'male' };
  // The other practice has a Practitioner with the same id, in another role.
  const theirs = [person(ELSEWHERE, 'Elsewhere'), person(DOCTOR, 'Doctor'), role(50, DOCTOR, { specialty: [SKIN] })];
  expect(await server.load([...theirs, other], { practiceId: 2 })).toMatchObject({ refused: [] });
  all = await server.token(ANN, { scope: 'patient/*.read' });
});
afterAll(() => server.close());

interface Answer {
  readonly total?: number;
  readonly entry?: readonly {
    readonly fullUrl: string;
    readonly resource: Node;
    readonly search: { readonly mode: string };
  }[];
}
const search = async (path: string, token = all): Promise<Answer> => {
  const response = await server.get(token, path);
  expect(response.statusCode, `${path} ${response.body}`).toBe(200);
  return response.json();
};
const read = async (path: string, token = all) => {
  const answer = await server.get(token, path);
  return { status: answer.statusCode, resource: answer.json() as Node, headers: answer.headers };
};
const namesOf = ({ entry = [] }: Answer, mode = 'match'): readonly string[] =>
  entry
    .filter((one) => one.search.mode === mode)
    .map(({ fullUrl }) => fullUrl.slice(BASE.length + 1))
    .toSorted();
const people = (...ids: readonly string[]) => ids.map((id) => `Practitioner/${id}`).toSorted();

describe('the directory in DSTU2', () => {
  it('has a Practitioner with the roles that are active and have no unknown modifier', async () => {
    const { resource, headers } = await read(`/Practitioner/${DOCTOR}`);
    expect(resource).toMatchObject({
      resourceType: 'Practitioner',
      name: { family: ['Doctor'], given: ['Kim'] },
      practitionerRole: [
        {
          managingOrganization: { reference: `Organization/${CLINIC}` },
          specialty: [HEART],
          location: [{ reference: `Location/${WARD}` }],
        },
      ],
    });
    expect(resource['practitionerRole']).toHaveLength(1);
    expect((await read(`/Practitioner/${NURSE}`)).resource).not.toHaveProperty('practitionerRole');
    // A role can be added or removed without a new version of the Practitioner. So an ETag with the version alone must
    // not lead to 304.
    expect(
      (await server.get(all, `/Practitioner/${DOCTOR}`, { 'if-none-match': `${headers['etag']}` })).statusCode,
    ).toBe(200);
  });

  it.each([
    ['Practitioner', 3],
    ['Practitioner?name=doc', 1],
    ['Practitioner?family=nurse', 1],
    ['Practitioner?given=kim', 3],
    ['Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|0001', 1],
    ['Practitioner?address-city=springfield', 2],
    ['Practitioner?address=boston', 1],
    ['Practitioner?gender=female', 3],
    ['Practitioner?role=urn:roles|doctor', 1],
    ['Practitioner?specialty=207RC0000X', 1],
    ['Practitioner?specialty=207N00000X', 0],
    ['Practitioner?specialty=207RC0000X,207N00000X', 1],
    [`Practitioner?organization=${CLINIC}`, 1],
    [`Practitioner?organization=Organization/${CLINIC}&specialty=207N00000X`, 0],
    [`Practitioner?location=Location/${WARD}`, 1],
    [`Practitioner?_id=${DOCTOR},${ELSEWHERE}`, 1],
    ['Organization', 2],
    ['Organization?name=cli', 1],
    ['Organization?identifier=urn:clinics|7', 1],
    ['Organization?address-city=boston', 1],
    [`Organization?partof=${CLINIC}`, 1],
    ['Location?name=ward', 1],
    ['Location?status=active', 1],
    ['Location?status=suspended', 1],
    [`Location?organization=${CLINIC}`, 1],
    ['Location?organization.name=clinic', 1],
  ])('%s finds %i, as its total says', async (path, total) => {
    const found = await search(`/${path}`);
    expect(found.total).toBe(total);
    expect(namesOf(found)).toHaveLength(total);
    const counting = await search(`/${path}${path.includes('?') ? '&' : '?'}_summary=count`);
    expect(counting.total).toBe(total);
  });

  it('hides by a named rule what DSTU2 can’t express', async () => {
    for (const path of [`/Location/${idOf(3, 3)}`, `/Location/${idOf(3, 4)}`, `/Organization/${idOf(2, 3)}`])
      expect((await read(path)).status, path).toBe(404);
    expect((await search('/Location')).total).toBe(2);
    const rows = await server.db.queryText<object>(
      'select type, hidden_by from shared_projection where content is null order by type, hidden_by',
      [],
    );
    expect(rows).toEqual([
      { type: 'Location', hidden_by: 'mode-not-understood' },
      { type: 'Location', hidden_by: 'status-not-understood' },
      { type: 'Organization', hidden_by: 'active-not-understood' },
    ]);
  });

  it('rejects unsupported requests with an explanation', async () => {
    for (const path of [
      'Practitioner?specialty:not=x',
      'Practitioner?organization.name=x',
      'Practitioner?role:missing=true',
    ]) {
      const answer = await server.get(all, `/${path}`);
      expect(answer.statusCode, path).toBe(400);
      expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
    }
  });

  it('is limited to the practices of the token, and authorized by its DSTU2 type names', async () => {
    expect((await read(`/Practitioner/${ELSEWHERE}`)).status).toBe(404);
    const staff = await server.token(ANN, { scope: 'user/*.read', practices: [1, 2], record: false });
    expect(namesOf(await search('/Practitioner', staff))).toEqual(people(DOCTOR, DOCTOR, NURSE, MIDWIFE, ELSEWHERE));
    const { total, entry = [] } = await search('/Practitioner?specialty=207N00000X', staff);
    expect({ total, entry: entry.map(({ resource }) => resource['practitionerRole']) }).toEqual({
      total: 1,
      entry: [[{ specialty: [SKIN] }]],
    });
    // The patient is unknown, so the search covers no practice.
    const nobody = await search(`/Practitioner?patient=${idOf(8, 8)}&specialty=207RC0000X`, staff);
    expect(nobody.total).toBe(0);
    const observations = await server.token(ANN, { scope: 'patient/Observation.read' });
    for (const path of ['/Practitioner', `/Practitioner/${DOCTOR}`, '/Organization', '/Location'])
      expect((await server.get(observations, path)).statusCode).toBe(403);
    const practitioners = await server.token(ANN, { scope: 'patient/Practitioner.read' });
    expect((await search('/Practitioner', practitioners)).total).toBe(3);
    expect((await server.get(practitioners, '/Organization')).statusCode).toBe(403);
  });

  it('has no PractitionerRole, and no granular scope can search for parameters of another type', async () => {
    expect((await read('/PractitionerRole')).status).toBe(404);
    const narrow = await server.token(ANN, { scope: 'patient/Practitioner.rs?specialty=207RC0000X' });
    expect((await search('/Practitioner', narrow)).total).toBe(0);
  });
});

describe('DSTU2 references to people by their roles', () => {
  const performerOf = async (number: number) =>
    ((await read(`/Observation/${idOf(5, number)}`)).resource['performer'] as Node[] | undefined)?.[0];

  it('lead to the role’s current or former Practitioner', async () => {
    expect(await performerOf(2)).toEqual({ reference: `Practitioner/${DOCTOR}` });
    expect(await performerOf(3)).toEqual({ reference: `Practitioner/${DOCTOR}`, display: 'Dr. Doctor' });
  });

  it('have only a display if the role has no Practitioner or an unknown modifier', async () => {
    expect(await performerOf(4)).toEqual({ display: 'Nurse' });
    expect(await performerOf(5)).toEqual({ display: 'Somebody of the clinic' });
    expect(await performerOf(6)).toBeUndefined();
    expect(await performerOf(7)).toEqual({ display: 'Of the other practice' });
  });

  it('are searched as they are displayed', async () => {
    const by = async (query: string) => namesOf(await search(`/Observation?${query}`));
    const shown = [1, 2, 3].map((number) => `Observation/${idOf(5, number)}`);
    expect(await by(`performer=Practitioner/${DOCTOR}`)).toEqual(shown);
    expect(await by(`performer=${DOCTOR}`)).toEqual(shown);
    expect(await by(`performer:Practitioner=${DOCTOR}`)).toEqual(shown);
    expect(await by(`performer=Practitioner/${NURSE}`)).toEqual([]);
    expect(await by('performer:Practitioner.family=doctor')).toEqual(shown);
    expect(await by('performer.name=doctor')).toEqual(shown);
    expect(await by('performer:Practitioner.specialty=207RC0000X')).toEqual(shown);
    expect(await by('performer:Practitioner.specialty=207N00000X')).toEqual([]);
    expect((await search(`/Observation?performer=${DOCTOR}&_summary=count`)).total).toBe(3);
    // A search by a displayed reference needs no access to its target. A chain into the target does.
    const observations = await server.token(ANN, { scope: 'patient/Observation.read' });
    expect((await search(`/Observation?performer=Practitioner/${DOCTOR}`, observations)).total).toBe(3);
    for (const chain of ['performer:Practitioner.family=doctor', 'performer.name=doctor'])
      expect((await server.get(observations, `/Observation?${chain}`)).statusCode).toBe(403);
    const clinics = await server.token(ANN, { scope: 'patient/Observation.read patient/Organization.read' });
    expect((await search('/Observation?performer.name=doctor', clinics)).total).toBe(0);
  });

  it('are followed by _include, and by _revinclude in reverse', async () => {
    const along = async (path: string, token = all) => namesOf(await search(path, token), 'include');
    expect(await along('/MedicationOrder?_include=MedicationOrder:prescriber')).toEqual(people(DOCTOR));
    expect(await along('/Encounter?_include=Encounter:location')).toEqual([`Location/${WARD}`]);
    expect(await along('/Encounter?_include=Encounter:practitioner&_include=Encounter:location')).toEqual([
      `Location/${WARD}`,
      ...people(DOCTOR),
    ]);
    expect(
      await along('/MedicationOrder?_include=MedicationOrder:prescriber&_include:iterate=Practitioner:organization'),
    ).toEqual([`Organization/${CLINIC}`, ...people(DOCTOR)]);
    expect(await along('/Observation?_include=Observation:performer')).toEqual(people(DOCTOR));
    expect(await along(`/Practitioner?_id=${DOCTOR}&_revinclude=MedicationOrder:prescriber`)).toEqual([
      `MedicationOrder/${idOf(6, 1)}`,
    ]);
    expect(await along(`/Organization?_id=${CLINIC}&_revinclude=Practitioner:organization`)).toEqual(people(DOCTOR));
    const orders = await server.token(ANN, { scope: 'patient/MedicationOrder.read' });
    expect(await along('/MedicationOrder?_include=MedicationOrder:prescriber', orders)).toEqual([]);
  });

  it('don’t reveal another patient of the same Practitioner', async () => {
    const found = await search(`/Practitioner?_id=${DOCTOR}&_revinclude=Observation:performer`);
    expect(namesOf(found, 'include')).not.toContain(`Observation/${idOf(5, 80)}`);
  });
});
