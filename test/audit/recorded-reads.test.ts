import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Database, Executor } from '../../src/database/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { connectApp, DSTU2, getFhir, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let token: string;
let patient: string;
let observation: string;

beforeAll(async () => {
  server = await startServer();
  const answer = await connectApp(server.app, await addApp(server));
  token = answer.access_token;
  patient = answer.patient;
  const bundle = await read(`${R4}/Observation?_count=1`);
  observation = bundle.json().entry[0].resource.id;
});
afterAll(() => server.close());

const read = (url: string, headers?: Record<string, string>) => getFhir(server.app, url, token, headers);

/** Runs reads, and returns the events that they have added to the audit log, without ids and times of their own. */
async function eventsOf(reads: () => Promise<unknown>): Promise<readonly Record<string, unknown>[]> {
  const sql = 'select to_jsonb(e) as event from audit_event e where not id = any($1) order by at, id';
  const known = (await server.db.queryText<{ id: string }>('select id from audit_event', [])).map(({ id }) => id);
  await reads();
  const rows = await server.db.queryText<{ event: Record<string, unknown> }>(sql, [`{${known.join(',')}}`]);
  return rows.map(({ event: { id, at, request_id, ...event } }) => event);
}

describe('the audit log of searches', () => {
  const few = () => `${R4}/Condition?_count=100`;
  const many = () => `${R4}/Observation?_count=5`;

  it.each([
    ['a page with all matches', few],
    ['the first of several pages', many],
  ])('has the same event for %s, alone or beside others', async (_what, url) => {
    const [first, ...others] = await eventsOf(() => read(url()));
    expect(others).toEqual([]);
    const { total, entry } = (await read(url())).json();
    expect(first).toMatchObject({
      kind: 'search',
      outcome: 'success',
      resources: entry.length,
      detail: { total, parameters: ['_count'] },
      record_id: expect.any(Number),
    });
    expect(await eventsOf(() => read(url()))).toEqual([first]);
    expect(await eventsOf(() => Promise.all([1, 2, 3].map(() => read(url()))))).toEqual([first, first, first]);
  });

  it('has no total for a later page, which has it from the client', async () => {
    const { link } = (await read(many())).json();
    const next = new URL(link.find(({ relation }: { relation: string }) => relation === 'next').url);
    const [event, ...others] = await eventsOf(() => read(`${next.pathname}${next.search}`));
    expect(others).toEqual([]);
    expect(event).toMatchObject({ kind: 'search', outcome: 'success', resources: 5 });
    expect(event?.['detail']).not.toHaveProperty('total');
  });

  it('has the new total after the record has changed', async () => {
    const { total, entry } = (await read(many())).json();
    await read(many());
    await server.db.queryText('delete from resource where id = $1', [entry.at(-1).resource.id]);
    await server.db.queryText('update record set version = version + 1', []);
    expect(await eventsOf(() => read(many()))).toMatchObject([{ resources: 5, detail: { total: total - 1 } }]);
  });

  it('has one event for a search without matches', async () => {
    expect(await eventsOf(() => read(`${R4}/Condition?onset-date=lt1800-01-01`))).toMatchObject([
      { kind: 'search', outcome: 'success', resources: 0, detail: { total: 0 } },
    ]);
  });
});

describe('the connection of a statement that records its own disclosure', () => {
  /** Connections of such statements so far: the one that all requests share, or one of the request. */
  const connections: ('shared' | 'own')[] = [];
  const watched = ({ query, queryText }: Executor, connection: 'shared' | 'own'): Executor => ({
    query,
    queryText(text, parameters, name) {
      if (name?.endsWith('.audit') === true) connections.push(connection);
      return queryText(text, parameters, name);
    },
  });

  it.each([
    ['is shared for a read by id', () => `${R4}/Observation/${observation}`, 'shared'],
    ['is shared for a short page', () => `${R4}/Observation?_count=5`, 'shared'],
    ['is the request’s own for a page of 100', () => `${R4}/Observation?_count=100`, 'own'],
  ])('%s', async (_what, url, connection) => {
    const db: Database = {
      ...server.db,
      dedicatedConnection: (options) => watched(server.db.dedicatedConnection(options), 'shared'),
      withLimits: (limits) => watched(server.db.withLimits(limits), 'own'),
    };
    const { app } = await createApp(server.config, db, { clock: server.clock, logTo: { write() {} } });
    onTestFinished(() => app.close());
    const get = () => getFhir(app, url(), token);
    // The first request counts the total.
    await get();
    connections.length = 0;
    expect(await eventsOf(get)).toHaveLength(1);
    expect(connections).toEqual([connection]);
  });
});

describe('the audit log of reads by id', () => {
  it('has the same event for a read that comes alone and for reads that come together', async () => {
    const url = `${R4}/Observation/${observation}`;
    const [alone, ...others] = await eventsOf(() => read(url));
    expect(alone).toMatchObject({
      kind: 'read',
      outcome: 'success',
      type: 'Observation',
      resources: 1,
      detail: { id: observation },
      record_id: expect.any(Number),
      account_id: expect.any(String),
      client_id: expect.any(String),
      grant_id: expect.any(String),
      family_id: expect.any(String),
    });
    expect(others).toEqual([]);
    const together = await eventsOf(() => Promise.all([1, 2, 3, 4].map(() => read(url))));
    expect(together).toEqual([alone, alone, alone, alone]);
  });

  it('has the request id of the response', async () => {
    const { headers } = await read(`${R4}/Patient/${patient}`);
    const found = await server.db.queryText('select kind, type from audit_event where request_id = $1', [
      headers['x-request-id'],
    ]);
    expect(found).toEqual([{ kind: 'read', type: 'Patient' }]);
  });

  it('has the id as it is stored, if a client writes it in capital letters', async () => {
    expect(await eventsOf(() => read(`${R4}/Observation/${observation.toUpperCase()}`))).toMatchObject([
      { outcome: 'success', detail: { id: observation } },
    ]);
  });

  it('names the type of the DSTU2 API', async () => {
    expect(await eventsOf(() => read(`${DSTU2}/Observation/${observation}`))).toMatchObject([
      { kind: 'read', outcome: 'success', type: 'Observation', resources: 1, detail: { id: observation } },
    ]);
  });

  it('has one failure for a resource that isn’t found', async () => {
    const missing = crypto.randomUUID();
    expect(await eventsOf(() => read(`${R4}/Observation/${missing}`))).toMatchObject([
      { kind: 'read', outcome: 'failure', resources: 0, detail: { problem: 'not-found' } },
    ]);
  });

  it('discloses nothing in a response 304', async () => {
    const { headers } = await read(`${R4}/Observation/${observation}`);
    const again = () => read(`${R4}/Observation/${observation}`, { 'if-none-match': String(headers['etag']) });
    expect(await eventsOf(again)).toMatchObject([
      { outcome: 'success', resources: 0, detail: { id: observation, notModified: true } },
    ]);
  });

  it('prevents the response if the event can’t be stored', async () => {
    await server.db.queryText(
      `create function no_room() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
       create trigger no_room before insert on audit_event for each row execute function no_room()`,
      [],
    );
    try {
      const { statusCode, body } = await read(`${R4}/Observation/${observation}`);
      expect(statusCode).toBe(503);
      expect(body).not.toContain(observation);
    } finally {
      await server.db.queryText('drop trigger no_room on audit_event; drop function no_room()', []);
    }
    expect((await read(`${R4}/Observation/${observation}`)).statusCode).toBe(200);
  });
});
