import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  token = await feedToken(server);
});
afterAll(() => server.close());

const transaction = (...entries: Parameters<typeof makeBundle>[1][]) => makeBundle('transaction', ...entries);
const send = (bundle: object | string, by = token) => sendBundle(server, by, bundle);
const mrn = (value: string) => [{ system: 'urn:mrn', value }];
const person = (id: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  name: [{ family: id }],
  birthDate: '1980-02-03',
  ...more,
});
const observation = (id: string, subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject: { reference: subject },
  ...more,
});
const countOf = async (table = 'resource') =>
  (await server.db.queryText<{ n: number }>(`select count(*)::int4 as n from ${table}`, []))[0]?.n;

describe('a transaction (FHIR R4 §3.1.0.11.2)', () => {
  it('creates and updates under the ids of the source, and responds for each entry, in order', async () => {
    const answer = await send(
      transaction(
        putEntry(observation('o1', 'Patient/p1')),
        putEntry(person('p1')),
        putEntry({ resourceType: 'Organization', id: 'org' }),
      ),
    );
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json()).toMatchObject({ resourceType: 'Bundle', type: 'transaction-response' });
    const responses = entryResponses(answer);
    expect(responses.map(({ status }) => status)).toEqual(['201 Created', '201 Created', '201 Created']);
    expect(responses[0]).toMatchObject({
      location: expect.stringMatching(/^Observation\/[0-9a-f-]{36}\/_history\/1$/),
      etag: 'W/"1"',
      lastModified: server.clock.now().toISOString(),
    });
    const [o1, p1] = responses.map(writtenId);
    const read = await server.get(token, `/Observation/${o1}`);
    expect(read.json().subject.reference).toBe(`Patient/${p1}`);

    const again = entryResponses(
      await send(transaction(putEntry(observation('o1', 'Patient/p1', { status: 'amended' })), putEntry(person('p1')))),
    );
    expect(again.map(({ status, etag }) => [status, etag])).toEqual([
      ['200 OK', 'W/"2"'],
      ['200 OK', 'W/"1"'],
    ]);
    expect(writtenId(again[0] ?? { status: '' })).toBe(o1);
  });

  it('unchanged resources keep their version, and leave no trace in the record', async () => {
    const bundle = transaction(putEntry(person('same')), putEntry(observation('same', 'Patient/same')));
    const first = entryResponses(await send(bundle));
    const [before] = await server.db.queryText<object>('select * from record order by version desc limit 1', []);
    const second = entryResponses(await send(bundle));
    expect(second.map(({ status }) => status)).toEqual(['200 OK', '200 OK']);
    expect(second.map(({ location, etag, lastModified }) => [location, etag, lastModified])).toEqual(
      first.map(({ location, etag, lastModified }) => [location, etag, lastModified]),
    );
    expect((await server.db.queryText<object>('select * from record order by version desc limit 1', []))[0]).toEqual(
      before,
    );
  });

  it('POST gets a new id, and references to its fullUrl or its id use that', async () => {
    const bundle = transaction(
      postEntry(person('mine', { identifier: mrn('post') }), 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000001'),
      postEntry(observation('a', 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000001')),
      postEntry(observation('b', 'Patient/mine')),
      postEntry(observation('c', 'Patient?identifier=urn:mrn|post')),
    );
    const first = entryResponses(await send(bundle));
    const [patientId, ...others] = first.map(writtenId);
    expect(patientId).not.toBe('6a5b4c3d-0000-4000-8000-000000000001');
    for (const one of others)
      expect((await server.get(token, `/Observation/${one}`)).json().subject.reference).toBe(`Patient/${patientId}`);
    const second = entryResponses(await send(bundle));
    expect(second.map(({ status }) => status)).toEqual(['201 Created', '201 Created', '201 Created', '201 Created']);
    expect(second.map(writtenId)).not.toContain(patientId);
  });

  it('a conditional create uses the match, and references lead to it (FHIR R4 §3.1.0.5.1)', async () => {
    const url = 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000002';
    const more = { ifNoneExist: 'identifier=urn:mrn|cond' };
    const bundle = (day: string) =>
      transaction(
        postEntry(person('x', { identifier: mrn('cond') }), url, more),
        postEntry(observation('x', url, { effectiveDateTime: day })),
      );
    const first = entryResponses(await send(bundle('2024-01-01')));
    const second = entryResponses(await send(bundle('2024-01-02')));
    expect(second.map(({ status }) => status)).toEqual(['200 OK', '201 Created']);
    expect(second[0]).toMatchObject({ location: first[0]?.location, etag: 'W/"1"' });
    const found = await server.get(token, `/Observation?patient=${writtenId(first[0] ?? { status: '' })}`);
    expect(found.json().total).toBe(2);
  });

  it('a conditional reference finds the exact match at the practice', async () => {
    await send(transaction(putEntry(person('found', { identifier: mrn('Found-1') }))));
    const ok = await send(transaction(postEntry(observation('f', 'Patient?identifier=urn%3Amrn%7CFound-1'))));
    expect(ok.statusCode, ok.body).toBe(200);
    const other = await send(transaction(postEntry(observation('f', 'Patient?identifier=urn:mrn|found-1'))));
    expect({ status: other.statusCode, code: other.json().issue[0].code }).toEqual({ status: 412, code: 'not-found' });
  });

  it('ifMatch is compared to the stored version', async () => {
    await send(transaction(putEntry(person('match'))));
    const changed = person('match', { gender: 'female' });
    const wrong = await send(transaction(putEntry(changed, { ifMatch: 'W/"2"' })));
    expect({ status: wrong.statusCode, text: wrong.json().issue[0].details.text }).toEqual({
      status: 412,
      text: expect.stringContaining('version is 1'),
    });
    expect((await send(transaction(putEntry(changed, { ifMatch: 'W/"1"' })))).statusCode).toBe(200);
    expect((await send(transaction(putEntry(person('nobody'), { ifMatch: 'W/"1"' })))).statusCode).toBe(412);
  });

  it('a Medication is stored with what refers to it, and cyclic references are preserved', async () => {
    const answer = await send(
      transaction(
        putEntry(person('med')),
        postEntry(
          { resourceType: 'Medication', code: { text: 'Iron' } } as never,
          'urn:uuid:6a5b4c3d-0000-4000-8000-000000000003',
        ),
        putEntry({
          resourceType: 'MedicationRequest',
          id: 'm',
          status: 'active',
          intent: 'order',
          subject: { reference: 'Patient/med' },
          medicationReference: { reference: 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000003' },
          basedOn: [{ reference: 'MedicationRequest/n' }],
        } as never),
        putEntry({
          resourceType: 'MedicationRequest',
          id: 'n',
          status: 'active',
          intent: 'order',
          subject: { reference: 'Patient/med' },
          medicationCodeableConcept: { text: 'Zinc' },
          basedOn: [{ reference: 'MedicationRequest/m' }],
        } as never),
      ),
    );
    expect(answer.statusCode, answer.body).toBe(200);
    const [, medication, m, n] = entryResponses(answer);
    expect(medication).toMatchObject({ status: '200 OK', outcome: { issue: [{ code: 'informational' }] } });
    const read = (await server.get(token, `/MedicationRequest/${writtenId(m ?? { status: '' })}`)).json();
    expect(read.basedOn[0].reference).toBe(`MedicationRequest/${writtenId(n ?? { status: '' })}`);
    expect((await server.get(token, `/${read.medicationReference.reference}`)).json().code.text).toBe('Iron');
  });

  it('Provenance of earlier resources goes to their record', async () => {
    const [o] = entryResponses(
      await send(transaction(putEntry(observation('told', 'Patient/told')), putEntry(person('told')))),
    );
    const provenance = {
      resourceType: 'Provenance',
      id: 'told',
      recorded: '2024-01-01T00:00:00Z',
      target: [{ reference: 'Observation/told' }],
      agent: [{ who: { display: 'Somebody' } }],
    };
    const answer = await send(transaction(putEntry(provenance)));
    expect(answer.statusCode, answer.body).toBe(200);
    expect((await server.get(token, `/Provenance?target=${writtenId(o ?? { status: '' })}`)).json().total).toBe(1);
  });

  it('is all or nothing: every entry with an error is named', async () => {
    const before = [await countOf(), await countOf('record'), await countOf('shared_resource')];
    const answer = await send(
      transaction(
        putEntry(person('none')),
        putEntry(observation('none', 'Patient/none')),
        putEntry({ resourceType: 'Organization', id: 'none' }),
        putEntry(observation('lost', 'Patient/unknown')),
        { request: { method: 'GET', url: 'Patient' } },
      ),
    );
    expect(answer.statusCode).toBe(400);
    const outcome = answer.json();
    expect(outcome.resourceType).toBe('OperationOutcome');
    expect(outcome.issue.map(({ expression }: { expression: string[] }) => expression)).toEqual([
      ['Bundle.entry[3].resource.subject'],
      ['Bundle.entry[4].request.method'],
    ]);
    expect(outcome.issue[0].details.text).toContain('patient is unknown');
    expect([await countOf(), await countOf('record'), await countOf('shared_resource')]).toEqual(before);
  });

  it('is recorded before the response, with app, practice and counts, even if it is rejected', async () => {
    const done = await send(transaction(putEntry(person('audit')), putEntry(observation('audit', 'Patient/audit'))));
    const failed = await send(transaction(putEntry(observation('audit', 'Patient/nobody-there'))));
    expect({ done: done.statusCode, failed: failed.statusCode }).toEqual({ done: 200, failed: 422 });
    const rows = await server.db.queryText<object>(
      "select outcome, client_id, resources, detail from audit_event where kind = 'write' order by at, id",
      [],
    );
    expect(rows).toContainEqual({
      outcome: 'success',
      client_id: 'ehr',
      resources: 2,
      detail: { practice: 1, bundle: 'transaction', created: 2 },
    });
    expect(rows).toContainEqual({
      outcome: 'failure',
      client_id: 'ehr',
      resources: 0,
      detail: { practice: 1, bundle: 'transaction', refused: 1 },
    });
  });

  it('identical simultaneous ones take turns, without duplicates', async () => {
    const url = 'urn:uuid:6a5b4c3d-0000-4000-8000-000000000004';
    const bundle = transaction(
      postEntry(person('x', { identifier: mrn('race') }), url, { ifNoneExist: 'identifier=urn:mrn|race' }),
      putEntry(observation('race', url)),
    );
    const answers = await Promise.all([1, 2, 3].map(() => send(bundle)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    const statuses = answers.map((answer) =>
      entryResponses(answer)
        .map(({ status }) => status)
        .join(),
    );
    expect(statuses.sort()).toEqual(['200 OK,200 OK', '200 OK,200 OK', '201 Created,201 Created']);
    expect((await server.get(token, '/Patient?identifier=urn:mrn|race')).json().total).toBe(1);
  });
});

describe('a batch (FHIR R4 §3.1.0.11.1)', () => {
  it('an invalid entry is rejected by itself, and the rest is written', async () => {
    const answer = await send(
      makeBundle(
        'batch',
        putEntry(person('batch')),
        putEntry(observation('b1', 'Patient/batch')),
        putEntry(observation('b2', 'Patient/unknown')),
        { request: { method: 'PATCH', url: 'Patient/batch' } },
        putEntry({ resourceType: 'Spaceship', id: 's' }),
        putEntry(observation('b3', 'urn:uuid:99999999-9999-4999-8999-999999999999')),
      ),
    );
    expect(answer.statusCode, answer.body).toBe(200);
    expect(answer.json().type).toBe('batch-response');
    expect(entryResponses(answer).map(({ status }) => status)).toEqual([
      '201 Created',
      '201 Created',
      '422 Unprocessable Entity',
      '405 Method Not Allowed',
      '404 Not Found',
      '400 Bad Request',
    ]);
    expect(entryResponses(answer)[2]?.outcome?.issue[0]?.details.text).toContain('patient is unknown');
  });

  it('an error in one record doesn’t affect another', async () => {
    const born = (birthDate: string, value: string) => person('one', { birthDate, identifier: mrn(value) });
    await send(makeBundle('batch', putEntry(born('1980-01-01', 'one')), putEntry(observation('one', 'Patient/one'))));
    const changed = observation('one', 'Patient/one', { status: 'amended' });
    const answer = await send(
      makeBundle('batch', putEntry(born('1999-09-09', 'other')), putEntry(changed), putEntry(person('sound'))),
    );
    expect(entryResponses(answer).map(({ status }) => status)).toEqual([
      '422 Unprocessable Entity',
      '422 Unprocessable Entity',
      '201 Created',
    ]);
  });

  it('an error of the database is rolled back with its record alone', async () => {
    await server.db.queryText("alter table resource add constraint odd check (content not like '%REFUSE-ME%')", []);
    const odd = observation('odd', 'Patient/odd', { code: { text: 'REFUSE-ME' } });
    const answer = await send(makeBundle('batch', putEntry(person('odd')), putEntry(odd), putEntry(person('even'))));
    expect(entryResponses(answer).map(({ status }) => status.slice(0, 3))).toEqual(['422', '422', '201']);
    expect(answer.body).not.toContain('REFUSE-ME');
    const whole = await send(transaction(putEntry(odd), putEntry(person('odd')), putEntry(person('fine'))));
    expect({ status: whole.statusCode, issue: whole.json().issue.length }).toEqual({ status: 422, issue: 2 });
    await server.db.queryText('alter table resource drop constraint odd', []);
  });
});
