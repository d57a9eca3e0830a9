import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AccessGrant } from '../../../src/access/index.ts';
import { createRequestQueue } from '../../../src/fhir/index.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { patient } from '../../support/fhir/charts.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { until } from '../../support/runs/until.ts';

const ANN = '0000000a-0000-4000-8000-000000000000';
const LOCKED = '/Observation?code=x';

/** Creates a token with a grant, a person and, unless it is given, an app of its own. */
async function grant(server: FhirServer, number: number, clientId = `app ${number}`): Promise<string> {
  const uuid = (kind: string) => `${kind}${String(number).padStart(7, '0')}-0000-4000-8000-000000000000` as never;
  const token = await server.token(ANN, { scope: 'patient/*.rs' });
  server.changeGrant(token, { grantId: uuid('b'), accountId: uuid('c'), clientId: clientId as never });
  return token;
}

/**
 * Locks the table of resources while `work` runs. Searches of records wait in the database, searches of the directory
 * don't.
 */
const whileLocked = <Result>({ db }: FhirServer, work: () => Promise<Result>): Promise<Result> =>
  db.transaction(async (tx) => {
    await tx.queryText('lock table resource in access exclusive mode', []);
    return work();
  });

const waitingStatements = async ({ db }: FhirServer): Promise<number> =>
  (await db.queryText(WAITING_FOR_LOCK, [])).length;

async function filled(turns: ReturnType<typeof createRequestQueue>): Promise<FhirServer> {
  const server = await startFhir({ turns });
  const doctor = { resourceType: 'Practitioner', id: 'grey', name: [{ family: 'Grey' }] };
  const { refused } = await server.load([patient(ANN, 'Ann'), doctor]);
  expect(refused).toEqual([]);
  return server;
}

describe('searches take turns', () => {
  let server: FhirServer;
  beforeAll(async () => {
    server = await filled(createRequestQueue());
  });
  afterAll(() => server.close());

  it('one grant never occupies all slots, however much it requests', async () => {
    const [busy, other] = [await grant(server, 1), await grant(server, 2)];
    const all = await whileLocked(server, async () => {
      const searches = Array.from({ length: 20 }, () => server.get(busy, LOCKED));
      await until(async () => (await waitingStatements(server)) > 0);
      expect((await server.get(other, '/Practitioner')).json().total).toBe(1);
      expect(await waitingStatements(server)).toBeLessThanOrEqual(3);
      return { searches };
    });
    expect((await Promise.all(all.searches)).map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
  });

  it('one app never occupies all slots while another sends requests, however many people use it', async () => {
    const other = await grant(server, 11);
    const busy: string[] = [];
    for (const number of [12, 13, 14, 15]) busy.push(await grant(server, number, 'busy'));
    const find = () => server.get(other, '/Practitioner');
    await find();
    const all = await whileLocked(server, async () => {
      const searches = busy.flatMap((token) => Array.from({ length: 2 }, () => server.get(token, LOCKED)));
      await until(async () => (await waitingStatements(server)) === 2);
      expect((await find()).json().total).toBe(1);
      expect(await waitingStatements(server)).toBe(2);
      return { searches };
    });
    expect((await Promise.all(all.searches)).map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
  });

  it('searches of many grants leave slots for reads by key', async () => {
    const busy: string[] = [];
    for (const number of [3, 4, 5, 6]) busy.push(await grant(server, number));
    const other = await grant(server, 7);
    const [{ resource: doctor }] = (await server.get(other, '/Practitioner')).json().entry;
    const all = await whileLocked(server, async () => {
      const searches = busy.flatMap((token) => Array.from({ length: 5 }, () => server.get(token, LOCKED)));
      await until(async () => (await waitingStatements(server)) === 4);
      expect((await server.get(other, `/Practitioner/${doctor.id}`)).statusCode).toBe(200);
      return { searches };
    });
    expect((await Promise.all(all.searches)).map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
  });
});

describe('a search that waits too long for its turn', () => {
  let server: FhirServer;
  beforeAll(async () => {
    server = await filled(createRequestQueue({ turn: 1, statement: 5000 }));
  });
  afterAll(() => server.close());

  it('is answered with Retry-After, and recorded', async () => {
    const token = await grant(server, 1);
    const { searches, late } = await whileLocked(server, async () => {
      const searches = Array.from({ length: 3 }, () => server.get(token, LOCKED));
      await until(async () => (await waitingStatements(server)) === 3);
      return { searches, late: await server.get(token, LOCKED) };
    });
    expect({ status: late.statusCode, retryAfter: late.headers['retry-after'] }).toEqual({
      status: 503,
      retryAfter: '5',
    });
    const [issue] = late.json().issue;
    expect({ code: issue.code, detail: issue.details.coding[0].code }).toEqual({
      code: 'transient',
      detail: 'unavailable',
    });
    expect(issue.details.text).toMatch(/^Too many requests are waiting/);
    const failures = server.disclosures.filter(({ outcome }) => outcome === 'failure');
    expect(failures).toMatchObject([{ detail: { problem: 'unavailable' } }]);
    expect((await Promise.all(searches)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  });
});

describe('a client that hangs up', () => {
  let server: FhirServer;
  let address: string;
  beforeAll(async () => {
    server = await filled(createRequestQueue());
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    address = `http://127.0.0.1:${port}/api/fhir/r4`;
  });
  afterAll(() => server.close());

  it('has its statement canceled, and is recorded as disconnected', async () => {
    const token = await grant(server, 1);
    await whileLocked(server, async () => {
      const leaving = new AbortController();
      const headers = { authorization: `Bearer ${token}` };
      const search = fetch(`${address}${LOCKED}`, { headers, signal: leaving.signal });
      await until(async () => (await waitingStatements(server)) === 1);
      leaving.abort();
      await expect(search).rejects.toThrow();
      await until(async () => (await waitingStatements(server)) === 0);
    });
    await until(() => server.disclosures.at(-1)?.detail['problem'] === 'client-gone');
    expect((await server.get(token, LOCKED)).statusCode).toBe(200);
  });

  it('gives up its turn while it waits for one', async () => {
    const token = await grant(server, 1);
    const { searches } = await whileLocked(server, async () => {
      const searches = Array.from({ length: 3 }, () => server.get(token, LOCKED));
      await until(async () => (await waitingStatements(server)) === 3);
      const leaving = new AbortController();
      const headers = { authorization: `Bearer ${token}` };
      const before = server.presentedTokens.length;
      const search = fetch(`${address}${LOCKED}`, { headers, signal: leaving.signal });
      await until(() => server.presentedTokens.length > before);
      leaving.abort();
      await expect(search).rejects.toThrow();
      await until(() => server.disclosures.at(-1)?.detail['problem'] === 'client-gone');
      return { searches };
    });
    expect((await Promise.all(searches)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
  });

  it('no longer counts among the requests of its app while it reads its response slowly', async () => {
    const text = 'A long note. '.repeat(20_000);
    const notes = Array.from({ length: 20 }, (_, at) => ({
      resourceType: 'Observation',
      id: `note-${at}`,
      status: 'final',
      code: { text: 'Note' },
      subject: { reference: `Patient/${ANN}` },
      note: [{ text }],
    }));
    expect((await server.load(notes)).refused).toEqual([]);
    const slow = await grant(server, 21);
    const busy: string[] = [];
    for (const number of [22, 23, 24, 25]) busy.push(await grant(server, number, 'busy'));
    const { hostname, port, pathname } = new URL(address);
    const socket = connect(Number(port), hostname).pause();
    socket.write(`GET ${pathname}/Observation HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${slow}\r\n\r\n`);
    const recorded = server.disclosures.length;
    await until(() => server.disclosures.length > recorded);
    const all = await whileLocked(server, async () => {
      const searches = busy.flatMap((token) => Array.from({ length: 2 }, () => server.get(token, LOCKED)));
      await until(async () => (await waitingStatements(server)) === 4);
      return { searches };
    });
    expect((await Promise.all(all.searches)).map(({ statusCode }) => statusCode)).toEqual(Array(8).fill(200));
    socket.destroy();
  });
});

describe('a client that hangs up while its token is checked', () => {
  afterEach(() => void vi.useRealTimers());

  it('gets nothing read, is recorded as disconnected, and doesn’t count for its app any longer', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const queue = createRequestQueue();
    const server = await filled(queue);
    onTestFinished(() => server.close());
    const authorization = `Bearer ${await grant(server, 1)}`;
    await server.app.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.app.server.address() as AddressInfo;
    const connected = once(server.app.server, 'connection');
    const release = server.holdTokenChecks();
    const client = connect(port, '127.0.0.1');
    client.write(`GET /api/fhir/r4/Patient HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`);
    const [connection] = await connected;
    await until(() => server.presentedTokens.length > 0);
    client.destroy();
    await once(connection, 'close');
    release();
    await until(() => server.disclosures.length > 0);
    expect(server.disclosures).toMatchObject([{ outcome: 'failure', detail: { problem: 'client-gone' } }]);

    // An app shares the queue with those of the last second. Only if it is alone may its searches use more than two slots.
    vi.advanceTimersByTime(2000);
    const { promise, resolve } = Promise.withResolvers<void>();
    const other = { clientId: 'other', accountId: 'someone' } as unknown as AccessGrant;
    const { signal } = new AbortController();
    const searches = Array.from({ length: 3 }, () => queue.run(other, 'search', () => promise, signal));
    expect(queue.state().searches).toEqual({ running: 3, waiting: 0 });
    resolve();
    await Promise.all(searches);
  });
});
