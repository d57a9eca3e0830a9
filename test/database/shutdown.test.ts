import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import pg from 'pg';
import { expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';
import { connectApp, OAUTH, R4 } from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { startServer } from '../support/servers/server.ts';

it('a request that is in flight when the server stops, and whose client is gone, isn’t logged as an internal error', async () => {
  const server = await startServer();
  const { access_token } = await connectApp(server.app, await addApp(server));
  // Within a transaction, pg_stat_activity doesn't change after it is first read. So one connection holds the lock, and
  // another one watches.
  const [other, watcher] = [new pg.Client(server.databaseUrl), new pg.Client(server.databaseUrl)];
  await Promise.all([other.connect(), watcher.connect()]);
  const count = async (condition: string) =>
    (
      await watcher.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'patient-access-3' and ${condition}`,
      )
    ).rowCount;

  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  await other.query('begin; lock table resource in access exclusive mode');
  const headers = { authorization: `Bearer ${access_token}` };
  const client = request({ port, path: `${R4}/Patient`, headers });
  client.on('error', () => {}).end();
  await until(async () => (await count("wait_event_type = 'Lock'")) === 1);
  client.destroy();
  // The database can be dropped only when no other connection uses it.
  const stopped = server.app.close().then(() => server.db.close());
  // Waits until the statement was canceled, because its client is gone, or until it is the last one that runs.
  await until(async () => ((await count('true')) ?? 0) <= 1);
  await other.query('commit');
  await Promise.all([other.end(), watcher.end()]);
  await stopped;
  expect(server.log.filter((line) => line.includes('"internal"'))).toEqual([]);
});

/**
 * Opens a connection, gets a response, and begins another request. The server then waits for the rest of that request.
 * @returns a function that sends the rest, and returns the response
 */
async function beginRequest(port: number, request: string): Promise<() => Promise<string>> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += String(chunk);
  });
  socket.write(`GET /livez HTTP/1.1\r\nhost: localhost\r\n\r\n${request} HTTP/1.1\r\nhost: `);
  await until(() => received.endsWith('ok\n'));
  return async () => {
    received = '';
    socket.write('localhost\r\n\r\n');
    await once(socket, 'close');
    return received;
  };
}

it('a server that stops finishes what it has begun, and rejects late requests in the format of their surface', async () => {
  const server = await startServer();
  const { app } = server;
  const { access_token } = await connectApp(app, await addApp(server));
  const authorization = `Bearer ${access_token}`;
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const late: [string, number, string, string][] = [
    [`GET ${R4}/Patient`, 503, 'application/fhir+json', '"code":"transient"'],
    [`GET ${OAUTH}/userinfo`, 503, 'application/json', '"error":"temporarily_unavailable"'],
    ['GET /api/session', 503, 'application/problem+json', '"code":"unavailable"'],
    ['GET /sign-in', 503, 'text/html', '<title>'],
    ['GET /readyz', 503, 'text/plain', 'not ready'],
    ['GET /livez', 200, 'text/plain', 'ok'],
  ];
  const sendRest = await Promise.all(late.map(([request]) => beginRequest(port, request)));

  const health = async () => ({
    live: (await app.inject('/livez')).statusCode,
    ready: (await app.inject('/readyz')).statusCode,
  });
  expect(await health()).toEqual({ live: 200, ready: 200 });
  server.beginDrain();
  expect(await health()).toEqual({ live: 200, ready: 503 });
  // A load balancer needs some seconds to notice. Until then, all requests are answered.
  const { statusCode, headers } = await app.inject({ url: `${R4}/Patient`, headers: { authorization } });
  expect({ statusCode, connection: headers.connection }).toEqual({ statusCode: 200, connection: 'keep-alive' });

  const [other, watcher] = [new pg.Client(server.databaseUrl), new pg.Client(server.databaseUrl)];
  await Promise.all([other.connect(), watcher.connect()]);
  await other.query('begin; lock table resource in access exclusive mode');
  const inFlight = fetch(`http://127.0.0.1:${port}${R4}/Patient`, { headers: { authorization } });
  await until(async () => (await watcher.query(WAITING_FOR_LOCK)).rowCount === 1);
  const closed = app.close();
  await until(() => !app.server.listening);
  const responses = await Promise.all(sendRest.map((send) => send()));
  for (const [at, [request, status, type, body]] of late.entries()) {
    const response = responses[at] ?? '';
    expect(response, request).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(response.toLowerCase(), request).toContain(`content-type: ${type}`);
    expect(response, request).toContain(body);
    expect(/retry-after: 1\r/i.test(response), request).toBe(status === 503 && type !== 'text/plain');
  }
  await other.query('commit');
  expect((await inFlight).status).toBe(200);
  await closed;
  await Promise.all([other.end(), watcher.end()]);
  await server.db.close();
});

it('a server is ready as long as its database can be reached and has all migrations, also newer ones', async () => {
  const server = await startServer();
  const ready = async () => {
    const { statusCode, body, headers } = await server.app.inject('/readyz');
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toBe(statusCode === 200 ? 'ready\n' : 'not ready\n');
    return statusCode === 200;
  };
  expect(await ready()).toBe(true);
  await server.db.queryText("insert into schema_migration (name, run_on) values ('999_newer', now())", []);
  await server.db.queryText("update schema_migration set name = '001_other' where name = '001_foundation'", []);
  await until(async () => !(await ready()));
  await server.db.queryText("update schema_migration set name = '001_foundation' where name = '001_other'", []);
  await until(ready);
  await server.db.queryText('alter table schema_migration rename to elsewhere', []);
  await until(async () => !(await ready()));
  const states = server.log.filter((line) => line.includes('"ready"')).map((line) => JSON.parse(line));
  expect(states).toMatchObject([
    { level: 40, ready: false, problem: 'migrations-pending' },
    { level: 30, ready: true },
    { level: 40, ready: false, problem: 'unreachable' },
  ]);
  // Successful checks aren't logged: load balancers ask every few seconds.
  expect(server.log.filter((line) => line.includes('"/readyz"') && line.includes('"status":200'))).toEqual([]);
  await server.close();
});

it('a drained server answers one more request on each open connection, and accepts no new one', async () => {
  const server = await startServer();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const get = async () => {
    const [response] = (await once(request({ port, path: `${R4}/metadata`, agent }).end(), 'response')) as [
      IncomingMessage,
    ];
    await once(response.resume(), 'end');
    return { status: response.statusCode, connection: response.headers.connection };
  };
  expect(await get()).toEqual({ status: 200, connection: 'keep-alive' });
  const ended = server.endConnections();
  await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
  expect(await get()).toEqual({ status: 200, connection: 'close' });
  await ended;
  await server.close();
});
