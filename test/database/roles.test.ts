import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { type Database, findMissingRights, grantRights, openDatabase } from '../../src/database/index.ts';
import { daysAgo, recordReads } from '../audit/audit-keeper.ts';
import { addApp } from '../support/apps/apps.ts';
import { dropDatabase, newDatabase } from '../support/database/databases.ts';
import { makeFolder } from '../support/database/folders.ts';
import { testDatabase } from '../support/database/test-database.ts';
import { connectApp, encodeForm, FORM, OAUTH, PatientBrowser, R4 } from '../support/people/patient.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { runCli } from '../support/servers/command-line.ts';
import { freePort } from '../support/servers/processes.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** A role without any rights of its own, as an operator creates it for the server. */
const ROLE = `server_${randomBytes(6).toString('hex')}`;
const asRole = (url: string): string => Object.assign(new URL(url), { username: ROLE, password: 'secret' }).href;

const cluster = (): Database => openDatabase({ connectionString: testDatabase() }, 1);
beforeAll(async () => {
  const db = cluster();
  await db.queryText(`create role ${ROLE} login password 'secret'`, []);
  await db.close();
});
afterAll(async () => {
  const db = cluster();
  await db.queryText(`drop role ${ROLE}`, []);
  await db.close();
});

describe('the role of the server', () => {
  let server: TestServer;
  let limited: Database;
  let composed: Awaited<ReturnType<typeof createApp>>;
  const archive = makeFolder();
  beforeAll(async () => {
    server = await startServer({ AUDIT_ARCHIVE_DIR: archive.folder });
    await grantRights({ connectionString: server.databaseUrl }, ROLE);
    limited = openDatabase({ connectionString: asRole(server.databaseUrl) }, 6);
    composed = await createApp(server.config, limited, { clock: server.clock, logTo: { write() {} } });
  });
  afterAll(async () => {
    await composed.app.close();
    await limited.close();
    await server.db.queryText(`drop owned by ${ROLE}`, []);
    await server.close();
    await archive.remove();
  });

  it('serves apps, people and scheduled tasks', async () => {
    expect(await findMissingRights(limited)).toEqual([]);
    const { app } = composed;
    const registered = await addApp(server);
    const { access_token, refresh_token = '' } = await connectApp(app, registered);
    const { client_id, client_secret = '' } = registered;
    const get = async (url: string) =>
      (await app.inject({ url: `${R4}${url}`, headers: { authorization: `Bearer ${access_token}` } })).statusCode;
    expect(await get('/Patient')).toBe(200);
    expect(await get('/Observation?category=laboratory&_include=*')).toBe(200);
    const payload = encodeForm({ grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    const refreshed = await app.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload });
    expect(refreshed.statusCode).toBe(200);
    const browser = new PatientBrowser(app);
    await browser.signIn('/sign-in?return_to=/account');
    const overview = (await browser.get('/account')).location ?? '';
    expect((await browser.get(overview)).status).toBe(200);
    // Each task deletes or creates something, and the jobs read all that they may work on.
    await composed.purgeExpired();
    await composed.deliverMail();
    await composed.runExports();
    await composed.runBulkInvitations();
    await composed.upgradeRecords();
    await composed.runMaintenance();
    expect((await app.inject('/readyz')).statusCode).toBe(200);
  });

  it('creates partitions of the audit log for months to come, and nothing else', async () => {
    const exists = "select to_regclass('audit_event_2031_12') is not null as created";
    for (const time of ['2031-12-31', '2031-12-01'])
      await limited.queryText(`select create_audit_partition('${time}')`, []);
    expect(await limited.queryText(exists, [])).toEqual([{ created: true }]);
    await expect(limited.queryText('create table other ()', [])).rejects.toMatchObject({ code: '42501' });
    for (const time of ['infinity', '2200-01-01'])
      await expect(limited.queryText(`select create_audit_partition('${time}')`, [])).rejects.toMatchObject({
        code: '22008',
      });
  });

  it('seals and archives the audit log, and drops a month whose retention is over, but can’t change the chain', async () => {
    const years = new Date().getUTCFullYear() - 7;
    await recordReads(server.db, new Date(Date.UTC(years, 4, 10)), 2);
    await recordReads(server.db, daysAgo(3), 2);
    await composed.keepAuditLog();
    const [state] = await limited.queryText(
      `select to_regclass('audit_event_${years}_05') is null as dropped, (select sum(events)::int from audit_segment) as sealed,
         (select count(*)::int from audit_check where problem is not null) as problems`,
      [],
    );
    expect(state).toEqual({ dropped: true, sealed: 4, problems: 0 });
    for (const change of [
      'update audit_segment set events = 0',
      'delete from audit_segment',
      'delete from audit_archived',
      "insert into audit_dropped_month values ('2031-12-01', now())",
      'alter table audit_event disable trigger check_audit_event',
      'drop function drop_audit_partition(date)',
    ])
      await expect(limited.queryText(change, []), change).rejects.toMatchObject({ code: '42501' });
    const month = daysAgo(3).toISOString().slice(0, 10);
    await expect(limited.queryText(`select drop_audit_partition('${month}')`, [])).rejects.toMatchObject({
      code: '55000',
    });
  });

  it('can append to the audit log and read it, but not change it', async () => {
    await connectApp(composed.app, await addApp(server));
    await limited.queryText("select create_audit_partition('2031-12-01')", []);
    for (const change of [
      "update audit_event set kind = 'other'",
      'delete from audit_event',
      'truncate audit_event',
      'delete from audit_event_2031_12',
      'insert into audit_event_2031_12 select * from audit_event limit 0',
      'drop table audit_event_2031_12',
      'alter table audit_event add x int',
      "delete from schema_migration where name = ''",
    ])
      await expect(limited.queryText(change, []), change).rejects.toMatchObject({ code: '42501' });
    expect(await limited.queryText('select count(*) > 0 as has from audit_event', [])).toEqual([{ has: true }]);
    const unknown =
      "insert into audit_event (at, id, kind, outcome) values (now(), gen_random_uuid(), 'read', 'something else')";
    await expect(limited.queryText(unknown, [])).rejects.toMatchObject({ code: '23514' });
  });
});

describe('a database with two roles', () => {
  const { db, url, print } = cliDatabase();
  afterAll(() => db().queryText(`drop owned by ${ROLE}`, []));
  const asServer = () => ({ DATABASE_URL: asRole(url) });

  it('is rejected by commands and server until the role has its rights, with the command that grants them', async () => {
    await db().queryText(`drop owned by ${ROLE}`, []);
    const { code, err } = await print(['patients', 'list'], asServer());
    expect(code).toBe(1);
    expect(err).toMatch(/^The database schema can't be updated: permission denied for table schema_migration\./m);
    await db().queryText(`grant select on schema_migration to ${ROLE}`, []);
    const partly = await print(['patients', 'list'], asServer());
    expect(partly.err).toContain(`The role ${ROLE} of DATABASE_URL lacks rights: USAGE on schema pgboss.`);
    expect(partly.err).toContain('Run the command "migrate" with MIGRATION_DATABASE_URL');
    await db().queryText(`grant usage on schema pgboss to ${ROLE}`, []);
    const missing = /lacks rights: DELETE on account, DELETE on .*, and \d+ more\./;
    expect((await print(['patients', 'list'], asServer())).err).toMatch(missing);
    const serve = await print(['serve'], { ...asServer(), LOG_FORMAT: 'json', PORT: String(await freePort()) });
    expect(JSON.parse(serve.err)).toMatchObject({ level: 60, msg: expect.stringMatching(missing) });
  });

  it('gets the rights by the migration with the other role, and the SQL of “migrate --grants” is the same', async () => {
    const settings = { ...asServer(), MIGRATION_DATABASE_URL: url };
    const migrated = await print(['migrate', '--json'], settings);
    expect(JSON.parse(migrated.out)).toEqual({ migrated: true, role: ROLE });
    expect((await print(['patients', 'list'], asServer())).code).toBe(0);
    const { out } = await print(['migrate', '--grants', ROLE]);
    await db().queryText(`drop owned by ${ROLE}`, []);
    await db().queryText(out, []);
    const doctor = await print(['doctor', '--json'], asServer());
    const rights = () => JSON.parse(doctor.out).filter(({ about }: { about: string }) => about === 'rights');
    expect(rights()).toEqual([
      { about: 'rights', state: 'fine', says: `the role ${ROLE} can’t change the schema or the audit log` },
    ]);
  });

  it('is checked by doctor for rights that the server doesn’t need', async () => {
    await print(['migrate'], { ...asServer(), MIGRATION_DATABASE_URL: url });
    await db().queryText("select create_audit_partition('2031-01-01')", []);
    for (const table of ['audit_event', 'audit_event_2031_01']) {
      await db().queryText(`grant delete on ${table} to ${ROLE}; grant create on schema public to ${ROLE}`, []);
      const { out } = await print(['doctor', '--json'], asServer());
      expect(JSON.parse(out)).toContainEqual({
        about: 'rights',
        state: 'look',
        says: `the role ${ROLE} can change the audit log and create tables.`,
        fix: expect.stringContaining(`migrate --grants ${ROLE}`),
      });
      await print(['migrate'], { ...asServer(), MIGRATION_DATABASE_URL: url });
      const repaired = await print(['doctor', '--json'], asServer());
      expect(repaired.out).toContain('can’t change the schema or the audit log');
    }
    const owner = await print(['doctor', '--json']);
    expect(JSON.parse(owner.out)).toContainEqual({
      about: 'rights',
      state: 'fine',
      says: expect.stringContaining('owns the tables'),
    });
  });

  it('needs the owner for an upgrade, and says so', async () => {
    await print(['migrate'], { ...asServer(), MIGRATION_DATABASE_URL: url });
    await db().queryText("delete from schema_migration where name = '030_audit_partitions'", []);
    const { code, err } = await print(['migrate'], asServer());
    expect({ code, hasStack: err.includes('    at ') }).toEqual({ code: 1, hasStack: false });
    expect(err).toContain(`the role ${ROLE} doesn't own its tables. Set MIGRATION_DATABASE_URL`);
    await db().queryText("insert into schema_migration (name, run_on) values ('030_audit_partitions', now())", []);
  });
});

it('a role that can’t install the schema is told which right it lacks', async () => {
  const url = await newDatabase(testDatabase());
  const db = openDatabase({ connectionString: url }, 1);
  const problem = async () => {
    const { code, err } = await runCli(['migrate'], { DATABASE_URL: asRole(url), SANDBOX: 'off' });
    expect({ code, hasStack: err.includes('    at ') }).toEqual({ code: 1, hasStack: false });
    return err;
  };
  expect(await problem()).toContain(`the role ${ROLE} can't create tables in the schema public.`);
  await db.queryText(`grant create on schema public to ${ROLE}`, []);
  expect(await problem()).toContain(
    `the role ${ROLE} can't create extensions and schemas. As a superuser, run: grant create on database`,
  );
  await db.close();
  await dropDatabase(testDatabase(), url);
});
