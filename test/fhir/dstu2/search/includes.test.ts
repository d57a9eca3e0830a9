import { afterAll, beforeAll, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const DOCTOR = id(801);
const about = { subject: { reference: `Patient/${ANN}` } };
const order = (number: number, category: string, changes: object = {}): Resource => ({
  resourceType: 'ServiceRequest',
  id: id(number),
  status: 'active',
  intent: 'order',
  category: [concept('http://snomed.info/sct', category)],
  code: { text: 'x' },
  requester: { reference: `Practitioner/${DOCTOR}` },
  ...about,
  ...changes,
});
const record: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, gender: 'female' },
  { resourceType: 'Practitioner', id: DOCTOR, name: [{ family: 'Doctor' }] },
  { resourceType: 'Encounter', id: id(1), status: 'finished', class: { code: 'AMB' }, ...about },
  { resourceType: 'Medication', id: id(2), code: { text: 'Aspirin' } },
  {
    resourceType: 'MedicationRequest',
    id: id(3),
    status: 'active',
    intent: 'order',
    medicationReference: { reference: `Medication/${id(2)}` },
    requester: { reference: `Practitioner/${DOCTOR}` },
    ...about,
  },
  order(4, '387713003', { encounter: { reference: `Encounter/${id(1)}` } }),
  order(5, '3457005'),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  expect(await server.load(record)).toMatchObject({ refused: [] });
  token = await server.token(ANN);
});
afterAll(() => server.close());

interface Entry {
  readonly fullUrl: string;
  readonly resource: { readonly resourceType: string; readonly id: string };
}
async function entriesOf(path: string): Promise<readonly Entry[]> {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().entry ?? [];
}

/** Names a resource for comparison. The one Medication has an id that the record assigned. */
const nameOf = ({ resource: { resourceType, id } }: Entry): string =>
  resourceType === 'Medication' ? resourceType : `${resourceType}/${id}`;
const [statement, ordered] = [`MedicationStatement/medicationrequest-${id(3)}`, `MedicationOrder/${id(3)}`];

it.each([
  ['/Encounter?_revinclude=ProcedureRequest:encounter', [`ProcedureRequest/${id(4)}`]],
  ['/Encounter?_revinclude=DiagnosticOrder:encounter', []],
  [`/Practitioner?_id=${DOCTOR}&_revinclude=ReferralRequest:requester`, [`ReferralRequest/${id(5)}`]],
  [`/Practitioner?_id=${DOCTOR}&_revinclude=ProcedureRequest:orderer`, [`ProcedureRequest/${id(4)}`]],
  ['/Medication?_revinclude=MedicationOrder:medication', [ordered]],
  ['/Medication?_revinclude=MedicationStatement:medication', [statement]],
  [
    '/Medication?_revinclude=MedicationOrder:medication&_revinclude=MedicationStatement:medication',
    [ordered, statement],
  ],
  ['/MedicationStatement?_include=MedicationStatement:medication', ['Medication']],
  [
    '/MedicationStatement?_include=MedicationStatement:medication&_revinclude:iterate=MedicationOrder:medication',
    ['Medication', ordered],
  ],
])('%s includes these, each at the URL where it can be read: %j', async (path, names) => {
  const [, ...along] = await entriesOf(path);
  expect(along.map(nameOf).toSorted()).toEqual(names);
  for (const { fullUrl, resource } of along) {
    expect(fullUrl).toBe(`${BASE}/${resource.resourceType}/${resource.id}`);
    expect((await server.get(token, fullUrl.slice(BASE.length))).json()).toEqual(resource);
  }
});
