import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projections } from '../../../../src/fhir/dstu2/index.ts';
import { BASE, type FhirServer, startFhir } from '../../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const DOCUMENT = '00000001-0000-4000-8000-000000000000';
const TEAM = '00000002-0000-4000-8000-000000000000';
const subject = { reference: `Patient/${ANN}` };
const attachment = { contentType: 'text/plain', data: Buffer.from('All is well.').toString('base64') };

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir({ version: dstu2, projections: dstu2Projections });
  const report = await server.load([
    { resourceType: 'Patient', id: ANN, gender: 'female' },
    {
      resourceType: 'DocumentReference',
      id: DOCUMENT,
      status: 'current',
      subject,
      date: '2020-01-01T00:00:00Z',
      content: [{ attachment }],
    },
    { resourceType: 'CareTeam', id: TEAM, status: 'active', subject },
    {
      resourceType: 'Provenance',
      id: '00000003-0000-4000-8000-000000000000',
      target: [{ reference: `CareTeam/${TEAM}` }, { reference: `DocumentReference/${DOCUMENT}` }],
      occurredDateTime: '2019-12-31',
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ who: { display: 'A' } }],
    },
  ]);
  expect(report).toMatchObject({ refused: [] });
});
afterAll(() => server.close());

describe('documents in DSTU2', () => {
  it('have URLs of this version, under the scope of their DocumentReference', async () => {
    const token = await server.token(ANN, { scope: 'patient/DocumentReference.read' });
    const [entry] = (await server.get(token, '/DocumentReference')).json().entry;
    const { url } = entry.resource.content[0].attachment;
    expect(url.startsWith(`${BASE}/`)).toBe(true);
    const file = await server.get(token, url.slice(BASE.length));
    expect({ status: file.statusCode, body: file.body }).toEqual({ status: 200, body: 'All is well.' });
    const other = await server.token(ANN, { scope: 'patient/Observation.read' });
    expect((await server.get(other, url.slice(BASE.length))).statusCode).toBe(403);
  });
});

describe('Provenance in DSTU2', () => {
  const targets = async (scope: string) => {
    const token = await server.token(ANN, { scope: `patient/Provenance.read ${scope}` });
    const { entry = [] } = (await server.get(token, '/Provenance')).json();
    return entry.flatMap((one: { resource: { target: { reference: string }[] } }) => one.resource.target);
  };
  const team = { reference: `CarePlan/careteam-${TEAM}` };
  const document = { reference: `DocumentReference/${DOCUMENT}` };
  /** Names of all types that DSTU2 serves, except CareTeam. */
  const names = dstu2.types.map(({ name }) => `patient/${name}.read`).join(' ');

  it.each([
    ['patient/*.read', [team, document]],
    ['patient/CareTeam.read', [team]],
    ['patient/CarePlan.read', []],
    ['patient/DocumentReference.read', [document]],
    ['patient/CarePlan.read patient/DocumentReference.read', [document]],
    [names, [document]],
  ])('with %s names %j', async (scope, expected) => {
    expect(await targets(scope)).toEqual(expected);
  });

  it('has the time of the activity, even if a target is redacted', async () => {
    const token = await server.token(ANN, { scope: 'patient/Provenance.read patient/CareTeam.read' });
    const [entry] = (await server.get(token, '/Provenance')).json().entry;
    expect(entry.resource).toMatchObject({ target: [team], period: { start: '2019-12-31', end: '2019-12-31' } });
  });
});
