import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { connectApp, R4 } from '../support/people/patient.ts';
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
        `select from pg_stat_activity where datname = current_database() and application_name = 'patient-access' and ${condition}`,
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
