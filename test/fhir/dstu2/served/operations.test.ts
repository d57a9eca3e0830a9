import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/index.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { structureErrors } from '../definitions/check-structure.ts';
import { readStructures, readValueSets } from '../definitions/definitions.ts';
import type { Node } from '../fixtures/convert.ts';
import { concept, request } from '../fixtures/small-resources.ts';

const isThere = SHARED_DATA !== undefined;
const [structures, expand] = isThere ? [readStructures(), readValueSets()] : [new Map(), () => undefined];
/** Returns the structural problems of a resource. Without the published definitions it finds none. */
const structureProblems = (resource: Node) => (isThere ? structureErrors(resource, structures, expand) : []);

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const [ANN, BOB, DOCTOR, CLINIC, STRANGER] = [id(901), id(902), id(801), id(802), id(803)];
const about = (patient: string) => ({ subject: { reference: `Patient/${patient}` } });
const of = (resourceType: string, number: number, more: object, patient = ANN): Resource => ({
  resourceType,
  id: id(number),
  ...about(patient),
  ...more,
});
const order = (number: number, category: string, more: object = {}) =>
  of('ServiceRequest', number, {
    status: 'active',
    intent: 'order',
    category: [concept('http://snomed.info/sct', category)],
    code: { text: 'x' },
    authoredOn: '2021-06-01',
    ...more,
  });
const observation = (number: number, more: object = {}, patient = ANN) =>
  of('Observation', number, { status: 'final', code: { text: 'Weight' }, ...more }, patient);
const document = (number: number, more: object, patient = ANN) =>
  of(
    'DocumentReference',
    number,
    {
      status: 'current',
      type: concept('http://loinc.org', '34133-9'),
      date: '2021-06-01T00:00:00Z',
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(`text ${number}`).toString('base64') } }],
      ...more,
    },
    patient,
  );
const LABORATORY = concept('http://terminology.hl7.org/CodeSystem/observation-category', 'laboratory');

let server: FhirServer;
let ann: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  const people = [ANN, BOB].map((one) => ({ resourceType: 'Patient', id: one, gender: 'female' }));
  const { refused } = await server.load([
    ...people,
    { resourceType: 'Organization', id: CLINIC, name: 'Clinic' },
    { resourceType: 'Practitioner', id: DOCTOR, name: [{ family: 'Doctor' }] },
    { resourceType: 'Practitioner', id: STRANGER, name: [{ family: 'Stranger' }] },
    {
      resourceType: 'PractitionerRole',
      id: id(804),
      practitioner: { reference: `Practitioner/${DOCTOR}` },
      organization: { reference: `Organization/${CLINIC}` },
    },
    observation(1, { effectiveDateTime: '2020-05-01', category: [LABORATORY] }),
    observation(2, { effectiveDateTime: '2021-05-01' }),
    // DSTU2 hides this Observation, because its focus isn't its subject.
    observation(3, { focus: [{ reference: `Patient/${BOB}` }] }),
    of('CarePlan', 10, { status: 'active', intent: 'plan', period: { start: '2021-01-01' } }),
    of('CarePlan', 11, { status: 'active', intent: 'option' }),
    of('CareTeam', 10, { status: 'active', participant: [{ member: { display: 'Ann' } }] }),
    of('MedicationStatement', 20, { status: 'active', medicationCodeableConcept: { text: 'Aspirin' } }),
    { ...request({ id: id(21), ...about(ANN), authoredOn: '2021-02-01' }) },
    { ...request({ id: id(22), ...about(ANN), status: 'cancelled', authoredOn: '2021-02-01' }) },
    { ...request({ id: id(23), ...about(ANN), doNotPerform: true }) },
    order(31, '108252007'),
    order(32, '3457005'),
    order(33, '387713003'),
    order(34, '387713003', { intent: 'plan' }),
    document(40, { context: { period: { start: '2020-05-01', end: '2020-05-03' } } }),
    document(41, { type: concept('http://loinc.org', '11506-3') }),
    document(42, { status: 'superseded' }),
    observation(90, { performer: [{ reference: `PractitionerRole/${id(804)}` }] }, BOB),
    document(91, {}, BOB),
    of('CareTeam', 92, { status: 'active' }, BOB),
  ]);
  expect(refused).toEqual([]);
  ann = await server.token(ANN);
});
afterAll(() => server.close());

interface Entry {
  readonly fullUrl: string;
  readonly resource: Node & { readonly resourceType: string; readonly id: string };
  readonly search: { readonly mode: string };
}
interface Bundle extends Node {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry?: readonly Entry[];
}
async function ask(path: string, token = ann): Promise<Bundle> {
  const answer = await server.get(token, path);
  expect({ status: answer.statusCode, error: answer.statusCode === 200 ? '' : answer.body }).toEqual({
    status: 200,
    error: '',
  });
  return answer.json();
}
const short = ({ resource }: Entry) =>
  `${resource.resourceType}/${resource.id.replace(/(\d{8})-.*$/, (_, n) => `${Number(n)}`)}`;
const names = ({ entry = [] }: Bundle) => entry.map(short).toSorted();

/** The resources of Ann's record that DSTU2 has, by their DSTU2 names. */
const RECORD = [
  'CarePlan/10',
  'CarePlan/careteam-10',
  'DiagnosticOrder/31',
  'DocumentReference/40',
  'DocumentReference/41',
  'DocumentReference/42',
  'MedicationOrder/21',
  'MedicationOrder/22',
  'MedicationStatement/20',
  'MedicationStatement/medicationrequest-21',
  'Observation/1',
  'Observation/2',
  'Patient/901',
  'ProcedureRequest/33',
  'ReferralRequest/32',
];

describe('Patient/$everything (FHIR DSTU2, OperationDefinition Patient-everything)', () => {
  it('has each variant once, counts nothing hidden, and has nothing of another patient', async () => {
    for (const path of [
      '/Patient/$everything',
      `/Patient/${ANN}/$everything`,
      `/patient/${ANN.toUpperCase()}/$everything`,
    ]) {
      const bundle = await ask(path);
      expect(names(bundle)).toEqual(RECORD);
      expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: RECORD.length });
    }
  });

  it('has the results of a search of each type, equal to a read of each entry', async () => {
    const { entry = [] } = await ask('/Patient/$everything');
    for (const { fullUrl, resource } of entry) {
      expect(fullUrl).toBe(`${BASE}/${resource.resourceType}/${resource.id}`);
      expect((await server.get(ann, fullUrl)).json()).toEqual(resource);
    }
    const found = await Promise.all(
      [...new Set(entry.map(({ resource }) => resource.resourceType))].map(async (type) =>
        names(await ask(`/${type}`)),
      ),
    );
    expect(found.flat().toSorted()).toEqual(RECORD);
  });

  it('includes the referenced directory resources, as DSTU2 has them', async () => {
    const bob = await server.token(BOB);
    const bundle = await ask('/Patient/$everything', bob);
    expect(names(bundle)).toEqual([
      'CarePlan/careteam-92',
      'DocumentReference/91',
      'Observation/90',
      'Organization/802',
      'Patient/902',
      'Practitioner/801',
    ]);
    expect(bundle.total).toBe(4);
    for (const { fullUrl, resource, search } of bundle.entry ?? []) {
      expect(search.mode).toBe(['Organization', 'Practitioner'].includes(resource.resourceType) ? 'include' : 'match');
      expect((await server.get(bob, fullUrl)).json()).toEqual(resource);
    }
    const few = await server.token(BOB, { scope: 'patient/Observation.rs patient/Organization.rs' });
    expect(names(await ask('/Patient/$everything', few))).toEqual(['Observation/90']);
  });

  it('is a valid DSTU2 Bundle, in JSON and in XML', async () => {
    for (const { resource } of (await ask('/Patient/$everything')).entry ?? [])
      expect(structureProblems(resource)).toEqual([]);
    const answer = await server.get(ann, '/Patient/$everything', { accept: 'application/xml+fhir' });
    expect(answer.headers['content-type']).toBe('application/xml+fhir; charset=utf-8');
    expect(answer.body.match(/<entry>/g)).toHaveLength(RECORD.length);
  });

  it.each([
    ['_type=CarePlan', ['CarePlan/10', 'CarePlan/careteam-10']],
    ['_type=MedicationStatement', ['MedicationStatement/20', 'MedicationStatement/medicationrequest-21']],
    ['_type=ReferralRequest,patient', ['Patient/901', 'ReferralRequest/32']],
    ['_type=Observation&start=2021', ['Observation/2']],
    ['_type=DocumentReference,MedicationOrder&end=2020-06', []],
    ['_since=2999', []],
  ])('?%s', async (query, expected) => {
    const bundle = await ask(`/Patient/$everything?${query}`);
    expect(names(bundle)).toEqual(expected);
    expect(bundle.total).toBe(expected.length);
  });

  it.each([1, 2, 3, 4, 7, 14, 15, 50])('pages of %i lose and repeat nothing', async (count) => {
    const seen: string[] = [];
    for (let url: string | undefined = `/Patient/$everything?_count=${count}`; url !== undefined; ) {
      const page = await ask(url);
      expect(page.total).toBe(RECORD.length);
      expect(page.entry?.length ?? 0).toBeLessThanOrEqual(count);
      seen.push(...(page.entry ?? []).map(short));
      url = page.link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(seen.toSorted()).toEqual(RECORD);
  });

  it.each([
    ['patient/CarePlan.read', ['CarePlan/10']],
    ['patient/CareTeam.read', ['CarePlan/careteam-10']],
    [
      'patient/MedicationOrder.read',
      ['MedicationOrder/21', 'MedicationOrder/22', 'MedicationStatement/medicationrequest-21'],
    ],
    [
      'patient/MedicationRequest.rs',
      ['MedicationOrder/21', 'MedicationOrder/22', 'MedicationStatement/medicationrequest-21'],
    ],
    ['patient/MedicationStatement.rs', ['MedicationStatement/20']],
    ['patient/ServiceRequest.rs', ['DiagnosticOrder/31', 'ProcedureRequest/33', 'ReferralRequest/32']],
    ['patient/ReferralRequest.rs', ['ReferralRequest/32']],
    ['patient/Observation.rs?category=laboratory', ['Observation/1']],
    [
      'patient/MedicationRequest.rs?status=stopped patient/CarePlan.s patient/CareTeam.s',
      ['CarePlan/10', 'CarePlan/careteam-10', 'MedicationOrder/22'],
    ],
  ])('with %s has what that grants', async (scope, expected) => {
    const token = await server.token(ANN, { scope });
    const bundle = await ask('/Patient/$everything', token);
    expect(names(bundle)).toEqual(expected);
    expect(bundle.total).toBe(expected.length);
    const pages: string[] = [];
    for (let url: string | undefined = '/Patient/$everything?_count=1'; url !== undefined; ) {
      const page = await ask(url, token);
      pages.push(...(page.entry ?? []).map(short));
      url = page.link.find(({ relation }) => relation === 'next')?.url;
    }
    expect(pages.toSorted()).toEqual(expected);
  });

  it('is rejected without a token, without DSTU2, without a scope, and for another patient', async () => {
    const status = async (token: string | undefined, path: string) => (await server.get(token, path)).statusCode;
    expect(await status(undefined, '/Patient/$everything')).toBe(401);
    expect(await status(await server.token(ANN, { apis: ['r4'] }), '/Patient/$everything')).toBe(403);
    expect(await status(await server.token(ANN, { scope: 'patient/*.r' }), '/Patient/$everything')).toBe(403);
    expect(await status(ann, `/Patient/${BOB}/$everything`)).toBe(404);
    expect(await status(ann, '/Patient/careteam-x/$everything')).toBe(404);
    expect(await status(ann, '/Patient/$everything?_type=CareTeam')).toBe(400);
    expect(await status(ann, '/Patient/$everything?_cursor=eyJhIjoxfQ')).toBe(400);
  });

  it('is recorded before it is sent, by DSTU2 type', async () => {
    const before = server.disclosures.length;
    await ask('/Patient/$everything?_type=CarePlan,MedicationStatement,ReferralRequest');
    const disclosed = server.disclosures
      .slice(before)
      .map(({ type, resources, outcome, detail }) => [type, resources, outcome, detail['operation']]);
    expect(disclosed.toSorted()).toEqual([
      ['CarePlan', 2, 'success', 'everything'],
      ['MedicationStatement', 2, 'success', 'everything'],
      ['ReferralRequest', 1, 'success', 'everything'],
    ]);
  });
});

describe('DocumentReference/$docref (Argonaut, OperationDefinition docref)', () => {
  it.each([
    [`patient=${ANN}`, ['DocumentReference/40', 'DocumentReference/41']],
    [`patient=${ANN}&type=http://loinc.org|11506-3`, ['DocumentReference/41']],
    [`patient=${ANN}&start=2020-05-02&end=2020-05-02`, ['DocumentReference/40']],
    [`patient=${ANN}&start=2021-06-01&end=2021-06-30&on-demand=true`, ['DocumentReference/40', 'DocumentReference/41']],
    ['start=2022', []],
    ['status=superseded', ['DocumentReference/42']],
  ])('?%s', async (query, expected) => {
    const bundle = await ask(`/DocumentReference/$docref?${query}`);
    expect(names(bundle)).toEqual(expected);
    expect(bundle.total).toBe(expected.length);
  });

  it('returns URLs of this API', async () => {
    const { entry = [] } = await ask('/DocumentReference/$docref?type=11506-3');
    const content = entry[0]?.resource['content'] as readonly { readonly attachment: { readonly url: string } }[];
    const url = content[0]?.attachment.url ?? '';
    expect(url).toMatch(new RegExp(`^${BASE}/Binary/[0-9a-f-]{36}$`));
    expect((await server.get(ann, url)).body).toBe('text 41');
  });

  it('returns DSTU2 Binary resources, also for clients that use the media type of later versions', async () => {
    const { entry = [] } = await ask('/DocumentReference/$docref?type=11506-3');
    const content = entry[0]?.resource['content'] as readonly { readonly attachment: { readonly url: string } }[];
    const url = content[0]?.attachment.url ?? '';
    const binary = { resourceType: 'Binary', id: url.slice(-36), contentType: 'text/plain' };
    const bytes = Buffer.from('text 41').toString('base64');
    const as = async (accept: string) => (await server.get(ann, url, { accept })).body;
    expect(JSON.parse(await as('application/json+fhir'))).toEqual({ ...binary, content: bytes });
    expect(JSON.parse(await as('application/fhir+json'))).toEqual({ ...binary, data: bytes });
    expect(await as('application/xml+fhir')).toContain(`<content value="${bytes}"/></Binary>`);
  });

  it('takes its parameters in the body, as DSTU2 clients send them', async () => {
    const send = (type: string, payload: string) =>
      server.app.inject({
        method: 'POST',
        url: '/api/fhir/r4/DocumentReference/$docref',
        payload,
        headers: { authorization: `Bearer ${ann}`, 'content-type': type },
      });
    const parameter = [
      { name: 'patient', valueId: ANN },
      { name: 'type', valueString: '11506-3' },
    ];
    const sent = await send('application/json+fhir', JSON.stringify({ resourceType: 'Parameters', parameter }));
    expect(names(sent.json())).toEqual(['DocumentReference/41']);
    const form = await send('application/x-www-form-urlencoded', `patient=${ANN}&type=11506-3`);
    expect(names(form.json())).toEqual(['DocumentReference/41']);
  });

  it('is rejected for another patient and without its scope, and recorded', async () => {
    expect((await server.get(ann, `/DocumentReference/$docref?patient=${BOB}`)).statusCode).toBe(403);
    const few = await server.token(ANN, { scope: 'patient/Patient.rs' });
    expect((await server.get(few, '/DocumentReference/$docref')).statusCode).toBe(403);
    const before = server.disclosures.length;
    await ask('/DocumentReference/$docref');
    expect(server.disclosures.slice(before)).toMatchObject([
      { type: 'DocumentReference', resources: 2, outcome: 'success' },
    ]);
  });
});

describe('operations in the API’s own description', () => {
  it('are named in Conformance, and each has a URL in OpenAPI', () => {
    const endpoints = { base: BASE, authorize: 'a', token: 't', revoke: 'r' };
    const { rest } = dstu2.conformance(endpoints) as { rest: { operation: { name: string }[] }[] };
    expect(rest[0]?.operation.map(({ name }) => name)).toEqual(dstu2.operations.map(({ name }) => name));
    const { paths } = dstu2.openApi(endpoints) as { paths: Record<string, Record<string, unknown>> };
    for (const path of ['/DocumentReference/$docref', '/Patient/$everything', '/Patient/{id}/$everything'])
      expect(Object.keys(paths[path] ?? {})).toEqual(['get', 'post']);
    expect(JSON.stringify(paths['/Patient/$everything'])).not.toContain('application/fhir+json');
  });
});
