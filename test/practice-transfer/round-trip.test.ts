import { createHash } from 'node:crypto';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRecentReads, listAccessLog } from '../../src/audit/index.ts';
import { textInput } from '../../src/intake/index.ts';
import { days, later, type PracticeId } from '../../src/kernel/index.ts';
import { listDisclosures } from '../../src/practice-portal/disclosures/store.ts';
import { CONTENT_TABLES, COPIED_TABLES, LEFT_OUT } from '../../src/practice-transfer/index.ts';
import { addBackendApp, callApi } from '../fhir/export/export-client.ts';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { samplePatient } from '../support/fhir/sample-patients.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { connectApp, getFhir, R4, requestToken, type TokenAnswer } from '../support/people/patient.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { digestPractice, findTablesWith } from './practice-database.ts';

const LIVE = 2;
const NAME = 'Live practice';
const FAMILY = 'Kilburn-1';

let source: TestServer;
let target: TestServer;
let folder: string;
let person: LivePerson;
let known: TestApp & { readonly client_secret: string };
let unknown: TestApp;
let knownToken: TokenAnswer;
let unknownToken: TokenAnswer;

const run = async ({ databaseUrl }: TestServer, ...words: readonly string[]) => {
  const ran = await runCli([...words, '--json'], { DATABASE_URL: databaseUrl, TMPDIR: tmpdir() });
  return { ...ran, answer: ran.out === '' ? undefined : JSON.parse(ran.out) };
};
const exported = () => path.join(folder, 'export');
const readLines = async (name: string): Promise<readonly string[]> =>
  (await readFile(path.join(exported(), name), 'utf8')).split('\n').filter(Boolean);
const refresh = (server: TestServer, { refresh_token = '' }: TokenAnswer, app: TestApp) =>
  requestToken(server.app, {
    grant_type: 'refresh_token',
    refresh_token,
    client_id: app.client_id,
    ...(app.client_secret === undefined ? {} : { client_secret: app.client_secret }),
  });

/** Registers an app in the other installation, with the same id and secret. */
async function registerThere(app: TestApp): Promise<void> {
  for (const table of ['stored_app', 'app_secret']) {
    const sql = `select row_to_json(t)::text as row from ${table} t where client_id = $1`;
    for (const { row } of await source.db.queryText<{ row: string }>(sql, [app.client_id]))
      await target.db.queryText(`insert into ${table} select * from json_populate_record(null::${table}, $1)`, [row]);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'practice-'));
  [source, target] = [await startServer(), await startServer()];
  const resources = [
    ...samplePatient(1, 3),
    { resourceType: 'Medication', id: 'shared', code: { text: 'Aspirin' } },
    { resourceType: 'Practitioner', id: 'doctor', name: [{ family: 'Doc' }] },
  ];
  const toFile = (some: readonly object[]) => textInput('chart', some.map((one) => JSON.stringify(one)).join('\n'));
  person = await addLivePatient(source, [toFile(resources)]);
  const changed = resources.map((one) =>
    'status' in one && one.status === 'final' ? { ...one, status: 'amended' } : one,
  );
  await addLivePatient(source, [toFile(changed), toFile(samplePatient(2, 1))]);
  known = await addApp(source, { name: 'Known App' });
  const { client_id, redirect_uri } = await addApp(source, { name: 'Other App', auth: 'none' });
  unknown = { client_id, redirect_uri };
  const query = { scope: 'launch/patient patient/*.rs offline_access' };
  knownToken = await connectApp(source.app, known, query, {}, person);
  const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  unknownToken = await connectApp(source.app, unknown, { ...query, ...pkce }, {}, person);
  await getFhir(source.app, `${R4}/Observation?patient=${person.patientId}`, knownToken.access_token);
  const backend = await addBackendApp(source);
  expect((await callApi(source, await backend.token(), '/Patient')).json().total).toBe(2);
  const [observation] = await source.db.queryText<{ id: string }>(
    "select id from resource where type = 'Observation' and record_id = $1 limit 1",
    [await findRecordId(source, person)],
  );
  expect((await run(source, 'record', 'retract', `Observation/${observation?.id}`)).code).toBe(0);
  expect((await run(source, 'groups', 'add', 'Everyone', '--practice', NAME, '--everyone')).code).toBe(0);
  await addStaffMember(source);
  await registerThere(known);
  expect(await run(source, 'practices', 'export', NAME, exported())).toMatchObject({ code: 0, err: expect.anything() });
}, 60_000);
afterAll(async () => {
  await source.close();
  await target.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the tables of the database', () => {
  it('are copied, or left out for a reason', async () => {
    const listed = [...COPIED_TABLES, ...CONTENT_TABLES].map(({ name }) => name);
    const tables = await source.db.queryText<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and not relispartition
         and relkind in ('r', 'p') and relname <> 'schema_migration' order by relname`,
      [],
    );
    expect([...listed, ...Object.keys(LEFT_OUT)].sort()).toEqual(tables.map(({ name }) => name));
  });

  it('have no secret columns that are copied, except hashes of refresh tokens', async () => {
    const secrets = await source.db.queryText<{ column: string }>(
      `select table_name || '.' || column_name as column from information_schema.columns
       where table_schema = 'public' and column_name ~ 'hash|secret|password|pending|code|key|successor|encrypted'`,
      [],
    );
    const copied = [...COPIED_TABLES, ...CONTENT_TABLES].flatMap((table) =>
      secrets
        .map(({ column }) => column.split('.'))
        .filter(([name, column = '']) => name === table.name && table.columns?.[column] === undefined)
        .map((parts) => parts.join('.')),
    );
    expect(copied.sort()).toEqual([
      'invitation.code_by',
      'invitation.code_expires_at',
      'receipt.hash',
      'refused_entry.key',
      'resource_history.codes',
      'shared_resource_history.codes',
      'stored_app.secret_in_query',
      'token.hash',
      'token.successor',
    ]);
  });
});

describe('practices export', () => {
  it('writes a folder that only its user can read, with a digest of each file', async () => {
    expect((await stat(exported())).mode & 0o777).toBe(0o700);
    const sums = (await readLines('SHA256SUMS')).map((line) => line.split('  '));
    const files = await readdir(exported(), { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => path.relative(exported(), path.join(file.parentPath, file.name)));
    expect(sums.map(([, name]) => name).sort()).toEqual(paths.filter((name) => name !== 'SHA256SUMS').sort());
    for (const [sum, name = ''] of sums) {
      const bytes = await readFile(path.join(exported(), name));
      expect({ name, sum: createHash('sha256').update(bytes).digest('hex') }).toEqual({ name, sum });
    }
    expect(await readdir(folder)).toEqual(['export']);
  });

  it('writes FHIR R4 as NDJSON by type, with earlier versions and attachments', async () => {
    const [patient = ''] = (await readLines('fhir/Patient.ndjson')).filter((line) => line.includes(person.patientId));
    expect(JSON.parse(patient)).toMatchObject({ resourceType: 'Patient', id: person.patientId });
    expect(
      (await readLines('fhir-history/Observation.ndjson')).map((line) => JSON.parse(line).meta.versionId),
    ).toContain('1');
    const documents = (await readLines('fhir/Binary.ndjson')).map((line) => JSON.parse(line));
    expect(documents).toContainEqual({
      resourceType: 'Binary',
      id: expect.any(String),
      contentType: 'text/plain',
      data: Buffer.from('Note 1').toString('base64'),
    });
    expect((await readLines('directory/Practitioner.ndjson')).join()).toContain('"Doc"');
  });

  it('has the audit events of the practice, and nothing of other practices', async () => {
    const { manifest } = { manifest: JSON.parse(await readFile(path.join(exported(), 'manifest.json'), 'utf8')) };
    const events = (await readLines('audit/events.ndjson')).map((line) => JSON.parse(line));
    expect(events.filter(({ kind, type }) => kind === 'search' && type === 'Observation')).toHaveLength(1);
    expect(manifest.audit.events).toBe(events.length);
    const records = await source.db.queryText<{ record_id: number }>(
      'select record_id from record where practice_id = $1',
      [LIVE],
    );
    const own = new Set(records.map(({ record_id }) => record_id));
    expect(events.filter((event) => event.record_id !== undefined && !own.has(event.record_id))).toEqual([]);
    expect(manifest.rows.record).toBe(own.size);
    // A page about both patients is one event.
    const disclosed = events.flatMap(({ detail }) => (detail?.disclosed === undefined ? [] : [detail.disclosed]));
    expect(disclosed).toEqual([Object.fromEntries([...own].map((id) => [id, 1]))]);
  });

  it('contains no secret: no password hash, client secret or token', async () => {
    const files = await readdir(exported(), { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(path.join(file.parentPath, file.name), 'utf8')),
    );
    const secrets = [
      '$argon2id',
      ...[known.client_secret, knownToken.access_token, knownToken.refresh_token, unknownToken.refresh_token],
    ];
    expect(secrets.filter((secret) => secret !== undefined && texts.some((text) => text.includes(secret)))).toEqual([]);
  });

  it('doesn’t overwrite a folder, and leaves none behind if it fails', async () => {
    const again = await run(source, 'practices', 'export', NAME, exported());
    expect({ code: again.code, err: again.err }).toMatchObject({
      code: 1,
      err: expect.stringContaining('exists already'),
    });
    const made = await run(source, 'practices', 'export', 'Sandbox Family Practice', path.join(folder, 'sandbox'));
    expect(made).toMatchObject({ code: 1, err: expect.stringContaining('The server generates the patients') });
    expect(await readdir(folder)).toEqual(['export']);
  });
});

describe('practices import', () => {
  it('rejects an export that was changed, and imports nothing', async () => {
    const copy = path.join(folder, 'changed');
    await cp(exported(), copy, { recursive: true });
    await appendFile(path.join(copy, 'fhir/Patient.ndjson'), '{}\n');
    const refused = await run(target, 'practices', 'import', copy);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('as it was exported') });
    expect(await target.db.queryText('select from record where practice_id = $1', [LIVE])).toEqual([]);
  });

  it('rejects a made-up export that gives access to the record of another practice, or an access token', async () => {
    const [other] = await target.db.queryText<{ record_id: number }>(
      'select record_id from record where practice_id = 1 limit 1',
      [],
    );
    const copy = path.join(folder, 'made-up');
    await cp(exported(), copy, { recursive: true });
    const manifest = JSON.parse(await readFile(path.join(copy, 'manifest.json'), 'utf8'));
    const record = `"record_id":${other?.record_id}`;
    for (const [name, value, changed] of [
      ['rows/representation.ndjson', /"record_id":\d+/, record],
      ['audit/events.ndjson', /"record_id":\d+/, record],
      ['rows/token.ndjson', '"kind":"refresh"', '"kind":"access"'],
    ] as const) {
      const before = await readFile(path.join(copy, name), 'utf8');
      const text = before.replace(value, changed);
      expect(text).not.toBe(before);
      const file = manifest.files.find((one: { readonly path: string }) => one.path === name);
      file.sha256 = createHash('sha256').update(text).digest('hex');
      await writeFile(path.join(copy, name), text);
      await writeFile(path.join(copy, 'manifest.json'), JSON.stringify(manifest));
      expect(await run(target, 'practices', 'import', copy)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/don't belong to the practice|records of another practice/),
      });
      // The next round changes only another file.
      file.sha256 = createHash('sha256').update(before).digest('hex');
      await writeFile(path.join(copy, name), before);
    }
    expect(await target.db.queryText('select from record where practice_id = $1', [LIVE])).toEqual([]);
  });

  it('keeps ids, grants and contents: all rows are the same', async () => {
    const imported = await run(target, 'practices', 'import', exported());
    expect(imported).toMatchObject({
      code: 0,
      answer: {
        practice: LIVE,
        suspended_apps: expect.arrayContaining(['Test App', 'Other App']),
        kept_apps: 1,
        renamed_accounts: {},
      },
    });
    const [there, here] = [await digestPractice(target.db, LIVE), await digestPractice(source.db, LIVE)];
    expect(there).toEqual(here);
    const filled = ['resource', 'resource_history', 'document', 'tombstone', 'retraction', 'token', 'receipt', 'staff'];
    expect(filled.filter((table) => there[table]?.[0] === 0)).toEqual([]);
  });

  it('keeps the access log of the patient', async () => {
    const list = async (server: TestServer) =>
      (
        await listAccessLog(
          server.db,
          { accountId: person.accountId, recordId: await findRecordId(server, person) },
          { zone: 'UTC' },
          { after: undefined, limit: 50 },
        )
      ).entries.map(({ at, kind, app, person: who, resources }) => ({ at, kind, app, who, resources }));
    const [there, here] = [await list(target), await list(source)];
    expect(there).toEqual(here);
    expect(there.map(({ app }) => app)).toEqual(expect.arrayContaining(['Known App', 'Test App']));
  });

  it('keeps the data access report of the practice', async () => {
    const list = async (server: TestServer) => {
      await addRecentReads(server.db, server.clock);
      const query = { clientId: undefined, from: later(server.clock.now(), -days(7)), until: server.clock.now() };
      const report = await listDisclosures(server.db, LIVE as PracticeId, query, {
        after: undefined,
        limit: 50,
        browser: undefined,
      });
      return report?.reads.map(({ reader: _, ...read }) => read);
    };
    const [there, here] = [await list(target), await list(source)];
    expect(there).toEqual(here);
    expect(there?.length).toBeGreaterThan(1);
  });

  it('lets a connected app continue with its refresh token, if the installation has the app', async () => {
    const token = await refresh(target, knownToken, known);
    expect(token.status).toBe(200);
    const { statusCode: status, body } = await getFhir(
      target.app,
      `${R4}/Patient/${person.patientId}`,
      token.access_token,
    );
    expect({ status, id: JSON.parse(body).id }).toEqual({ status: 200, id: person.patientId });
  });

  it('adds an unknown app as suspended: its connection works once an administrator has activated it', async () => {
    expect((await refresh(target, unknownToken, unknown)).status).toBeGreaterThanOrEqual(400);
    expect((await run(target, 'apps', 'set-state', unknown.client_id, 'active')).code).toBe(0);
    expect((await refresh(target, unknownToken, unknown)).status).toBe(200);
  });

  it('copies an account without password', async () => {
    const [account] = await target.db.queryText<{ username: string; password_hash: string | null }>(
      'select username, password_hash from account where account_id = $1',
      [person.accountId],
    );
    expect(account).toEqual({ username: person.username, password_hash: null });
  });

  it('rejects a second import', async () => {
    const again = await run(target, 'practices', 'import', exported(), '--name', 'Again');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('exists here already') });
  });

  it('lets audit verify find a change of imported events', async () => {
    expect(await run(target, 'audit', 'verify')).toMatchObject({ code: 0, answer: { imports: [{ unchanged: true }] } });
    const change = (by: number) =>
      target.db.queryText('update imported_audit_event set resources = resources + $1 where resources > 0', [by]);
    await change(1);
    expect(await run(target, 'audit', 'verify')).toMatchObject({
      code: 1,
      answer: { imports: [{ unchanged: false }], imported_problem: null },
    });
    await change(-1);
    await target.db.queryText(
      'delete from imported_disclosed_record where ctid = (select min(ctid) from imported_disclosed_record)',
      [],
    );
    expect(await run(target, 'audit', 'verify')).toMatchObject({
      code: 1,
      answer: { imports: [{ unchanged: true }], imported_problem: 'patients-missing' },
    });
  });
});

describe('practices remove', () => {
  it('needs the name again and a reason, and counts without removing', async () => {
    const remove = ['practices', 'remove', NAME];
    expect((await run(source, ...remove)).code).not.toBe(0);
    expect((await run(source, ...remove, '--reason', 'Moved', '--confirm', 'Live')).code).not.toBe(0);
    const counted = await run(source, ...remove, '--dry-run');
    expect(counted).toMatchObject({ code: 0, answer: { dry_run: true, closed_accounts: 3 } });
    expect(counted.answer.rows.record).toBe(2);
  });

  it('removes the practice everywhere; the audit log stays', async () => {
    const events = `select count(*)::int as count from audit_event where record_id = $1`;
    const recordId = await findRecordId(source, person);
    const [before] = await source.db.queryText(events, [recordId]);
    const removed = await run(source, 'practices', 'remove', NAME, '--reason', 'Moved', '--confirm', NAME);
    expect(removed).toMatchObject({ code: 0, answer: { closed_accounts: 3 } });
    expect(await source.db.queryText(events, [recordId])).toEqual([before]);
    // The row of a closed account stays, as docs/retention.md says.
    expect(await findTablesWith(source.db, [FAMILY, person.patientId])).toEqual(['account']);
    const left = Object.entries(await digestPractice(source.db, LIVE)).filter(([, [rows]]) => rows > 0);
    expect(left).toEqual([]);
    expect((await refresh(source, knownToken, known)).status).toBe(400);
    const actions = await source.db.queryText<{ action: string }>(
      "select detail ->> 'action' as action from audit_event where kind = 'practice' order by at",
      [],
    );
    expect(actions.map(({ action }) => action).slice(-3)).toEqual(['export', 'remove', 'removed']);
  });

  it('leaves other practices as they are', async () => {
    expect((await source.db.queryText('select from record where practice_id = 1 limit 1', [])).length).toBe(1);
    const token = await connectApp(source.app, known);
    expect((await getFhir(source.app, `${R4}/Patient/${token.patient}`, token.access_token)).statusCode).toBe(200);
  });

  it('can be followed by an import of the export, without events twice', async () => {
    const imported = await run(source, 'practices', 'import', exported());
    expect(imported).toMatchObject({ code: 0, answer: { practice: LIVE, audit_events: 0 } });
    const twice = 'select from recorded_event group by at, id having count(*) > 1 limit 1';
    expect(await source.db.queryText(twice, [])).toEqual([]);
  });
});
