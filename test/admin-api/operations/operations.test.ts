import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/audit/index.ts';
import { systemRandom } from '../../../src/kernel/index.ts';
import { daysAgo, recordReads } from '../../audit/audit-keeper.ts';
import { addApp } from '../../support/apps/apps.ts';
import { listEmails } from '../../support/apps/review.ts';
import {
  apiCaller,
  makeOnlyAdministrator,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { connectApp, getFhir, R4 } from '../../support/people/patient.ts';
import { SANDBOX_PRACTICE, signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let admin: Awaited<ReturnType<typeof signInReviewer>>;
beforeAll(async () => {
  server = await startServer({ SMTP_URL: 'smtp://user:secret-word@127.0.0.1:1', MAIL_FROM: 'a@b.example' });
  admin = await signInReviewer(server);
});
afterAll(() => server.close());

const ROUTES = [
  ['GET', '/review/audit', undefined],
  ['GET', '/review/audit.csv', undefined],
  ['GET', '/review/accounts', undefined],
  ['GET', '/review/keys', undefined],
  ['POST', '/review/keys/rotations', { leaked: false }],
  ['GET', '/review/settings', undefined],
  ['GET', '/review/jobs', undefined],
] as const;

describe('access to operations', () => {
  it.each(ROUTES)('%s %s: is denied without a session, to developers and to staff', async (method, path, body) => {
    const staff = await signInStaff(server, ['administrator']);
    const callers = [
      [apiCaller(server, undefined), 401, 'not-signed-in'],
      [await signInDeveloper(server), 403, 'wrong-account'],
      [apiCaller(server, staff.browser.cookie('session')), 403, 'wrong-account'],
    ] as const;
    for (const [caller, status, code] of callers) {
      const denial = await caller.call(method, path, body);
      expect({ status: denial.status, code: denial.body.code }).toEqual({ status, code });
    }
  });

  it('a key rotation requires the CSRF token of the session’s pages', async () => {
    const denial = await admin.call('POST', '/review/keys/rotations', { leaked: false }, { 'x-csrf-token': 'x' });
    expect({ status: denial.status, code: denial.body.code }).toEqual({ status: 403, code: 'form-expired' });
  });

  it('a key rotation requires reauthentication in the last five minutes', async () => {
    const other = await signInReviewer(server, 'Late R');
    server.clock.advance(6 * 60_000);
    const denial = await other.call('POST', '/review/keys/rotations', { leaked: false });
    expect({ status: denial.status, code: denial.body.code }).toEqual({ status: 403, code: 'proof-needed' });
    admin = await signInReviewer(server);
  });
});

describe('the audit log', () => {
  it('says what an app read, without the record or patient', async () => {
    const app = await addApp(server, {});
    const token = await connectApp(server.app, app);
    await getFhir(server.app, `${R4}/Observation?category=laboratory`, token.access_token);
    const { body } = await admin.call('GET', `/review/audit?app=${app.client_id}&kind=search`);
    expect(body.entries).toMatchObject([
      { kind: 'search', outcome: 'success', type: 'Observation', clientId: app.client_id, person: null },
    ]);
    expect(JSON.stringify(body)).not.toContain(token.patient);
    expect(Object.keys(body.entries[0])).not.toContain('recordId');
  });

  it('names staff, and who viewed the audit log', async () => {
    const otherAdministrator = await signInReviewer(server, 'Cur Ious');
    await otherAdministrator.call('GET', '/review/audit?outcome=failure');
    const { body } = await admin.call('GET', '/review/audit?kind=audit-query');
    const own = body.entries.find((entry: { person: string }) => entry.person === 'Cur Ious');
    expect(own.detail).toEqual({ action: 'search', asked: { outcome: 'failure' } });
  });

  it('finds all reads, whatever their kind, and names the practice', async () => {
    const token = await connectApp(server.app, await addApp(server, {}));
    await getFhir(server.app, `${R4}/Observation?category=laboratory`, token.access_token);
    const staff = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE], 'Fro Ntdesk');
    await staff.browser.get(`/practice/${SANDBOX_PRACTICE}/patients`);
    const { body: practiceEvents } = await admin.call('GET', '/review/audit?kind=enrollment');
    expect(practiceEvents.entries[0]).toMatchObject({
      person: 'Fro Ntdesk',
      practice: 'Sandbox Family Practice',
      detail: { action: 'list' },
    });
    const kindsOf = async (kind: string) => {
      const { body } = await admin.call('GET', `/review/audit?kind=${kind}`);
      return new Set(body.entries.map((entry: { kind: string; detail: { action?: string } }) => entry.kind));
    };
    const reads = await kindsOf('all-reads');
    expect([...reads]).toEqual(expect.arrayContaining(['audit-query', 'enrollment', 'search']));
    for (const change of ['sign-in', 'consent', 'token', 'account']) expect([...reads]).not.toContain(change);
    expect([...(await kindsOf('all-reads,consent'))]).toEqual(expect.arrayContaining(['audit-query', 'consent']));
  });

  it('counts no change as a read, even if its kind also has reads', async () => {
    const { accountId } = await signInReviewer(server, 'In Viter');
    const auditLog = createAuditLog({ db: server.db, clock: server.clock, random: systemRandom });
    for (const action of ['invite', 'list'])
      await auditLog.append({ kind: 'enrollment', outcome: 'success', accountId, detail: { action } });
    const { body } = await admin.call('GET', `/review/audit?kind=all-reads&account=${accountId}`);
    expect(body.entries.map(({ detail }: { detail: { action: string } }) => detail.action)).toEqual(['list']);
  });

  it('is read page by page without gaps or duplicates', async () => {
    for (let n = 0; n < 60; n++) await admin.call('GET', '/review/audit?kind=key');
    const seen: string[] = [];
    let after = '';
    do {
      const { body } = await admin.call(
        'GET',
        `/review/audit?kind=audit-query${after === '' ? '' : `&after=${after}`}`,
      );
      seen.push(...body.entries.map(({ id }: { id: string }) => id));
      after = body.next === null ? '' : encodeURIComponent(body.next);
    } while (after !== '');
    expect(seen.length).toBeGreaterThanOrEqual(60);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('is announced to administrators by email once if a check finds a change of sealed events', async () => {
    const { accountId } = await signInReviewer(server, 'Will Know');
    await server.db.queryText('update account set email = $2 where account_id = $1', [accountId, 'will@know.example']);
    await recordReads(server.db, daysAgo(3), 2);
    await server.keepAuditLog();
    await server.db.queryText(
      "update audit_event set type = 'Other' where request_id = 'request-1' and kind = 'read'",
      [],
    );
    await server.db.queryText("update audit_check set checked_at = checked_at - interval '31 days'", []);
    await server.keepAuditLog();
    for (let time = 0; time < 2; time++) await server.purgeExpired();
    expect(await listEmails(server, 'will@know.example')).toMatchObject([
      { subject: 'The audit log was changed', text: expect.stringContaining('audit verify') },
    ]);
    expect(server.log.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 50, auditProblem: expect.objectContaining({ problem: 'events-changed' }) }),
    );
  });

  it('says which events of a period are only in the archive, and with which command an operator finds them', async () => {
    const year = new Date().getUTCFullYear() - 7;
    await server.db.queryText(`insert into audit_dropped_month values ('${year}-05-01', now())`, []);
    const search = async (query: string) => (await admin.call('GET', `/review/audit?${query}`)).body;
    expect(await search(`from=${year}-04-20&to=${year}-06-03&kind=read,search&request=request-0`)).toMatchObject({
      entries: [],
      archived: {
        from: `${year}-05-01`,
        to: `${year}-05-31`,
        command: `patient-access audit search --from ${year}-05-01 --to ${year}-05-31 --kind read,search --request request-0`,
      },
    });
    const quoted = await search(`from=${year}-05-20&to=${year}-05-21&request=${encodeURIComponent("a'; rm -rf ~")}`);
    expect(quoted.archived.command).toBe(
      String.raw`patient-access audit search --from ${`${year}-05-20`} --to ${`${year}-05-21`} --request 'a'\''; rm -rf ~'`,
    );
    expect(await search(`from=${year}-06-01&to=${year}-06-03`)).toMatchObject({ archived: null });
    expect(await search('')).toMatchObject({ archived: null });
  });

  it.each([
    ['from=2026-02-30', 'from'],
    ['from=2020-01-01', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'from'],
    ['kind=nonsense', 'kind'],
    ['after=x', 'after'],
    ['after=2026-01-01T00:00:00Z_%00', 'after'],
    ['account=x', 'account'],
    ['outcome=maybe', 'outcome'],
  ])('%s is rejected by its field', async (query, field) => {
    const { status, body } = await admin.call('GET', `/review/audit?${query}`);
    expect({ status, code: body.code, field: body.errors[0].field }).toEqual({
      status: 400,
      code: 'fields-invalid',
      field,
    });
  });

  it('RFC 4180: is exported as CSV, and a name that looks like a formula is escaped', async () => {
    const app = await addApp(server, { name: '=1+1' });
    await connectApp(server.app, app);
    const { status, body, headers } = await admin.call('GET', `/review/audit.csv?app=${app.client_id}`);
    expect({ status, contentType: headers['content-type'] }).toEqual({
      status: 200,
      contentType: 'text/csv; charset=utf-8',
    });
    expect(body).toContain("'=1+1");
    expect(String(body).split('\r\n')[0]).toContain('at,kind,outcome');
  });
});

describe('signing keys', () => {
  beforeEach(async () => {
    await makeOnlyAdministrator(server, admin.accountId);
  });
  it('are listed without their private keys, and a rotation publishes a key before it signs', async () => {
    const before = await admin.call('GET', '/review/keys');
    expect(before.body.keys.map(({ standing }: { standing: string }) => standing)).toEqual(['signs', 'signs']);
    const { status, body } = await admin.call('POST', '/review/keys/rotations', { leaked: false });
    expect({ status, made: body.made.length, discarded: body.discarded }).toEqual({
      status: 200,
      made: 2,
      discarded: [],
    });
    const after = await admin.call('GET', '/review/keys');
    const standings = after.body.keys.map(({ standing }: { standing: string }) => standing);
    expect(standings).toEqual(['signs', 'signs', 'next', 'next']);
    server.clock.advance(11 * 60_000);
    admin = await signInReviewer(server);
    await makeOnlyAdministrator(server, admin.accountId);
    const later = await admin.call('GET', '/review/keys');
    expect(later.body.keys.map(({ standing }: { standing: string }) => standing)).toEqual([
      'kept',
      'kept',
      'signs',
      'signs',
    ]);
    expect(JSON.stringify(later.body)).not.toMatch(/"[dpq]":/);
  });

  it('after a leak all other keys are removed, and the audit log says who did it', async () => {
    await admin.call('POST', '/review/keys/rotations', { leaked: false });
    const before: string[] = (await admin.call('GET', '/review/keys')).body.keys.map(({ kid }: { kid: string }) => kid);
    expect(before.length).toBeGreaterThanOrEqual(4);
    server.clock.advance(1000);
    const { body } = await admin.call('POST', '/review/keys/rotations', { leaked: true });
    expect(body.discarded.toSorted()).toEqual(before.toSorted());
    const auditLog = await admin.call('GET', '/review/audit?kind=key');
    expect(auditLog.body.entries[0]).toMatchObject({ person: 'Ada Min', detail: { action: 'rotate', leaked: true } });
  });
});

it('settings are displayed as they are in effect, without secrets', async () => {
  const { body } = await admin.call('GET', '/review/settings');
  const smtp = body.settings.find(({ name }: { name: string }) => name === 'SMTP_URL');
  expect(smtp).toMatchObject({ value: 'set', hidden: true });
  expect(JSON.stringify(body)).not.toContain('secret-word');
});

describe('jobs', () => {
  // Failed jobs are shown for hours, so they would be in the results of the next test.
  afterEach(() => server.db.queryText('delete from pgboss.job; delete from pgboss.schedule', []));

  it('are shown by queue, with their failures by code and the tasks with their next time', async () => {
    await server.db.queryText(
      `insert into pgboss.schedule (name, key, cron) values ('maintenance', 'purge-tokens', '7 * * * *');
       insert into pgboss.job (name, data, state, completed_on, output)
         values ('maintenance', '{"id":"purge-tokens"}', 'failed', now(), '{"error":"23505"}');
       insert into pgboss.job (name, data) values ('dead-letter', '{"id":"purge-tokens"}');
       insert into pgboss.job (name, data) values ('export', '{"id":"x"}');
       insert into pgboss.job (name, data, start_after) values ('export', '{"id":"y"}', now() + interval '1 hour')`,
      [],
    );
    const { body } = await admin.call('GET', '/review/jobs');
    const queue = (name: string) => body.queues.find((one: { name: string }) => one.name === name);
    expect(queue('export')).toMatchObject({
      ready: 1,
      later: 1,
      running: 0,
      failed: 0,
      oldestReadyAt: expect.any(String),
      late: false,
    });
    expect(queue('maintenance')).toMatchObject({ ready: 0, failed: 1, failedHours: 24, oldestReadyAt: null });
    expect(body.failures).toEqual([
      { queue: 'maintenance', id: 'purge-tokens', at: expect.any(String), error: '23505' },
    ]);
    expect(body.tasks).toEqual([{ name: 'purge-tokens', lastAt: null, nextAt: expect.stringMatching(/:07:00/) }]);
    expect(body.deadLetters).toBe(1);
  });

  it('that failed are counted and listed for as long as their queue stores them', async () => {
    const failJobs = (queue: string, minutesAgo: number) =>
      server.db.queryText(
        `insert into pgboss.job (name, data, state, completed_on, output)
         values ($1, '{"id":"brands"}', 'failed', now() - $2::int * interval '1 minute', '{"error":"${queue} failed"}')`,
        [queue, minutesAgo],
      );
    await failJobs('publish-brands', 59);
    await failJobs('publish-brands', 61);
    await failJobs('email', 23 * 60);
    await failJobs('email', 25 * 60);
    const { body } = await admin.call('GET', '/review/jobs');
    const counted = new Map(
      body.queues.map(({ name, failed, failedHours }: { name: string; failed: number; failedHours: number }) => [
        name,
        [failed, failedHours],
      ]),
    );
    expect(counted.get('publish-brands')).toEqual([1, 1]);
    expect(counted.get('upgrade-records')).toEqual([0, 1]);
    expect(counted.get('email')).toEqual([1, 24]);
    const errors = body.failures.map(({ error }: { error: string }) => error);
    expect(errors.filter((error: string) => error.endsWith(' failed'))).toEqual([
      'publish-brands failed',
      'email failed',
    ]);
  });

  it('make their queue late if the oldest has been ready for more than five minutes', async () => {
    await server.db.queryText(
      `insert into pgboss.job (name, data, start_after) values ('bulk-invitation', '{"id":"late"}', now() - interval '6 minutes')`,
      [],
    );
    const { body } = await admin.call('GET', '/review/jobs');
    const late = body.queues.filter((queue: { late: boolean }) => queue.late).map(({ name }: { name: string }) => name);
    expect(late).toEqual(['bulk-invitation']);
  });
});

describe('finding an account by name', () => {
  it('finds staff, administrators and developers, but no patients', async () => {
    const dev = await signInDeveloper(server);
    const find = async (query: string) => (await admin.call('GET', `/review/accounts?${query}`)).body.accounts;
    expect(await find(`text=${dev.email.split('@')[0]?.toUpperCase()}`)).toMatchObject([{ accountId: dev.accountId }]);
    expect(await find(`account=${dev.accountId}`)).toMatchObject([{ accountId: dev.accountId, kind: 'developer' }]);
    const kinds = (await find('text=')).map(({ kind }: { kind: string }) => kind);
    expect(kinds.length).toBeGreaterThan(1);
    expect(kinds.length).toBeLessThanOrEqual(10);
    expect(kinds.filter((kind: string) => !['staff', 'developer'].includes(kind))).toEqual([]);
    const [patient] = await server.db.queryText<{ username: string }>(
      "select username from account where kind = 'patient' limit 1",
      [],
    );
    expect(await find(`text=${patient?.username}`)).toEqual([]);
  });
});
