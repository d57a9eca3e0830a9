import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dstu2, dstu2Projection } from '../../../src/fhir/dstu2/index.ts';
import { r4 } from '../../../src/fhir/r4/index.ts';
import { patient } from '../../support/fhir/charts.ts';
import { entryResponses, feedToken, makeBundle, putEntry, sendBundle, writtenId } from '../../support/fhir/feed.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const VISIT = '00000001-0000-4000-8000-000000000000';
const WEIGHT = '00000002-0000-4000-8000-000000000000';
const DOCTOR = '00000003-0000-4000-8000-000000000000';
const ANSWERS = '00000004-0000-4000-8000-000000000000';
const OTHER = '00000005-0000-4000-8000-000000000000';
const FORM = `${BASE}/Questionnaire/00000006-0000-4000-8000-000000000000`;
const ELSEWHERE = `https://elsewhere.example/fhir/Patient/${ANN}`;

/** A record from a client that stores absolute URLs: each of its references is absolute. */
const RECORD = [
  patient(ANN, 'Ann'),
  { resourceType: 'Practitioner', id: DOCTOR, name: [{ family: 'Weber' }] },
  {
    resourceType: 'Encounter',
    id: VISIT,
    status: 'finished',
    class: { code: 'AMB' },
    subject: { reference: `${BASE}/Patient/${ANN}` },
    participant: [{ individual: { reference: `${BASE}/Practitioner/${DOCTOR}/_history/1` } }],
  },
  {
    resourceType: 'Observation',
    id: WEIGHT,
    status: 'final',
    code: { text: 'Weight' },
    subject: { reference: `${BASE.replace('records', 'Records')}/Patient/${ANN.toUpperCase()}` },
    focus: [{ reference: `${BASE}/Patient/${ANN}` }],
    encounter: { reference: `${BASE}/Encounter/${VISIT}` },
    performer: [{ reference: `${BASE}/Practitioner/${DOCTOR}` }],
  },
  {
    resourceType: 'Observation',
    id: OTHER,
    status: 'final',
    code: { text: 'Weight' },
    subject: { reference: `Patient/${ANN}` },
    focus: [{ reference: ELSEWHERE }],
    performer: [{ reference: `${BASE}/Practitioner/none` }],
  },
  {
    resourceType: 'QuestionnaireResponse',
    id: ANSWERS,
    status: 'completed',
    questionnaire: FORM,
    subject: { reference: `Patient/${ANN}` },
  },
];

const VERSIONS = [
  { name: 'R4', version: r4, projections: [] },
  { name: 'DSTU2', version: dstu2, projections: [dstu2Projection] },
] as const;

describe.each(VERSIONS)(
  'an absolute URL of this server equals the relative reference (FHIR R4 §2.3.0.1, search §3.1.1.4.12): $name',
  ({ name, version, projections }) => {
    let server: FhirServer;
    let token: string;
    beforeAll(async () => {
      server = await startFhir({ version, projections });
      expect((await server.load(RECORD)).refused).toEqual([]);
      token = await server.token(ANN);
    });
    afterAll(() => server.close());

    const found = async (query: string): Promise<readonly string[]> => {
      const answer = await server.get(token, query, { accept: 'application/json', prefer: 'handling=strict' });
      expect(answer.statusCode, query).toBe(200);
      return (answer.json().entry ?? []).map((one: { resource: { id: string } }) => one.resource.id).sort();
    };

    const SAME = [
      { search: '/Observation?encounter', of: `Encounter/${VISIT}`, is: [WEIGHT], r4: false },
      { search: '/Observation?performer', of: `Practitioner/${DOCTOR}`, is: [WEIGHT], r4: false },
      { search: '/Observation?encounter.participant', of: `Practitioner/${DOCTOR}`, is: [WEIGHT], r4: true },
      {
        search: '/Encounter?_has:Observation:encounter:performer',
        of: `Practitioner/${DOCTOR}`,
        is: [VISIT],
        r4: false,
      },
      { search: '/Observation?encounter.patient', of: `Patient/${ANN}`, is: [WEIGHT], r4: false },
      { search: '/Encounter?_has:Observation:encounter:subject', of: `Patient/${ANN}`, is: [VISIT], r4: false },
      { search: '/Observation?focus', of: `Patient/${ANN}`, is: [WEIGHT], r4: true },
      { search: '/Observation?focus:Patient', of: `Patient/${ANN}`, is: [WEIGHT], r4: true },
    ].filter((one) => name === 'R4' || !one.r4);

    it.each(SAME)('$search', async ({ search, of, is }) => {
      expect(await found(`${search}=${of}`)).toEqual(is);
      expect(await found(`${search}=${BASE}/${of}`)).toEqual(is);
    });

    it('references are stored as relative ones, so chains and includes follow them', async () => {
      const { subject, encounter } = (
        await server.get(token, `/Observation/${WEIGHT}`, { accept: 'application/json' })
      ).json();
      expect({ subject: subject.reference, encounter: encounter.reference }).toEqual({
        subject: `Patient/${ANN}`,
        encounter: `Encounter/${VISIT}`,
      });
      expect(await found(`/Observation?_id=${WEIGHT}&_include=Observation:encounter`)).toEqual([VISIT, WEIGHT]);
      expect(await found('/Observation?performer.family=weber')).toEqual([WEIGHT]);
    });
  },
);

describe('a URL that isn’t a resource of this server is stored as written', () => {
  let server: FhirServer;
  let token: string;
  beforeAll(async () => {
    server = await startFhir();
    await server.load(RECORD);
    token = await server.token(ANN);
  });
  afterAll(() => server.close());
  const total = async (query: string): Promise<number> => (await server.get(token, query)).json().total;

  it('a URL of another server, whatever its path', async () => {
    expect(await total(`/Observation?focus=${ELSEWHERE}`)).toBe(1);
    expect(await total(`/Observation?focus=Patient/${ANN}`)).toBe(1);
    expect((await server.get(token, `/Observation/${OTHER}`)).json().focus).toEqual([{ reference: ELSEWHERE }]);
  });

  it('a canonical under this server’s base URL is found by that canonical', async () => {
    expect(await total(`/QuestionnaireResponse?questionnaire=${FORM}`)).toBe(1);
  });

  it('a URL under our base without a valid id', async () => {
    const { performer } = (await server.get(token, `/Observation/${OTHER}`)).json();
    expect(performer).toEqual([{ reference: `${BASE}/Practitioner/none` }]);
    expect(await total(`/Observation?performer=${BASE}/Practitioner/none`)).toBe(1);
  });
});

describe('a feed may refer to stored resources by the URL it received (FHIR R4 §2.3.0.1)', () => {
  let server: FhirServer;
  beforeAll(async () => {
    server = await startFhir();
  });
  afterAll(() => server.close());

  it('a later Bundle may refer to its patient so', async () => {
    const app = await feedToken(server);
    const [made] = entryResponses(
      await sendBundle(server, app, makeBundle('batch', putEntry({ resourceType: 'Patient', id: 'one' } as never))),
    );
    const id = writtenId(made ?? { status: '' });
    const address = `${BASE}/Patient/${id}`;
    const observation = { resourceType: 'Observation', id: 'told', status: 'final', code: { text: 'Weight' } };
    const [stored] = entryResponses(
      await sendBundle(
        server,
        app,
        makeBundle(
          'batch',
          putEntry({ ...observation, subject: { reference: address }, focus: [{ reference: address }] } as never),
        ),
      ),
    );
    expect(stored?.status).toBe('201 Created');
    const token = await server.token(id);
    const { total, entry } = (await server.get(token, `/Observation?focus=Patient/${id}`)).json();
    expect({ total, reference: entry[0].resource.subject.reference }).toEqual({ total: 1, reference: `Patient/${id}` });
  });
});
