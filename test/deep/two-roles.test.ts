import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/database/index.ts';
import { dropDatabase, newDatabase } from '../support/database/databases.ts';
import { findPgbouncer, startPgbouncer } from '../support/database/pgbouncer.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { runCli } from '../support/servers/command-line.ts';
import { connectOverHttp } from '../support/servers/over-http.ts';
import { bundledServer, freePort, startServerProcess } from '../support/servers/processes.ts';

const PASSWORD = 'secret';
const PATIENT_SEARCH = '/nge/prod/fhir-api-r4/fhir/r4/Patient';

/** Creates an empty database that one role owns, and another role without any rights for the server. */
async function createRoles() {
  const url = await newDatabase(testDatabase());
  const mark = randomBytes(6).toString('hex');
  const [owner, server] = [`owner_${mark}`, `server_${mark}`];
  const root = openDatabase({ connectionString: url }, 1);
  const name = new URL(url).pathname.slice(1);
  for (const role of [owner, server]) await root.queryText(`create role ${role} login password '${PASSWORD}'`, []);
  await root.queryText(`alter database ${name} owner to ${owner}; alter schema public owner to ${owner}`, []);
  onTestFinished(async () => {
    await root.queryText(`drop owned by ${server}; drop owned by ${owner} cascade`, []);
    await root.queryText(`alter database ${name} owner to current_user; drop role ${server}, ${owner}`, []);
    await root.close();
    await dropDatabase(testDatabase(), url);
  });
  const urlAs = (username: string) => Object.assign(new URL(url), { username, password: PASSWORD }).href;
  return { root, url, owner, server, urlAs };
}

/** Starts a server with a sandbox, and connects an app with it. @returns the status of the app's request */
async function serve(settings: Readonly<Record<string, string>>) {
  const env = { ...settings, SANDBOX: 'on', PORT: String(await freePort()) };
  const running = await startServerProcess(env, onTestFinished, bundledServer());
  const words = ['apps', 'add', '--name', 'App', '--redirect-uri', 'https://app.example/callback', '--api', 'r4'];
  const { out, err } = await runCli([...words, '--json'], env);
  if (out === '') throw new Error(err);
  const client = { ...JSON.parse(out), redirect_uri: 'https://app.example/callback' };
  const { access_token } = await connectOverHttp(running.origin, client);
  const headers = { authorization: `Bearer ${access_token}` };
  return { running, get: async (path: string) => (await fetch(`${running.origin}${path}`, { headers })).status };
}

it('two workers use only the role that can’t change the schema', { timeout: 180_000 }, async () => {
  const { root, owner, server, urlAs } = await createRoles();
  const settings = { DATABASE_URL: urlAs(server), MIGRATION_DATABASE_URL: urlAs(owner), WORKERS: '2' };
  const { running, get } = await serve(settings);
  // Each connection reaches the next worker.
  expect(await Promise.all([1, 2, 3, 4].map(() => get(PATIENT_SEARCH)))).toEqual([200, 200, 200, 200]);
  expect(await Promise.all([1, 2].map(() => get('/readyz')))).toEqual([200, 200]);
  const sql =
    "select distinct usename::text as role from pg_stat_activity where application_name = 'patient-access-3' and datname = current_database() and pid <> pg_backend_pid()";
  expect(await root.queryText(sql, [])).toEqual([{ role: server }]);
  expect((await running.stop()).code).toBe(0);
});

const program = findPgbouncer();

it.skipIf(program === undefined)(
  `two roles work through PgBouncer${program === undefined ? ' (skipped: PgBouncer isn’t installed)' : ''}`,
  { timeout: 180_000 },
  async () => {
    const { url, owner, server } = await createRoles();
    const pooler = await startPgbouncer(program ?? '', url, 4, { [owner]: PASSWORD, [server]: PASSWORD });
    onTestFinished(() => pooler.close());
    const { running, get } = await serve({
      DATABASE_URL: pooler.urlAs(server, PASSWORD),
      MIGRATION_DATABASE_URL: pooler.urlAs(owner, PASSWORD),
    });
    expect(await get(PATIENT_SEARCH)).toBe(200);
    expect(await get('/readyz')).toBe(200);
    expect((await running.stop()).code).toBe(0);
  },
);
