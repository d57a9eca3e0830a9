import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const observation = (number: number, subject: object, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: {},
  ...subject,
  ...more,
});
const V3 = 'http://terminology.hl7.org/CodeSystem/v3';
const about = (reference: string) => ({ subject: { reference } });

let server: FhirServer;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(() => server.reset());

const load = (...resources: object[]) => loadTexts(server, { 'x.ndjson': ndjson(...resources) });
const idsOf = async (patientId: string, type: string): Promise<readonly string[]> => {
  const { entry = [] } = (await server.get(await server.token(patientId), `/${type}?_sort=_lastUpdated`)).json();
  return entry.map(({ resource }: { resource: { id: string } }) => resource.id).sort();
};
const reasons = (report: { refused: readonly { at: string; reason: string }[] }) =>
  report.refused.map(({ at, reason }) => [at, reason]);

describe('the record that a resource belongs to', () => {
  it('is that of its subject, never of its author, performer or asserter', async () => {
    await load(
      patient(ANN, 'Ann'),
      patient(BOB, 'Bob'),
      observation(1, about(`Patient/${ANN}`), {
        performer: [{ reference: `Patient/${BOB}` }],
        focus: [{ reference: `Patient/${BOB}` }],
      }),
      {
        resourceType: 'Condition',
        id: id(2),
        ...about(`Patient/${ANN}`),
        asserter: { reference: `Patient/${BOB}` },
        recorder: { reference: `Patient/${BOB}` },
      },
      {
        resourceType: 'AllergyIntolerance',
        id: id(3),
        patient: { reference: `Patient/${BOB}` },
        asserter: { reference: `Patient/${ANN}` },
      },
    );
    expect(await idsOf(ANN, 'Observation')).toEqual([id(1)]);
    expect(await idsOf(ANN, 'Condition')).toEqual([id(2)]);
    expect(await idsOf(ANN, 'AllergyIntolerance')).toEqual([]);
    expect(await idsOf(BOB, 'Observation')).toEqual([]);
    expect(await idsOf(BOB, 'Condition')).toEqual([]);
    expect(await idsOf(BOB, 'AllergyIntolerance')).toEqual([id(3)]);
  });

  it('must be exactly one: an unknown, missing, invalid or second patient is rejected', async () => {
    const report = await load(
      patient(ANN, 'Ann'),
      patient(BOB, 'Bob'),
      observation(1, {}),
      observation(2, about('Group/1')),
      observation(3, about('Patient/unknown')),
      observation(4, { ...about(`Patient/${ANN}`), patient: { reference: `Patient/${BOB}` } }),
      observation(5, { subject: { display: 'Ann' } }),
      observation(6, { subject: `Patient/${ANN}` }),
    );
    expect(report.created).toBe(2);
    expect(reasons(report).sort()).toEqual([
      ['line 3', expect.stringContaining('does not name its patient')],
      ['line 4', expect.stringContaining('patient of this resource was not found')],
      ['line 5', expect.stringContaining('unknown at this practice')],
      ['line 6', expect.stringContaining('two patients')],
      ['line 7', expect.stringContaining('patient of this resource was not found')],
      ['line 8', expect.stringContaining('patient of this resource was not found')],
    ]);
  });

  it('of an Appointment is that of its one patient participant', async () => {
    const appointment = (number: number, ...actors: readonly string[]) => ({
      resourceType: 'Appointment',
      id: id(number),
      status: 'booked',
      participant: actors.map((reference) => ({ actor: { reference }, status: 'accepted' })),
    });
    const report = await load(
      patient(ANN, 'Ann'),
      patient(BOB, 'Bob'),
      appointment(1, `Practitioner/${id(9)}`, `Patient/${ANN}`),
      appointment(2, `Patient/${ANN}`, `Patient/${BOB}`),
      appointment(3, `Practitioner/${id(9)}`),
    );
    expect(await idsOf(ANN, 'Appointment')).toEqual([id(1)]);
    expect(await idsOf(BOB, 'Appointment')).toEqual([]);
    expect(reasons(report)).toEqual([
      [
        'line 4',
        'The resource refers to two patients. Storing it would add the data of one to the record of the other.',
      ],
      ['line 5', 'The resource does not name its patient.'],
    ]);
  });

  it('is found for patients who were loaded before', async () => {
    await load(patient('mrn-1', 'Ann'));
    expect(await load(observation(1, about('Patient/mrn-1')))).toMatchObject({ created: 1, refused: [], records: 1 });
  });

  it('isn’t another practice’s, though the ids are the same', async () => {
    await load(patient(ANN, 'Ann'));
    const resources = ndjson(observation(1, about(`Patient/${ANN}`)));
    const elsewhere = await loadTexts(server, { 'x.ndjson': resources }, { practiceId: 2 });
    expect(elsewhere).toMatchObject({
      created: 0,
      refused: [expect.objectContaining({ type: 'Observation', id: id(1) })],
    });
    await loadTexts(
      server,
      { 'x.ndjson': ndjson(patient(ANN, 'Ann'), observation(2, about(`Patient/${ANN}`))) },
      { practiceId: 2 },
    );
    expect(await idsOf(ANN, 'Observation')).toEqual([]);
    expect(await server.db.queryText('select from record', [])).toHaveLength(2);
  });

  it('isn’t a record that was merged or erased', async () => {
    await load(patient(ANN, 'Ann'));
    await server.db.queryText("update record set state = 'erased'", []);
    const report = await load(patient(ANN, 'Ann'), observation(1, about(`Patient/${ANN}`)));
    expect(report).toMatchObject({
      created: 0,
      refused: [{ reason: expect.stringContaining('erased') }, { reason: expect.stringContaining('erased') }],
    });
  });
});

describe('the record that a Provenance belongs to', () => {
  const provenance = (number: number, ...targets: string[]) => ({
    resourceType: 'Provenance',
    id: id(number),
    target: targets.map((reference) => ({ reference })),
    agent: [{ who: { reference: `Patient/${BOB}` } }],
  });

  it('is the one record of its targets', async () => {
    const report = await load(
      provenance(10, `Observation/${id(1)}`, 'Practitioner/x'),
      provenance(11, `Patient/${ANN}`, `Observation/${id(1)}`),
      provenance(12, `Observation/${id(1)}`, `Observation/${id(2)}`),
      provenance(13, `Observation/${id(9)}`),
      provenance(14),
      patient(ANN, 'Ann'),
      patient(BOB, 'Bob'),
      observation(1, about(`Patient/${ANN}`)),
      observation(2, about(`Patient/${BOB}`)),
    );
    expect(await idsOf(ANN, 'Provenance')).toEqual([id(10), id(11)]);
    expect(await idsOf(BOB, 'Provenance')).toEqual([]);
    expect(reasons(report).sort()).toEqual([
      ['line 3', expect.stringContaining('two patients')],
      ['line 4', expect.stringContaining('targets')],
      ['line 5', expect.stringContaining('targets')],
    ]);
  });
});

describe('the directory', () => {
  it('has no private data of the people in it', async () => {
    await load(
      patient(ANN, 'Ann'),
      {
        resourceType: 'Practitioner',
        id: 'dr',
        text: { status: 'generated', div: '<div>born 1960, lives at 1 Home Street</div>' },
        name: [{ family: 'Doctor' }],
        birthDate: '1960-01-01',
        _birthDate: { extension: [] },
        photo: [{ url: 'https://x' }],
        telecom: [
          { use: 'home', value: '555-home' },
          { use: 'work', value: '555-work' },
        ],
        address: [{ use: 'home', line: ['1 Home Street'] }],
      },
      { resourceType: 'Location', id: 'l', address: { use: 'home', city: 'Hometown' } },
      { resourceType: 'Organization', id: 'o', text: { div: '<div>kept</div>' }, telecom: [{ value: '1' }] },
    );
    const token = await server.token(ANN);
    const only = async (type: string) => (await server.get(token, `/${type}`)).json().entry[0].resource;
    const { meta: _, id: practitioner, ...rest } = await only('Practitioner');
    expect(rest).toEqual({
      resourceType: 'Practitioner',
      name: [{ family: 'Doctor' }],
      telecom: [{ use: 'work', value: '555-work' }],
    });
    expect(practitioner).toBeDefined();
    expect(JSON.stringify(await only('Location'))).not.toContain('Hometown');
    expect((await only('Organization')).text).toEqual({ div: '<div>kept</div>' });
  });

  it('has only the work addresses of practitioners, and no home or mobile numbers', async () => {
    const ways = ['home', 'work', 'mobile', undefined].map((use) => ({ ...(use === undefined ? {} : { use }) }));
    await load(patient(ANN, 'Ann'), {
      resourceType: 'Practitioner',
      id: 'dr',
      address: ways.map((way) => ({ ...way, city: 'X' })),
      telecom: ways.map((way) => ({ ...way, value: '1' })),
    });
    const { entry } = (await server.get(await server.token(ANN), '/Practitioner')).json();
    expect(entry[0].resource).toMatchObject({
      address: [{ use: 'work', city: 'X' }],
      telecom: [{ use: 'work', value: '1' }, { value: '1' }],
    });
  });

  it.each([
    ['type PTRES', { type: [{ coding: [{ system: `${V3}-RoleCode`, code: 'PTRES' }] }] }],
    ['physical type ho', { physicalType: { coding: [{ code: 'ho' }] } }],
  ])('has no Location that is a residence: %s', async (_, more) => {
    const report = await load(
      patient(ANN, 'Ann'),
      { resourceType: 'Location', id: 'l', name: 'Home of Ann', ...more },
      { resourceType: 'Location', id: 'm', name: 'Ward', physicalType: { coding: [{ code: 'wa' }] } },
    );
    expect(report).toMatchObject({
      created: 2,
      refused: [{ id: 'l', reason: expect.stringContaining('private home') }],
    });
    expect(await idsOf(ANN, 'Location')).toHaveLength(1);
  });

  it('belongs to its practice', async () => {
    await loadTexts(server, {
      'x.ndjson': ndjson(patient(ANN, 'Ann'), { resourceType: 'Organization', id: 'o', name: 'One' }),
    });
    await loadTexts(server, { 'x.ndjson': ndjson(patient(BOB, 'Bob')) }, { practiceId: 2 });
    expect(await idsOf(ANN, 'Organization')).toHaveLength(1);
    expect(await idsOf(BOB, 'Organization')).toEqual([]);
  });
});
