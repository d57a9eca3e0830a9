import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';
import { concept } from '../fixtures/small-resources.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(900);
const CHANGED = [{ url: 'urn:x', valueBoolean: true }];
const role = (number: number, who: number, changes: object): Resource => ({
  resourceType: 'PractitionerRole',
  id: id(number),
  active: true,
  practitioner: { reference: `Practitioner/${id(who)}` },
  ...changes,
});
const observation = (number: number, performer: number): Resource => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${ANN}` },
  performer: [{ reference: `PractitionerRole/${id(performer)}` }],
});
const record: readonly Resource[] = [
  { resourceType: 'Patient', id: ANN, gender: 'female' },
  ...[801, 802, 803, 804, 805].map((who) => ({
    resourceType: 'Practitioner',
    id: id(who),
    name: [{ family: `P${who}` }],
  })),
  role(601, 801, {
    specialty: [concept('urn:s', 'heart')],
    code: [concept('urn:s', 'doctor'), concept('urn:s', 'head')],
  }),
  role(602, 802, {
    specialty: [concept('urn:s', 'nested')],
    availableTime: [{ modifierExtension: CHANGED, allDay: true }],
  }),
  role(603, 803, { specialty: [concept('urn:s', 'changed')], modifierExtension: CHANGED }),
  role(604, 804, { specialty: [concept('urn:s', 'over')], active: false }),
  role(605, 805, {
    specialty: [concept('urn:s', 'odd')],
    identifier: [{ system: 'urn:a', value: 'NUL \u0000 and half \ud800' }],
    availableTime: [{ modifierExtension: CHANGED, allDay: true }],
  }),
  observation(1, 601),
  observation(2, 602),
  observation(3, 603),
  observation(4, 604),
  observation(5, 605),
];

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  expect(await server.load(record)).toMatchObject({ refused: [] });
  token = await server.token(ANN);
});
afterAll(() => server.close());

async function found(path: string): Promise<readonly string[]> {
  const answer = await server.get(token, path);
  expect(answer.statusCode, answer.body).toBe(200);
  return (answer.json().entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id);
}
const text = async (path: string): Promise<string> => (await server.get(token, path)).body;

describe('the roles of a Practitioner', () => {
  it.each([
    [801, 'heart', true],
    [802, 'nested', true],
    [803, 'changed', false],
    [804, 'over', false],
    [805, 'odd', true],
  ])('are found where they are visible: %i, %s: %s', async (who, code, shown) => {
    expect((await text(`/Practitioner/${id(who)}`)).includes(`"${code}"`)).toBe(shown);
    expect(await found(`/Practitioner?specialty=urn:s|${code}`)).toEqual(shown ? [id(who)] : []);
  });

  it('have one entry for each code, and each is found', async () => {
    const { practitionerRole } = (await server.get(token, `/Practitioner/${id(801)}`)).json();
    const specialty = [concept('urn:s', 'heart')];
    expect(practitionerRole).toEqual([
      { role: concept('urn:s', 'doctor'), specialty },
      { role: concept('urn:s', 'head'), specialty },
    ]);
    for (const code of ['doctor', 'head']) expect(await found(`/Practitioner?role=urn:s|${code}`)).toEqual([id(801)]);
  });

  it.each([
    [1, 801, true],
    [2, 802, true],
    [3, 803, false],
    [4, 804, true],
    [5, 805, true],
  ])('lead from an Observation to their Practitioner where that is visible: %i, %i: %s', async (number, who, shown) => {
    expect((await text(`/Observation/${id(number)}`)).includes(`Practitioner/${id(who)}`)).toBe(shown);
    expect(await found(`/Observation?performer=Practitioner/${id(who)}`)).toEqual(shown ? [id(number)] : []);
  });
});
