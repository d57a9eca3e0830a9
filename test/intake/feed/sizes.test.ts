import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../../src/fhir/index.ts';
import { entryResponses, feedToken, makeBundle, postEntry, putEntry, sendBundle } from '../../support/fhir/feed.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';

let server: FhirServer;
let token: string;
beforeAll(async () => {
  server = await startFhir({ projections });
  token = await feedToken(server);
});
afterAll(() => server.close());

const ANN = { resourceType: 'Patient', id: 'ann', name: [{ family: 'Ann' }] };
const subject = { reference: 'Patient/ann' };
const observation = (id: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  subject,
  ...more,
});
const containing = (count: number) => ({
  contained: Array.from({ length: count }, (_one, at) => ({ resourceType: 'Practitioner', id: `p${at}` })),
  performer: [{ reference: '#p0' }],
});
/** Notes of together this many characters, each of them short. */
const notes = (letters: number) => ({
  note: Array.from({ length: letters / 1000 }, () => ({ text: 'x'.repeat(988) })),
});
const document = (bytes: number) => ({
  resourceType: 'DocumentReference',
  id: `document${bytes}`,
  status: 'current',
  subject,
  content: [{ attachment: { contentType: 'text/plain', data: Buffer.alloc(bytes, 'x').toString('base64') } }],
});

const outcomeOf = (response: unknown) =>
  (response as { outcome?: { issue: readonly { code: string; diagnostics?: string; details?: { text: string } }[] } })
    .outcome?.issue[0];

describe('an entry of a feed', () => {
  it.each([
    ['1,000 contained resources', observation('contains', containing(1000))],
    ['about 500 KB', observation('large', notes(500_000))],
    ['a document of two megabytes', document(2_000_000)],
  ])('may have %s', async (_, resource) => {
    const [, response] = entryResponses(
      await sendBundle(server, token, makeBundle('batch', putEntry(ANN), putEntry(resource))),
    );
    expect(response?.status).toBe('201 Created');
  });

  it.each([
    ['more than 1,000 contained resources', observation('contains-more', containing(1001)), '1000 resources'],
    ['more than 512 KB', observation('larger', notes(530_000)), '512 KB'],
    ['one text of more than 512 KB', observation('long', { note: [{ text: 'x'.repeat(530_000) }] }), '512 KB'],
  ])('is rejected with %s, and the others are written', async (_, resource, limit) => {
    const sent = makeBundle('batch', putEntry(ANN), putEntry(resource), postEntry(observation('beside')));
    const [, rejected, beside] = entryResponses(await sendBundle(server, token, sent));
    expect({ tooLarge: rejected?.status.slice(0, 3), beside: beside?.status }).toEqual({
      tooLarge: '413',
      beside: '201 Created',
    });
    expect(outcomeOf(rejected)?.code).toBe('too-long');
    expect(JSON.stringify(outcomeOf(rejected))).toContain(limit);
  });

  it('a transaction with one that is too large is rejected whole', async () => {
    const sent = makeBundle('transaction', putEntry(ANN), putEntry(observation('whole', containing(1001))));
    expect((await sendBundle(server, token, sent)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('the size of a Bundle doesn’t count its entries', async () => {
    const sent = { ...makeBundle('batch', putEntry(ANN)), signature: { data: 'x'.repeat(600_000) } };
    expect((await sendBundle(server, token, sent)).statusCode).toBe(413);
  });
});

describe('a loaded file', () => {
  it('has the same limits, line by line', async () => {
    const report = await server.load([
      ANN,
      observation('fits', containing(1000)),
      observation('contains-more', containing(1001)),
      observation('larger', notes(530_000)),
    ] as never);
    expect(report.refused.map(({ at, reason }) => [at, reason])).toEqual([
      ['line 3', expect.stringContaining('1000 resources')],
      ['line 4', expect.stringContaining('512 KB')],
    ]);
  });
});

describe('a Bundle is read entry by entry, and parsed like JSON', () => {
  const sendText = (text: string) => sendBundle(server, token, text);
  const entry = JSON.stringify(putEntry(ANN));

  it.each([
    [
      'white space and members in any order',
      `{ "entry" : [ ${entry} ] , "type" : "batch" , "resourceType" : "Bundle" }`,
    ],
    ['brackets and commas within texts', `{"resourceType":"Bundle","type":"batch","id":"[{,\\"","entry":[${entry}]}`],
    [
      'a nested member of the same name',
      `{"resourceType":"Bundle","type":"batch","link":{"entry":[1]},"entry":[${entry}]}`,
    ],
    [
      'the last of two members with the same name',
      `{"resourceType":"Bundle","entry":[1,2],"type":"batch","entry":[${entry}]}`,
    ],
  ])('%s', async (_, text) => {
    const answer = await sendText(text);
    expect(answer.statusCode, answer.body).toBe(200);
    expect(entryResponses(answer)).toHaveLength(1);
  });

  it.each([
    ['a missing entry', `{"resourceType":"Bundle","type":"batch","entry":[${entry},]}`],
    ['two entries without a comma', `{"resourceType":"Bundle","type":"batch","entry":[${entry} ${entry}]}`],
    ['no end', `{"resourceType":"Bundle","type":"batch","entry":[${entry}`],
    ['content after its end', `{"resourceType":"Bundle","type":"batch","entry":[${entry}]} x`],
    ['unbalanced brackets', `{"resourceType":"Bundle","type":"batch","entry":[${entry}}]`],
    ['no comma before entry', `{"resourceType":"Bundle" "entry":[${entry}]}`],
  ])('isn’t valid JSON with %s', async (_, text) => {
    const { statusCode, body } = await sendText(text);
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: expect.stringContaining('isn’t valid JSON') });
  });

  it.each(['{"resourceType":"Bundle","type":"batch","entry":[ ]}', '{"resourceType":"Bundle","type":"batch"}'])(
    '%s has no entries',
    async (text) => {
      const { statusCode, body } = await sendText(text);
      expect({ statusCode, body }).toEqual({ statusCode: 400, body: expect.stringContaining('no entries') });
    },
  );
});
