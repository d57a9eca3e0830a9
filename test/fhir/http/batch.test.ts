import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { patient } from '../../support/fhir/charts.ts';
import { BASE, type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const BOB = '0000000b-0000-4000-8000-000000000000';
const id = (number: number) => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;

const observation = (number: number, subject: string) => ({
  resourceType: 'Observation',
  id: id(number),
  status: 'final',
  subject: { reference: `Patient/${subject}` },
  code: { text: 'Weight' },
});

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir();
  await server.load([
    patient(ANN, 'Ann'),
    patient(BOB, 'Bob'),
    observation(1, ANN),
    observation(2, ANN),
    observation(3, BOB),
    {
      resourceType: 'DocumentReference',
      id: id(4),
      status: 'current',
      subject: { reference: `Patient/${ANN}` },
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from('text').toString('base64') } }],
    },
  ]);
  token = await server.token(ANN);
});
afterAll(() => server.close());

const get = (url: string, more: object = {}) => ({ request: { method: 'GET', url, ...more } });
function send(given: string, body: unknown, headers: Record<string, string> = {}) {
  return server.app.inject({
    method: 'POST',
    url: '/api/fhir/r4',
    headers: { authorization: `Bearer ${given}`, 'content-type': 'application/fhir+json', ...headers },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
const batchOf = (...entry: readonly unknown[]) => ({ resourceType: 'Bundle', type: 'batch', entry });

interface Answered {
  readonly resource?: { readonly resourceType: string; readonly id?: string; readonly total?: number };
  readonly response: {
    readonly status: string;
    readonly etag?: string;
    readonly lastModified?: string;
    readonly outcome?: { readonly resourceType: string; readonly issue: readonly { readonly code: string }[] };
  };
}
async function answersTo(given: string, ...entries: readonly unknown[]): Promise<readonly Answered[]> {
  const answer = await send(given, batchOf(...entries));
  expect(answer.statusCode, answer.body).toBe(200);
  const { resourceType, type, entry = [] } = answer.json();
  expect({ resourceType, type, entry: entry.length }).toEqual({
    resourceType: 'Bundle',
    type: 'batch-response',
    entry: entries.length,
  });
  return entry;
}
const shortly = ({ resource, response: { status, outcome } }: Answered) => [
  status.slice(0, 3),
  resource?.resourceType ?? outcome?.issue[0]?.code,
];

describe('a batch of GET requests (FHIR R4 §3.1.0.11)', () => {
  it('answers each entry in order, as it would answer the request alone', async () => {
    const answers = await answersTo(
      token,
      get(`Patient/${ANN}`),
      get('Observation?_count=1'),
      get(`/Patient/${ANN}/Observation`),
      get(`${BASE}/Observation/${id(1)}/_history`),
      get('metadata'),
    );
    expect(answers.map(shortly)).toEqual([
      ['200', 'Patient'],
      ['200', 'Bundle'],
      ['200', 'Bundle'],
      ['200', 'Bundle'],
      ['200', 'CapabilityStatement'],
    ]);
    const alone = await server.get(token, `/Patient/${ANN}`);
    expect(answers[0]?.resource).toEqual(alone.json());
    expect(answers[0]?.response.status).toBe('200 OK');
    expect(answers[0]?.response.etag).toBe(alone.headers['etag']);
    expect(answers[0]?.response.lastModified).toBe(new Date(String(alone.headers['last-modified'])).toISOString());
    expect(answers[1]?.resource).toEqual((await server.get(token, '/Observation?_count=1')).json());
  });

  it('authorizes each entry by itself: one that fails doesn’t affect the others', async () => {
    const labs = await server.token(ANN, { scope: 'patient/Observation.rs' });
    expect(
      (
        await answersTo(
          labs,
          get('Observation'),
          get(`Observation/${id(3)}`),
          get(`Observation?patient=${BOB}`),
          get('Condition'),
          get('Observation?_count=x'),
          get('Nothing'),
          get('Observation'),
        )
      ).map(shortly),
    ).toEqual([
      ['200', 'Bundle'],
      ['404', 'not-found'],
      ['403', 'forbidden'],
      ['403', 'forbidden'],
      ['400', 'invalid'],
      ['403', 'forbidden'],
      ['200', 'Bundle'],
    ]);
  });

  it('records each entry by itself', async () => {
    server.disclosures.length = 0;
    await answersTo(token, get(`Patient/${ANN}`), get('Observation'), get(`Observation/${id(3)}`));
    expect(server.disclosures.map(({ kind, type, outcome, resources }) => [kind, type, outcome, resources])).toEqual([
      ['read', 'Patient', 'success', 1],
      ['search', 'Observation', 'success', 2],
      ['read', 'Observation', 'failure', 0],
    ]);
  });

  it('stops when the access ends: the entries after that are rejected', async () => {
    const short = await server.token(ANN);
    vi.spyOn(server.disclosures, 'push').mockImplementationOnce((...events) => {
      server.endToken(short);
      return server.disclosures.push(...events);
    });
    expect((await answersTo(short, get('Observation'), get('Observation'))).map(shortly)).toEqual([
      ['200', 'Bundle'],
      ['401', 'login'],
    ]);
  });

  it('supports conditional requests: content that the client already has isn’t sent again', async () => {
    const etag = String((await server.get(token, `/Patient/${ANN}`)).headers['etag']);
    const [known] = await answersTo(token, get(`Patient/${ANN}`, { ifNoneMatch: etag }));
    expect(known).toEqual({ response: expect.objectContaining({ status: '304 Not Modified', etag }) });
  });

  it('returns documents as Binary resources', async () => {
    const { content } = (await server.get(token, `/DocumentReference/${id(4)}`)).json();
    const [answer] = await answersTo(token, get(content[0].attachment.url));
    expect(answer?.resource).toMatchObject({ resourceType: 'Binary', data: Buffer.from('text').toString('base64') });
  });

  it.each([
    [{ request: { method: 'POST', url: 'Observation' } }, '405', 'not-supported'],
    [{ request: { method: 'DELETE', url: `Observation/${id(1)}` } }, '405', 'not-supported'],
    [get(`Patient/${ANN}/$everything`), '400', 'structure'],
    [get(`Patient/${ANN}/%24everything`), '400', 'structure'],
    [get('document/txt-x'), '400', 'structure'],
    [get('../../../account'), '400', 'structure'],
    [get('https://elsewhere.example/Observation'), '400', 'structure'],
    [get('%E0%A4%A'), '400', 'structure'],
    [get('Observation?_format=xml'), '400', 'structure'],
    [{}, '400', 'structure'],
    [null, '400', 'structure'],
    ['GET', '400', 'structure'],
  ])('rejects the entry %j and answers the others', async (entry, status, code) => {
    const [wrong, right] = await answersTo(token, entry, get('Observation'));
    expect(shortly(wrong as Answered)).toEqual([status, code]);
    expect(wrong?.response.outcome?.resourceType).toBe('OperationOutcome');
    expect(shortly(right as Answered)).toEqual(['200', 'Bundle']);
  });

  it('works for staff and for backend apps that read, within their practices', async () => {
    const staff = await server.token('', { record: false, scope: 'user/*.rs', practices: [1] });
    const backend = await server.token('', { scope: 'system/*.rs', backend: 'reader', practices: [1] });
    const none = await server.token('', { scope: 'system/*.rs', backend: 'other', practices: [2] });
    for (const given of [staff, backend]) {
      const [first, second] = await answersTo(
        given,
        get(`Patient/${ANN}/Observation`),
        get(`Patient/${BOB}/Observation`),
      );
      expect({ first: first?.resource?.total, second: second?.resource?.total }).toEqual({ first: 2, second: 1 });
    }
    expect((await answersTo(none, get(`Patient/${ANN}`))).map(shortly)).toEqual([['404', 'not-found']]);
  });

  it('takes at most 20 entries and 64 KB, and may be empty', async () => {
    expect(await answersTo(token)).toEqual([]);
    const many = await send(token, batchOf(...Array.from({ length: 21 }, () => get('metadata'))));
    expect({ status: many.statusCode, text: many.json().issue[0].details.text }).toEqual({
      status: 413,
      text: expect.stringContaining('20 entries'),
    });
    const long = await send(token, `${JSON.stringify(batchOf())}${' '.repeat(65_536)}`);
    expect({ status: long.statusCode, text: long.json().issue[0].details.text }).toEqual({
      status: 413,
      text: expect.stringContaining('64 KB'),
    });
  });

  it('requires a token for this API', async () => {
    expect((await send('wrong', batchOf(get('metadata')))).statusCode).toBe(401);
    const other = await server.token(ANN, { apis: ['dstu2'] });
    expect((await send(other, batchOf(get('metadata')))).statusCode).toBe(403);
  });
});
