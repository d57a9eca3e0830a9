import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type BundleEntry,
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { loadTexts, ndjson } from '../../support/fhir/load-texts.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const MRN = 'https://one.example/mrn';
const identifier = (value: string, system = MRN) => ({ system, value });
const person = (own: string, mrn?: string) => ({
  resourceType: 'Patient',
  id: own,
  ...(mrn === undefined ? {} : { identifier: [identifier(mrn)] }),
});
const observation = (number: number, subject: unknown, more: object = {}) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  code: { text: 'x' },
  subject,
  ...more,
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
});
afterAll(() => server.close());
beforeEach(async () => {
  await server.reset();
  token = await feedToken(server);
});

const send = (type: 'batch' | 'transaction', ...entries: readonly BundleEntry[]) =>
  sendBundle(server, token, makeBundle(type, ...entries));
const load = (files: Readonly<Record<string, string>>) => loadTexts(server, files, { base: BASE });
const stored = async (type: string, own: string) => {
  const [row] = await server.db.queryText<{ content: string }>(
    'select content from resource where type = $1 and id = $2',
    [type, own],
  );
  return row === undefined ? undefined : JSON.parse(row.content);
};
/** All ways by which a resource with a reference can arrive. */
const WAYS: readonly (readonly [string, (resource: ReturnType<typeof observation>) => Promise<unknown>])[] = [
  ['a feed', async (resource) => entryResponses(await send('batch', putEntry(resource)))[0]?.outcome],
  ['a line of a file', async (resource) => (await load({ 'a.ndjson': ndjson(resource) })).refused[0]],
  [
    'a Bundle in a file',
    async (resource) =>
      (
        await load({
          'a.json': JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [{ resource }] }),
        })
      ).refused[0],
  ],
];

describe.each(WAYS)('a reference with this server’s own URL (FHIR R4 references.html#literal), in %s', (_, write) => {
  it('leads to the resource here', async () => {
    await server.load([person(ANN)]);
    const clinic = '00000c11-0000-4000-8000-000000000000';
    const performer = [{ reference: `${BASE}/Organization/${clinic}/_history/2` }];
    expect(await write(observation(1, { reference: `${BASE}/Patient/${ANN}` }, { performer }))).toBeUndefined();
    expect(await stored('Observation', id(1))).toMatchObject({
      subject: { reference: `Patient/${ANN}` },
      performer: [{ reference: `Organization/${clinic}` }],
    });
  });

  it('does so in any case of the host, and no other URL does', async () => {
    await server.load([person(ANN)]);
    const shouted = BASE.replace('records.example', 'Records.Example');
    expect(await write(observation(1, { reference: `${shouted}/Patient/${ANN}` }))).toBeUndefined();
    for (const other of [`${BASE}x/Patient/${ANN}`, `https://other.example/api/fhir/r4/Patient/${ANN}`])
      expect(await write(observation(2, { reference: other }))).toMatchObject({});
    expect(await stored('Observation', id(2))).toBeUndefined();
  });

  it('finds no patient of another practice', async () => {
    await server.load([person(BOB)], { practiceId: 2 });
    expect(await write(observation(1, { reference: `${BASE}/Patient/${BOB}` }))).toMatchObject({});
    expect(await stored('Observation', id(1))).toBeUndefined();
  });
});

describe.each(WAYS)('a subject by identifier alone (FHIR R4 references.html#logical), in %s', (_, write) => {
  it('is the practice’s one patient with that system and value', async () => {
    await server.load([person(ANN, '7'), { ...person(BOB), identifier: [identifier('7', 'https://other.example')] }]);
    await server.load([person('00000000-0000-4000-8000-000000000001', '7')], { practiceId: 2 });
    const given = { identifier: identifier('7'), display: 'Ann' };
    expect(await write(observation(1, given))).toBeUndefined();
    expect((await stored('Observation', id(1))).subject).toEqual({ ...given, reference: `Patient/${ANN}` });
    const read = await server.get(await server.token(ANN), `/Observation?patient=Patient/${ANN}`);
    expect(read.json().total).toBe(1);
  });

  it.each([
    ['an identifier of no patient', identifier('8')],
    ['an identifier with another system', identifier('7', 'https://other.example')],
    ['an identifier of two patients', identifier('2')],
    ['an identifier without a system', { value: '7' }],
    ['an identifier without a value', { system: MRN }],
    ['an identifier with invalid characters', { system: MRN, value: '\ud800' }],
  ])('is rejected if it has %s', async (_which, asked) => {
    await server.load([person(ANN, '7'), person(BOB, '2'), person(id(3), '2')]);
    expect(await write(observation(1, { identifier: asked }))).toMatchObject({});
    expect(await stored('Observation', id(1))).toBeUndefined();
  });

  it('isn’t a patient if it has another type', async () => {
    await server.load([person(ANN, '7')]);
    const problem = await write(observation(1, { type: 'Group', identifier: identifier('7') }));
    expect(JSON.stringify(problem)).toContain('patient of this resource was not found');
  });

  it('is ignored beside a reference', async () => {
    await server.load([person(ANN, '7'), person(BOB, '8')]);
    await write(observation(1, { reference: `Patient/${BOB}`, identifier: identifier('7') }));
    expect((await stored('Observation', id(1))).subject.reference).toBe(`Patient/${BOB}`);
  });
});

describe('a subject by identifier alone, in a feed', () => {
  it('may be a Patient of the same Bundle', async () => {
    const answer = await send(
      'transaction',
      postEntry(person('new', '9'), 'urn:uuid:5b9f0e10-7a6c-4b7e-9f6b-0a4f3f1d2c3b'),
      putEntry(observation(1, { identifier: identifier('9') })),
    );
    const [patient] = entryResponses(answer);
    expect((await stored('Observation', id(1))).subject.reference).toBe(`Patient/${writtenId(patient as never)}`);
  });

  it('that finds none or several rejects a transaction, and the outcome says where and why', async () => {
    await server.load([person(ANN, '2'), person(BOB, '2')]);
    const answer = await send(
      'transaction',
      putEntry(person('p', '1')),
      putEntry(observation(1, { identifier: identifier('8') })),
      putEntry(observation(2, { identifier: identifier('2') })),
      putEntry(observation(3, { identifier: { value: '8' } })),
    );
    expect(answer.statusCode).toBe(400);
    const issues: { code: string; details: { text: string }; expression: string[] }[] = answer.json().issue;
    expect(issues.map(({ code, details, expression }) => [code, details.text, expression[0]])).toEqual([
      ['not-found', 'No Patient has the identifier in this reference.', 'Bundle.entry[1].resource.subject.identifier'],
      ['multiple-matches', 'Several resources match this reference.', 'Bundle.entry[2].resource.subject.identifier'],
      [
        'business-rule',
        expect.stringContaining('an identifier with system and value'),
        'Bundle.entry[3].resource.subject',
      ],
    ]);
  });

  it('is retried in a batch, and written when the patient has arrived', async () => {
    await send('batch', putEntry(observation(1, { identifier: identifier('8') })));
    await send('batch', putEntry(person(ANN, '8')));
    expect((await stored('Observation', id(1))).subject).toEqual({
      reference: `Patient/${ANN}`,
      identifier: identifier('8'),
    });
  });

  it('may be a participant of an Appointment, if its type is Patient', async () => {
    await server.load([person(ANN, '7')]);
    const participant = [
      { actor: { type: 'Practitioner', identifier: identifier('7') }, status: 'accepted' },
      { actor: { type: 'Patient', identifier: identifier('7') }, status: 'accepted' },
    ];
    const appointment = { resourceType: 'Appointment', id: id(5), status: 'booked', participant };
    expect(entryResponses(await send('batch', putEntry(appointment)))[0]?.status).toBe('201 Created');
    const { participant: storedParticipants } = await stored('Appointment', id(5));
    expect(storedParticipants[0].actor).toEqual(participant[0]?.actor);
    expect(storedParticipants[1].actor.reference).toBe(`Patient/${ANN}`);
  });
});

describe('a conditional reference in a file', () => {
  it('finds a patient who is already at the practice', async () => {
    await server.load([person(ANN, '7')]);
    const subject = { reference: `Patient?identifier=${MRN}|7` };
    expect(await load({ 'a.ndjson': ndjson(observation(1, subject), observation(2, subject)) })).toMatchObject({
      created: 2,
      refused: [],
    });
    expect(await load({ 'a.ndjson': ndjson(observation(1, subject)) })).toMatchObject({ unchanged: 1 });
  });

  it('and an identifier match the input first', async () => {
    const report = await load({
      'a.ndjson': ndjson(observation(1, { identifier: identifier('7') })),
      'b.ndjson': ndjson(person('p', '7')),
    });
    expect(report).toMatchObject({ created: 2, refused: [] });
  });
});
