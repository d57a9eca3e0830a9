import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { isOnCluster } from '../support/database/test-database.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const main = cliDatabase();
const { db, run } = main;
/** Has the feeds of one test alone. */
const feeding = cliDatabase();

interface Finding {
  readonly about: string;
  readonly state: string;
  readonly says: string;
  readonly fix?: string;
}
async function doctor(settings: Record<string, string> = {}, { print } = main) {
  const { code, out } = await print(['doctor', '--json'], settings);
  const findings = JSON.parse(out) as readonly Finding[];
  return { code, of: (about: string) => findings.filter((one) => one.about === about), findings };
}

it('doctor explains what is broken and how to fix it, and its exit code says that something is', {
  timeout: 90_000,
}, async () => {
  const first = await doctor();
  expect(first.of('database')).toMatchObject([{ state: 'fine' }]);
  expect(first.of('clock')).toMatchObject([{ state: 'fine' }]);
  expect(first.of('keys')).toMatchObject([{ state: 'broken', fix: expect.stringContaining('Start the server') }]);
  expect(first.code).toBe(1);
  await run('keys', 'rotate', '--leaked');
  const repaired = await doctor();
  expect(repaired.of('keys')).toMatchObject([{ state: 'fine' }]);
  expect({ code: repaired.code, findings: repaired.findings.filter(({ state }) => state === 'broken') }).toEqual({
    code: 0,
    findings: [],
  });
});

it('doctor lists practices that are missing from the list of service base URLs, with the command that adds them', {
  timeout: 180_000,
}, async () => {
  expect((await doctor()).of('practices')).toMatchObject([
    {
      state: 'look',
      says: expect.stringContaining('"Live practice" has no address and no NPI'),
      fix: expect.stringContaining('practices set "Live practice" --address'),
    },
  ]);
  const details = ['--address', '1 Main Street\\nSpringfield, IL 62701', '--npi', '1234567893'];
  const set = await run('practices', 'set', 'Live practice', ...details);
  expect(set.code).toBe(0);
  expect((await doctor()).of('practices')).toMatchObject([{ state: 'fine' }]);
});

it.runIf(availableParallelism() < 32)('doctor reports more workers than the machine has cores', async () => {
  const cores = availableParallelism();
  const { of } = await doctor({ WORKERS: String(cores + 1) });
  expect(of('configuration')).toMatchObject([{ state: 'look', fix: expect.stringContaining(`WORKERS to ${cores}`) }]);
});

it('doctor tests the mail server and the standby, and reports settings that conflict', {
  timeout: 60_000,
}, async () => {
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@b.example' };
  const settings = { ...mail, PUBLIC_URL: 'https://b.example', DATABASE_READ_URL: main.url };
  const { code, of } = await doctor(settings);
  expect(of('mail')).toMatchObject([{ state: 'broken', fix: expect.stringContaining('SMTP_URL') }]);
  expect(of('configuration')).toMatchObject([{ state: 'look', fix: expect.stringContaining('TRUST_PROXY') }]);
  expect(of('replica')).toMatchObject([
    isOnCluster()
      ? { state: 'broken', says: expect.stringContaining('isn’t supported with distributed tables') }
      : { state: 'look', says: expect.stringContaining('it is not a standby') },
  ]);
  expect(code).toBe(1);
});

it('doctor reports whether feeds still send, what is pending, and validation issues, with the command that fixes them', {
  timeout: 180_000,
}, async () => {
  const { db } = feeding;
  expect((await doctor({}, feeding)).of('feeds')).toMatchObject([{ state: 'fine', says: 'no app has sent data' }]);
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  await db().queryText(
    `insert into app (client_id, name, kind, auth, state, apis, scope, redirect_uris, created_at)
     values ('lab', 'Lab EHR', 'backend', 'private_key_jwt', 'active', '{r4}', 'system/*.cud', '{}', $1)`,
    [ago(30)],
  );
  await db().queryText(
    `insert into intake_day select 2, source, at::date, at, 3, 10, 0, 0, stale, 0, refused
     from (values ('app:lab', $1::timestamptz, 90, 1), ('app:gone', $2, 0, 0), ('load', $2, 9, 9)) as d (source, at, stale, refused)`,
    [ago(5), ago(0)],
  );
  await db().queryText(
    `insert into refused_entry (practice_id, source, key, refused_at, tried_at, type, source_id, reason, waits, content)
     values (2, 'app:lab', 'Observation/a', $1, $1, 'Observation', 'a', 'Its patient is not known.', true, '{}')`,
    [ago(12)],
  );
  await db().queryText(
    "insert into shared_resource (practice_id, type, id, version, last_updated, digest, content) values (2, 'Location', $1, 1, $2, '', '{}')",
    ['00000000-0000-4000-8000-000000000001', ago(1)],
  );
  await db().queryText("insert into validation_fault values (2, 'Location', $1, 'app:lab', $2, 1, 0, '[]')", [
    '00000000-0000-4000-8000-000000000001',
    ago(1),
  ]);
  const { of } = await doctor({}, feeding);
  const feeds = of('feeds');
  const reported = (text: string) => feeds.filter(({ says }) => says.includes(text));
  expect(reported('Lab EHR at Live practice last sent')).toMatchObject([
    { state: 'look', says: expect.stringContaining('5 days ago'), fix: expect.stringContaining('apps log') },
  ]);
  expect(reported('older than')).toMatchObject([
    { state: 'look', says: expect.stringContaining('89.1 %'), fix: expect.stringContaining('clock') },
  ]);
  expect(reported('were rejected: 1')).toMatchObject([
    { state: 'look', fix: expect.stringContaining('feed rejected') },
  ]);
  expect(reported('1, of which 1 wait')).toMatchObject([
    { state: 'look', says: expect.stringContaining('12 days'), fix: expect.stringContaining('feed retry') },
  ]);
  expect(reported('app:gone')).toMatchObject([{ state: 'fine' }]);
  expect(feeds).toHaveLength(5);
  expect(of('validation')).toMatchObject([
    { state: 'fine' },
    {
      state: 'look',
      says: expect.stringContaining('with errors: 1'),
      fix: expect.stringContaining('patient-access validation issues'),
    },
  ]);
});

it('doctor lists backend apps with write access that never sent anything', { timeout: 60_000 }, async () => {
  const ago = (days: number) => new Date(Date.now() - days * 86_400_000);
  const add = (
    name: string,
    more: { kind?: string; scope?: string; state?: string; practices?: number[]; age?: number },
  ) =>
    db().queryText(
      `insert into app (client_id, name, kind, auth, state, apis, scope, redirect_uris, created_at, practice_ids)
       values (replace(lower($1), ' ', '-'), $1, $2, 'private_key_jwt', $3, '{r4}', $4, '{}', $5, $6)`,
      [
        name,
        more.kind ?? 'backend',
        more.state ?? 'active',
        more.scope ?? 'system/Patient.cu system/*.rs',
        ago(more.age ?? 5),
        more.practices ?? [2],
      ],
    );
  await add('Silent EHR', {});
  await add('New EHR', { age: 1 });
  await add('Lost EHR', { practices: [] });
  await add('Reader', { scope: 'system/*.rs' });
  await add('Retired EHR', { state: 'retired' });
  await add('Chart app', { kind: 'staff', scope: 'user/*.cruds' });
  const reported = (await doctor()).of('feeds').filter(({ says }) => says.includes(' has write access '));
  expect(reported).toEqual([
    {
      about: 'feeds',
      state: 'look',
      says: 'Lost EHR has write access but has never sent data.',
      fix: expect.stringContaining('patient-access apps set lost-ehr --practice'),
    },
    {
      about: 'feeds',
      state: 'fine',
      says: 'New EHR has write access but hasn’t sent data yet; it was registered less than 3 days ago',
    },
    {
      about: 'feeds',
      state: 'look',
      says: 'Silent EHR has write access but has never sent data.',
      fix: expect.stringContaining('patient-access apps log silent-ehr'),
    },
  ]);
});

it('doctor checks the implementation guides of validation', { timeout: 180_000 }, async () => {
  const folder = temporaryFolder();
  const named = await doctor({ VALIDATION: 'strict', VALIDATION_GUIDES: folder });
  expect(named.of('validation')[0]).toMatchObject({
    state: 'broken',
    fix: expect.stringContaining('VALIDATION_GUIDES'),
  });
  expect(named.code).toBe(1);
  const off = await doctor({ VALIDATION: 'off', VALIDATION_GUIDES: folder });
  expect(off.of('validation')[0]).toMatchObject({ state: 'look', fix: expect.stringContaining('VALIDATION') });
});
