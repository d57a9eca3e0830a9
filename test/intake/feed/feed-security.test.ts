import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import {
  entryResponses,
  feedToken,
  makeBundle,
  postEntry,
  putEntry,
  sendBundle,
  writtenId,
} from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
/** Id of a patient of the second practice. */
const CAT = '0000000c-0000-4000-8000-000000000000';
const OLD = '00000001-0000-4000-8000-000000000000';
const ORGANIZATION = '00000002-0000-4000-8000-000000000000';
const MEDICATION = '00000003-0000-4000-8000-000000000000';
const observation = (id: string, subject: string) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
});
const request = (id: string) => ({
  resourceType: 'MedicationRequest',
  id,
  status: 'active',
  intent: 'order',
  subject: { reference: `Patient/${ANN}` },
  medicationReference: { reference: `Medication/${MEDICATION}` },
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    observation(OLD, `Patient/${ANN}`),
    { resourceType: 'Organization', id: ORGANIZATION, name: 'One' },
    { resourceType: 'Medication', id: MEDICATION, code: { text: 'Iron' } },
    request('00000004-0000-4000-8000-000000000000'),
  ]);
  await server.load([patient(CAT, 'Cat')], { practiceId: 2 });
});
afterAll(() => server.close());

const everything = () =>
  server.db.queryText<object>(
    `select record_id, type, id, version, content from resource union all
     select practice_id, type, id, version, content from shared_resource order by 1, 2, 3`,
    [],
  );

describe('authorization to write', () => {
  const one = makeBundle('transaction', putEntry(observation('o', `Patient/${ANN}`)));

  it.each([
    [
      'a patient, whatever the scopes',
      () => server.token(ANN, { scope: 'patient/*.cruds system/*.cruds user/*.cruds' }),
    ],
    [
      'a member of staff',
      () => server.token(ANN, { record: false, practices: [1], scope: 'user/*.cruds system/*.cruds' }),
    ],
    ['a backend app that only reads', () => feedToken(server, 'reader', [1], 'system/*.rs')],
    ['one with a granular scope', () => feedToken(server, 'part', [1], 'system/Observation.cud?category=laboratory')],
    ['one with scopes of other contexts', () => feedToken(server, 'other', [1], 'patient/*.cruds user/*.cruds')],
  ])('%s: 403 before the body is read, and it is recorded', async (_who, make) => {
    const before = await everything();
    const known = await server.db.queryText<{ id: string }>('select id from audit_event', []);
    const answer = await sendBundle(server, await make(), one);
    expect({ status: answer.statusCode, code: answer.json().issue[0].code }).toEqual({
      status: 403,
      code: 'forbidden',
    });
    expect(answer.headers['www-authenticate']).toContain('insufficient_scope');
    expect(await everything()).toEqual(before);
    const recorded = await server.db.queryText<{ outcome: string; kind: string }>(
      'select kind, outcome from audit_event where id <> all($1)',
      [known.map(({ id }) => id)],
    );
    expect(recorded).toEqual([{ kind: 'write', outcome: 'failure' }]);
  });

  it('a client without a token gets 401, even with an unreadable body', async () => {
    for (const body of ['{', 'x'.repeat(1000)]) {
      expect((await sendBundle(server, undefined, body)).statusCode).toBe(401);
      expect((await sendBundle(server, 'wrong', body)).statusCode).toBe(401);
    }
  });

  it.each([[[1, 2]], [[]]])('an app for the practices %j is rejected: it writes at one', async (practices) => {
    const answer = await sendBundle(server, await feedToken(server, 'several', practices), one);
    expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
      status: 403,
      text: expect.stringContaining('write at one practice only'),
    });
  });

  it('each type and letter of an app’s scopes is checked', async () => {
    const narrow = await feedToken(server, 'narrow', [1], 'system/Patient.c system/Observation.u');
    const answer = await sendBundle(
      server,
      narrow,
      makeBundle(
        'batch',
        postEntry({ resourceType: 'Patient' }),
        putEntry({ resourceType: 'Patient', id: 'p' }),
        putEntry(observation('o', `Patient/${ANN}`)),
        postEntry(observation('o', `Patient/${ANN}`)),
        { request: { method: 'DELETE', url: 'Observation/o' } },
        putEntry({ resourceType: 'Condition', id: 'c' }),
      ),
    );
    expect(entryResponses(answer).map(({ status }) => status.slice(0, 3))).toEqual([
      '201',
      '403',
      '201',
      '403',
      '403',
      '403',
    ]);
    expect(
      (await server.get(narrow, `/Observation/${writtenId(entryResponses(answer)[2] ?? { status: '' })}`)).statusCode,
    ).toBe(403);
  });
});

describe('resources that a feed can’t change', () => {
  it('another source’s, by PUT, in a record or in the directory', async () => {
    const before = await everything();
    const answer = await sendBundle(
      server,
      token,
      makeBundle(
        'batch',
        putEntry(observation(OLD, `Patient/${ANN}`)),
        putEntry(patient(ANN, 'Mallory') as never),
        putEntry({ resourceType: 'Organization', id: ORGANIZATION, name: 'Mine' } as never),
      ),
    );
    expect(entryResponses(answer).map(({ status }) => status)).toEqual([
      '409 Conflict',
      '409 Conflict',
      '409 Conflict',
    ]);
    expect(entryResponses(answer)[0]?.outcome?.issue[0]?.details.text).toContain('comes from a different source');
    expect(await everything()).toEqual(before);
  });

  it('another feed’s, by any id', async () => {
    const lab = await feedToken(server, 'lab');
    const [made] = entryResponses(
      await sendBundle(server, lab, makeBundle('transaction', putEntry(observation('x', `Patient/${ANN}`)))),
    );
    const id = writtenId(made ?? { status: '' });
    const stolen = await sendBundle(
      server,
      token,
      makeBundle('transaction', putEntry(observation(id, `Patient/${ANN}`))),
    );
    expect(stolen.statusCode).toBe(409);
    const own = await sendBundle(
      server,
      token,
      makeBundle('transaction', putEntry(observation('x', `Patient/${ANN}`))),
    );
    expect({ status: own.statusCode, isOwnId: writtenId(entryResponses(own)[0] ?? { status: '' }) === id }).toEqual({
      status: 200,
      isOwnId: false,
    });
    const mine = await sendBundle(server, lab, makeBundle('transaction', putEntry(observation(id, `Patient/${ANN}`))));
    expect(entryResponses(mine)[0]?.status).toBe('200 OK');
  });

  it('the medication of another source’s prescription', async () => {
    const answer = await sendBundle(
      server,
      token,
      makeBundle(
        'batch',
        putEntry({ resourceType: 'Medication', id: MEDICATION, code: { text: 'Arsenic' } } as never),
        putEntry(request('00000005-0000-4000-8000-000000000000')),
      ),
    );
    expect(entryResponses(answer)[1]?.status).toBe('422 Unprocessable Entity');
    const medications = (await server.get(token, '/Medication')).body;
    expect({ hasIron: medications.includes('Iron'), hasArsenic: medications.includes('Arsenic') }).toEqual({
      hasIron: true,
      hasArsenic: false,
    });
  });

  it('patients of another practice, by id or by identifier', async () => {
    const answer = await sendBundle(
      server,
      token,
      makeBundle(
        'batch',
        putEntry(observation('c', `Patient/${CAT}`)),
        putEntry(observation('d', 'Patient?identifier=urn:mrn|Cat')),
      ),
    );
    expect(entryResponses(answer).map(({ status }) => status.slice(0, 3))).toEqual(['422', '412']);
    const rejected = await sendBundle(
      server,
      token,
      makeBundle('transaction', putEntry(patient(CAT, 'Cat of One') as never)),
    );
    expect(rejected.statusCode).toBe(200);
    const [other] = await server.db.queryText<{ content: string }>(
      "select s.content from resource s join record r using (record_id) where r.practice_id = 2 and s.type = 'Patient'",
      [],
    );
    expect(other?.content).not.toContain('Cat of One');
  });

  it('a resource’s patient: it can’t be moved to another one', async () => {
    await sendBundle(server, token, makeBundle('transaction', putEntry(observation('stays', `Patient/${ANN}`))));
    const moved = await sendBundle(
      server,
      token,
      makeBundle('transaction', putEntry(observation('stays', `Patient/${BOB}`))),
    );
    expect({ status: moved.statusCode, text: moved.json().issue[0].details.text }).toEqual({
      status: 422,
      text: expect.stringContaining('Resources never move between patients'),
    });
  });

  it('a record that was merged or erased', async () => {
    const gone = '0000000d-0000-4000-8000-000000000000';
    await server.load([patient(gone, 'Gone')]);
    await server.db.queryText("update record set state = 'erased' where patient_id = $1", [gone]);
    const answer = await sendBundle(
      server,
      token,
      makeBundle('batch', putEntry(observation('gone', `Patient/${gone}`)), putEntry(patient(gone, 'Gone') as never)),
    );
    expect(entryResponses(answer).map(({ status }) => status.slice(0, 3))).toEqual(['422', '422']);
  });
});

describe('an invalid Bundle', () => {
  const send = (body: object | string, headers = {}) => sendBundle(server, token, body, headers);

  it.each<[number, string, object | string]>([
    [400, 'invalid JSON', '{"resourceType": "Bundle"'],
    [400, 'nothing', ''],
    [400, 'no Bundle', { resourceType: 'Patient' }],
    [400, 'a list', [1]],
    [400, 'null', 'null'],
    [400, 'a Bundle for reading', makeBundle('searchset')],
    [400, 'no entries', makeBundle('transaction')],
    [400, 'entries that are none', { resourceType: 'Bundle', type: 'transaction', entry: [null, 1, 'x', {}] }],
    [400, 'nested too deep', `{"resourceType":"Bundle","type":"batch","entry":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    [
      413,
      'ten thousand entries',
      makeBundle('batch', ...Array.from({ length: 10_000 }, (_, i) => putEntry(observation(`n${i}`, 'Patient/x')))),
    ],
    [
      413,
      'an entry without end',
      makeBundle(
        'batch',
        putEntry({ ...observation('huge', 'Patient/x'), note: 'x'.repeat(33 * 1024 * 1024) } as never),
      ),
    ],
  ])('%i: %s', async (status, _what, body) => {
    const answer = await send(body);
    expect({ status: answer.statusCode, resourceType: answer.json().resourceType }).toEqual({
      status: _what === 'entries that are none' ? 405 : status,
      resourceType: 'OperationOutcome',
    });
  });

  it('so many conditional references that they would block other writers', async () => {
    await send(
      makeBundle(
        'batch',
        putEntry({ resourceType: 'Organization', id: 'o', identifier: [{ system: 'urn:o', value: '0' }] } as never),
      ),
    );
    const performer = Array.from({ length: 2001 }, (_, i) => ({
      reference: `Organization?identifier=urn:o|0${'&'.repeat(i)}`,
    }));
    const entries = Array.from({ length: 9 }, (_, at) => {
      const some = performer.filter((_one, i) => i % 9 === at);
      return putEntry({ ...observation(`many${at}`, `Patient/${ANN}`), performer: some } as never);
    });
    const answers = entryResponses(await send(makeBundle('batch', ...entries)));
    expect(answers.map(({ outcome }) => outcome?.issue[0]?.code)).toContain('too-costly');
  });

  it('XML and other formats are rejected with an explanation', async () => {
    for (const type of ['application/fhir+xml', 'text/plain', 'multipart/form-data; boundary=x']) {
      const answer = await send('<Bundle xmlns="http://hl7.org/fhir"/>', { 'content-type': type });
      expect({ status: answer.statusCode, text: answer.json().issue[0].details.text }).toEqual({
        status: 415,
        text: expect.stringContaining('Send the Bundle as'),
      });
    }
  });

  it('two entries with one fullUrl, id or condition: all of them are named', async () => {
    const url = 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000009';
    const if1 = { ifNoneExist: 'identifier=urn:mrn|two' };
    const answer = await send(
      makeBundle(
        'transaction',
        postEntry(observation('a', `Patient/${ANN}`), url),
        postEntry(observation('b', `Patient/${ANN}`), url.toUpperCase()),
        putEntry(observation('00000006-0000-4000-8000-00000000000a', `Patient/${ANN}`)),
        putEntry(observation('00000006-0000-4000-8000-00000000000A', `Patient/${ANN}`)),
        postEntry({ resourceType: 'Patient' }, undefined, if1),
        postEntry({ resourceType: 'Patient' }, undefined, { ifNoneExist: 'identifier=urn%3Amrn%7Ctwo' }),
        putEntry(observation('alone', `Patient/${ANN}`)),
      ),
    );
    expect({ status: answer.statusCode, issue: answer.json().issue.length }).toEqual({ status: 400, issue: 6 });
    expect(answer.json().issue.every(({ code }: { code: string }) => code === 'duplicate')).toBe(true);
  });

  it.each([
    [
      'a url without a type',
      { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient/../x' } },
    ],
    [
      'a url of another server',
      { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'https://x.example/Patient' } },
    ],
    [
      'another type than its url',
      { resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Observation' } },
    ],
    [
      'another id than its url',
      { resource: { resourceType: 'Patient', id: 'b' }, request: { method: 'PUT', url: 'Patient/a' } },
    ],
    ['no id in its resource', { resource: { resourceType: 'Patient' }, request: { method: 'PUT', url: 'Patient/a' } }],
    ['an invalid condition', postEntry({ resourceType: 'Patient' }, undefined, { ifNoneExist: 'name=x' })],
    [
      'a condition that matches everything',
      postEntry({ resourceType: 'Patient' }, undefined, { ifNoneExist: '' + 'identifier=' }),
    ],
    ['an invalid ifMatch', putEntry({ resourceType: 'Patient', id: 'a' }, { ifMatch: '*' })],
    ['an invalid conditional reference', putEntry(observation('z', 'Patient?name=x'))],
  ])('an entry with %s is rejected', async (_what, entry) => {
    const answer = await send(makeBundle('transaction', entry));
    const where = expect.stringMatching(/^Bundle\.entry\[0\]\./);
    expect({ status: answer.statusCode, expression: answer.json().issue[0].expression }).toEqual({
      status: 400,
      expression: [where],
    });
  });

  it('a resource about two patients is in no record', async () => {
    const both = { ...observation('both', `Patient/${ANN}`), patient: { reference: `Patient/${BOB}` } };
    expect((await send(makeBundle('transaction', putEntry(both)))).statusCode).toBe(422);
  });

  it('the response is XML if it is requested', async () => {
    const answer = await send(makeBundle('transaction', putEntry(observation('xml', `Patient/${ANN}`))), {
      accept: 'application/fhir+xml',
    });
    expect({ status: answer.statusCode, isCreated: answer.body.includes('<status value="201 Created"/>') }).toEqual({
      status: 200,
      isCreated: true,
    });
  });
});
