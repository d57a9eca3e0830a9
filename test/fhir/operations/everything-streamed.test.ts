import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Executor } from '../../../src/database/index.ts';
import { type FhirServer, startFhir } from '../../support/fhir/fhir-server.ts';
import { DEEP } from '../../support/runs/slice.ts';
import { until } from '../../support/runs/until.ts';

const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const ANN = id(901);
/**
 * Number of Observations. Their notes of 9,600 characters each are more than socket buffers hold, compressed or not.
 */
const COPIES = DEEP ? 5000 : 2000;
/** Note of the first Observation. Each copy has a long text instead. */
const NOTE = 'Nothing that is worth be told of.';

let server: FhirServer;
let token: string;
let port: number;
/** The server's end of the newest HTTP connection. */
let socket: Socket;
/** Number of statements so far that fetch the content of resources. */
let fetches = 0;
/** Number of statements that fetch the content of resources and that PostgreSQL hasn't answered yet. */
let pending = 0;
/** While true, statements that fetch the content of resources fail. */
let failing = false;

beforeAll(async () => {
  server = await startFhir({ wrapDatabase: counting });
  const { refused } = await server.load([
    { resourceType: 'Practitioner', id: id(801) },
    { resourceType: 'Patient', id: ANN },
    {
      resourceType: 'Observation',
      id: id(0),
      status: 'final',
      code: { text: 'Weight' },
      subject: { reference: `Patient/${ANN}` },
      performer: [{ reference: `Practitioner/${id(801)}` }],
      note: [{ text: NOTE }],
    },
  ]);
  expect(refused).toEqual([]);
  await copyObservation(1, COPIES - 1);
  token = await server.token(ANN);
  server.app.server.on('connection', (one) => {
    socket = one;
  });
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  port = (server.app.server.address() as AddressInfo).port;
});
afterAll(() => server.close());

/** SQL of the statements that fetch the content of resources. */
const CONTENTS = /r\.content/;

/** Wraps a database to count the statements that fetch the content of resources. */
function counting(db: Database): Database {
  const counted = (executor: Executor): Executor => ({
    query: (statement, parameters) => executor.query(statement, parameters),
    async queryText(text, parameters, name) {
      if (!CONTENTS.test(text)) return executor.queryText(text, parameters, name);
      fetches += 1;
      pending += 1;
      try {
        return await (failing ? executor.queryText('select 1 / 0', []) : executor.queryText(text, parameters, name));
      } finally {
        pending -= 1;
      }
    },
  });
  return { ...db, ...counted(db), withLimits: (bounds) => counted(db.withLimits(bounds)) };
}

/**
 * Adds copies of an Observation.
 * @param rest the characters of their ids after the number
 */
async function copyObservation(from: number, to: number, rest = id(0).slice(8)): Promise<void> {
  const found = await server.db.queryText<{ name: string }>(
    "select column_name as name from information_schema.columns where table_name = 'resource' and table_schema = 'public'",
    [],
  );
  const columns = found.map(({ name }) => name);
  const letters = "(select string_agg(md5((1000 * n + i)::text), '') from generate_series(1, 300) i)";
  const number = `lpad(n::text, 8, '0') || '${rest}'`;
  const copied = columns.map((name) => {
    if (name === 'id') return `(${number})::uuid`;
    return name === 'content'
      ? `replace(replace(r.content, r.id::text, ${number}), '${NOTE}', ${letters})`
      : `r.${name}`;
  });
  await server.db.queryText(
    `insert into resource (${columns.join(', ')})
     select ${copied.join(', ')} from resource r, generate_series($2::int, $3::int) n where r.id = $1`,
    [id(0), from, to],
  );
  // Each write raises the version of the record in its transaction.
  await server.db.queryText('update record set version = version + 1', []);
}

async function open(path = '/Patient/$everything', more: Record<string, string> = {}): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${token}`, ...more };
  const sent = request({ port, host: '127.0.0.1', path: `/api/fhir/r4${path}`, headers, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function whole(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Number of client connections that run a statement or have an open transaction. */
async function busyConnections(): Promise<number | undefined> {
  const [row] = await server.db.queryText<{ busy: number }>(
    `select count(*)::int as busy from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and state <> 'idle'
       and pid <> pg_backend_pid()`,
    [],
  );
  return row?.busy;
}

/**
 * Waits until the server has read as much as the sockets take.
 * @returns the number of fetches and busy connections at that moment
 */
async function whenBlocked(): Promise<{ readonly fetched: number; readonly busy: number | undefined }> {
  let busy: number | undefined;
  const isBlocked = () => socket.writableNeedDrain && pending === 0;
  await until(async () => {
    if (!isBlocked()) return false;
    const before = fetches;
    busy = await busyConnections();
    return isBlocked() && fetches === before;
  });
  return { fetched: fetches, busy };
}

describe(`a record of ${COPIES} resources`, () => {
  it('is one Bundle with the counted number of entries', async () => {
    server.disclosures.length = 0;
    const bundle = JSON.parse(await whole(await open()));
    const ids = bundle.entry.map(({ fullUrl }: { fullUrl: string }) => fullUrl);
    expect({ total: bundle.total, found: ids.length, distinct: new Set(ids).size }).toEqual({
      total: COPIES + 1,
      found: COPIES + 2,
      distinct: COPIES + 2,
    });
    expect(server.disclosures.map(({ type, resources }) => [type, resources])).toEqual([
      ['Patient', 1],
      ['Observation', COPIES],
    ]);
  });

  it('has pages that add up to it', async () => {
    const seen = new Set<string>();
    for (let path: string | undefined = `/Patient/$everything?_count=${COPIES / 5}`; path !== undefined; ) {
      const bundle = JSON.parse(await whole(await open(path)));
      for (const { fullUrl, search } of bundle.entry) if (search.mode === 'match') seen.add(fullUrl);
      const next: string | undefined = bundle.link[1]?.url;
      path = next?.slice(next.indexOf('/Patient'));
    }
    expect(seen.size).toBe(COPIES + 1);
  });

  it('is read as fast as the client reads, and no connection waits for it', async () => {
    fetches = 0;
    const response = await open();
    response.pause();
    const { fetched, busy } = await whenBlocked();
    expect(busy).toBe(0);
    const bundle = JSON.parse(await whole(response));
    expect(bundle.entry).toHaveLength(COPIES + 2);
    expect(fetched).toBeLessThan(fetches / 2);
  });

  it('is read no further when the client has disconnected', async () => {
    fetches = 0;
    await whole(await open());
    const all = fetches;
    fetches = 0;
    const response = await open();
    response.destroy();
    await until(() => socket.destroyed && pending === 0);
    expect(fetches).toBeLessThan(all / 3);
  });

  it('skips resources that are deleted during the response, and remains a valid Bundle', async () => {
    const response = await open();
    response.pause();
    await server.db.queryText('delete from resource where id = $1', [id(COPIES - 1)]);
    await server.db.queryText("update resource set content = replace(content, 'final', 'amended') where id = $1", [
      id(COPIES - 2),
    ]);
    const { entry } = JSON.parse(await whole(response));
    expect(entry).toHaveLength(COPIES + 1);
    const changed = entry.find(({ resource }: { resource: { id: string } }) => resource.id === id(COPIES - 2));
    expect(changed.resource.status).toBe('amended');
    await server.db.queryText('delete from resource where id = $1', [id(COPIES - 2)]);
    await copyObservation(COPIES - 2, COPIES - 1);
  });
});

describe('a resource that is added during the response', () => {
  const added = id(COPIES / 2).replace(/0$/, '1');
  afterAll(() => server.db.queryText('delete from resource where id = $1', [added]));

  it('isn’t included, though its id is among the others, which keep their order', async () => {
    const response = await open();
    response.pause();
    await copyObservation(COPIES / 2, COPIES / 2, added.slice(8));
    const { total, entry } = JSON.parse(await whole(response));
    const ids: string[] = entry
      .map(({ resource }: { resource: { resourceType: string; id: string } }) => resource)
      .filter(({ resourceType }: { resourceType: string }) => resourceType === 'Observation')
      .map((resource: { id: string }) => resource.id);
    expect({ found: ids.length, hasAdded: ids.includes(added) }).toEqual({ found: total - 1, hasAdded: false });
    expect(ids).toEqual([...ids].sort());
    expect(JSON.parse(await whole(await open())).total).toBe(total + 1);
  });
});

describe('a Bundle that breaks off', () => {
  const FORMS = [
    ['as it is', {}],
    ['in XML', { accept: 'application/fhir+xml' }],
    ['by gzip', { 'accept-encoding': 'gzip' }],
    ['by brotli', { 'accept-encoding': 'br' }],
  ] as const;
  const broken = async (response: IncomingMessage) =>
    whole(response).then(
      (text) => `whole: ${text.length}`,
      (error: NodeJS.ErrnoException) => error.code,
    );

  it.each(FORMS)('when access ends can’t be mistaken for a complete one, %s', async (_form, headers) => {
    const given = await server.token(ANN);
    const response = await open('/Patient/$everything', { ...headers, authorization: `Bearer ${given}` });
    response.pause();
    server.endToken(given);
    server.clock.set(new Date(server.clock.now().getTime() + 2000));
    expect({ status: response.statusCode, broken: await broken(response) }).toEqual({
      status: 200,
      broken: 'ECONNRESET',
    });
  });

  it.each(FORMS)(
    'when access is reduced can’t be mistaken for a complete one, even if its contents aren’t affected, %s',
    async (_form, headers) => {
      const given = await server.token(ANN);
      const response = await open('/Patient/$everything', { ...headers, authorization: `Bearer ${given}` });
      response.pause();
      server.changeGrant(given, { withheld: [{ system: 'urn:a', code: 'PSY' }] });
      server.clock.set(new Date(server.clock.now().getTime() + 2000));
      expect({ status: response.statusCode, broken: await broken(response) }).toEqual({
        status: 200,
        broken: 'ECONNRESET',
      });
    },
  );

  it.each(FORMS)('when the database fails can’t be mistaken for a complete one, %s', async (_form, headers) => {
    const response = await open('/Patient/$everything', headers);
    response.pause();
    await server.db.queryText('alter table resource rename to gone', []);
    const result = await broken(response);
    await server.db.queryText('alter table gone rename to resource', []);
    expect(result).toBe('ECONNRESET');
  });

  it.each(FORMS)('before its first byte is an ordinary error, %s', async (_form, headers) => {
    failing = true;
    const response = await open('/Patient/$everything', headers);
    const body = await whole(response);
    failing = false;
    expect(response.statusCode).toBe(500);
    expect(body).toMatch(/OperationOutcome.*"internal"/s);
  });
});
