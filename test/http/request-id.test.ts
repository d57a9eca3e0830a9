import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { textOf } from '../support/browser/html.ts';
import { type ApiCaller, signInReviewer } from '../support/people/developer-portal.ts';
import { connectApp, OAUTH, R4, type TokenAnswer } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const PROXY = '10.1.2.3';

let server: TestServer;
let admin: ApiCaller;
let token: TokenAnswer;
beforeAll(async () => {
  server = await startServer({ TRUST_PROXY: '10.1.2.0/24', LOG_LEVEL: 'info' });
  admin = await signInReviewer(server);
  token = await connectApp(server.app, await addApp(server));
});
afterAll(() => server.close());

interface ProxiedRequest {
  readonly method?: 'GET' | 'POST';
  readonly from?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: object;
}

const send = (url: string, { method = 'GET', from = PROXY, headers = {}, payload }: ProxiedRequest = {}) =>
  server.app.inject({
    ...{ method, url, remoteAddress: from, headers },
    ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
  });

/** Returns the request id that a request gets, by the header of its response. */
async function idOf(headers: Record<string, string>, from = PROXY): Promise<string> {
  return String((await send('/livez', { from, headers })).headers['x-request-id']);
}

const RANDOM = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

describe('the request id of a trusted proxy', () => {
  it('is in the response header, the log line, the error and the audit event that an administrator finds', async () => {
    const requestId = '7f3c9a52d0b84e1f9a6b0c2d4e8f1a35';
    const headers = { 'x-request-id': requestId, authorization: `Bearer ${token.access_token}` };
    const denied = await send(`${R4}/Patient/00000000-0000-4000-8000-000000000000`, { headers });
    expect({ status: denied.statusCode, header: denied.headers['x-request-id'] }).toEqual({
      status: 404,
      header: requestId,
    });
    expect(denied.json().issue[0].diagnostics).toBe(`Request id: ${requestId}`);
    const lines = server.log.map((line) => JSON.parse(line)).filter(({ reqId }) => reqId === requestId);
    expect(lines).toMatchObject([{ method: 'GET', status: 404, route: expect.stringContaining('/:id') }]);
    const { body } = await admin.call('GET', `/review/audit?request=${requestId}`);
    expect(body.entries).toMatchObject([{ kind: 'read', outcome: 'failure', requestId }]);
  });

  it('is in error pages, OAuth errors and problem details', async () => {
    const headers = { 'x-request-id': 'proxy:0123-abcd_EF.9' };
    const page = await send('/no-such-page', { headers });
    expect(textOf(page.body, 'main')).toContain('give this reference: proxy:0123-abcd_EF.9');
    const oauth = await send(`${OAUTH}/token`, { method: 'POST', headers });
    expect(oauth.json().request_id).toBe('proxy:0123-abcd_EF.9');
    const problem = await send('/api/no-such-address', { headers });
    expect(problem.json().request_id).toBe('proxy:0123-abcd_EF.9');
  });

  it('is the id of each entry of a batch too', async () => {
    const requestId = 'batch-0123456789';
    const get = (url: string) => ({ request: { method: 'GET', url } });
    const response = await send(R4, {
      method: 'POST',
      headers: {
        'x-request-id': requestId,
        authorization: `Bearer ${token.access_token}`,
        'content-type': 'application/fhir+json',
      },
      payload: { resourceType: 'Bundle', type: 'batch', entry: [get('Observation'), get('Observation/none')] },
    });
    const [, failed] = response.json().entry;
    expect(failed.response.outcome.issue[0].diagnostics).toBe(`Request id: ${requestId}`);
    const { body } = await admin.call('GET', `/review/audit?request=${requestId}`);
    expect(body.entries.map(({ kind, outcome }: Record<string, string>) => `${kind} ${outcome}`)).toEqual([
      'read failure',
      'search success',
    ]);
  });
});

describe('the request id', () => {
  it('is random without a header', async () => {
    const ids = [await idOf({}), await idOf({})];
    for (const id of ids) expect(id).toMatch(RANDOM);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(['203.0.113.9', '127.0.0.1', '::ffff:203.0.113.9'])(
    'is random if the sender, %s, isn’t a trusted proxy, whatever it forwards',
    async (from) => {
      const headers = { 'x-request-id': 'chosen-by-the-app', 'x-forwarded-for': PROXY };
      expect(await idOf(headers, from)).toMatch(RANDOM);
    },
  );

  it.each([
    ['too short', '1234567'],
    ['too long', 'a'.repeat(65)],
    ['two ids', '0123456789, 9876543210'],
    ['a line break', '0123456789\\n{"level":50}'],
    ['markup', '<b>0123456789</b>'],
    ['letters outside ASCII', 'año-0123456789'],
  ])('is random if that of the proxy is unsafe: %s', async (_what, given) => {
    expect(await idOf({ 'x-request-id': given })).toMatch(RANDOM);
  });

  it('may have 8 to 64 characters', async () => {
    for (const id of ['12345678', 'z'.repeat(64)]) expect(await idOf({ 'x-request-id': id })).toBe(id);
  });
});
