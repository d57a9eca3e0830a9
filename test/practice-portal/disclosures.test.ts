import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { days, later, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { countByCategory } from '../../src/practice-portal/disclosures/category-counts.ts';
import { periodDays } from '../../src/practice-portal/disclosures/periods.ts';
import { listActiveRecords } from '../../src/practices/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { attributeOf, attributesOf, nextLink, textOf, textsOf } from '../support/browser/html.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import {
  formErrors,
  LIVE_PRACTICE,
  listAuditEvents,
  SANDBOX_PRACTICE,
  type SignedInStaff,
  signInStaff,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HERE = `/practice/${SANDBOX_PRACTICE}/disclosures`;

let server: TestServer;
let officer: SignedInStaff;
let app: { client_id: string };
let ana: number;
beforeAll(async () => {
  server = await startServer();
  // Arizona, where the sandbox practice is, has no daylight saving time.
  await server.db.queryText("update practice set time_zone = 'America/New_York' where practice_id = $1", [
    SANDBOX_PRACTICE,
  ]);
  officer = await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE], 'Pri Vacy');
  const readerApp = await addApp(server, { name: 'Reader' });
  app = readerApp;
  ana = (await listActiveRecords(server.db)).find(({ name }) => name.includes('Larkspur'))?.recordId ?? 0;
  const { access_token: token, patient } = await connectApp(server.app, readerApp, {
    scope: 'launch/patient patient/*.rs',
  });
  await getFhir(server.app, `${R4}/Patient/${patient}`, token);
  await getFhir(server.app, `${R4}/Observation?patient=${patient}&_count=7`, token);
  await getFhir(server.app, `${R4}/Observation?patient=${patient}&_count=3`, token);
  // A denied request and one without results. Neither disclosed any data.
  await getFhir(server.app, `${R4}/Nothing`, token);
  await getFhir(server.app, `${R4}/Condition/00000000-0000-4000-8000-000000000000`, token);
});
afterAll(() => server.close());

/** Local time of the practice (New York) in the format of the form. */
const local = (at: Date): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/New_York', dateStyle: 'short', timeStyle: 'short' })
    .format(at)
    .replace(' ', 'T');
const now = () => server.clock.now();
const ask = (fields: Record<string, string> = {}, page = '', by = officer) => {
  const report = {
    app: app.client_id,
    from: local(later(now(), -days(1))),
    to: local(later(now(), minutes(1))),
    ...fields,
  };
  return by.browser.get(`${HERE}${page}?${new URLSearchParams(report)}`);
};
/** Adds a read of three entries of a record, by default Ana's, to the audit log. */
async function addRead(clientId: string, at: Date, by: { accountId?: string; recordId?: number } = {}): Promise<void> {
  await createAuditLog({ db: server.db, clock: { now: () => at }, random }).append({
    kind: 'read',
    outcome: 'success',
    clientId: clientId as never,
    accountId: by.accountId as never,
    recordId: (by.recordId ?? ana) as never,
    type: 'Patient',
    resources: 3,
  });
  await addReadsSince('1970-01-01T00:00Z');
}
/** Lets the server look at all events since a time. Tests store events long after their time. */
const addReadsSince = (time: string) => server.db.queryText('update daily_read_position set at = $1', [time]);
/** The parameter of a link to the rows after a position. */
const position = (time: number): string =>
  Buffer.from(JSON.stringify([time, 'app', 1, '00000000-0000-0000-0000-000000000000'])).toString('base64url');
const queries = () => listAuditEvents(server, 'audit-query');

describe('the report of patients whose data an app read in a period', () => {
  it('names the patients, what was read, how much, and when', async () => {
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toContain('Reader read data of 1 patient');
    expect(body).toMatch(
      /Ana Marisol Larkspur<\/a><br>[\s\S]*born July 7, 1974[\s\S]*Test results and measurements: 10, Personal details: 1</,
    );
  });

  it('says who used the app: the patient, a representative, a staff member, or no person', async () => {
    const reader = await addApp(server, { name: 'Shared reader' });
    const [guardian] = await server.db.queryText<{ account_id: string; record_id: string }>(
      `select h.account_id, h.record_id from representation h
         join account a on a.account_id = h.account_id and a.username = 'guardianapitest'
         join record r on r.record_id = h.record_id and r.practice_id = $1
       where h.relationship = 'representative' limit 1`,
      [SANDBOX_PRACTICE],
    );
    const child = { accountId: guardian?.account_id ?? '', recordId: Number(guardian?.record_id) };
    // The reads are on a day of their own, so that other reports don't count them.
    const at = later(now(), -days(25));
    await addRead(reader.client_id, at, child);
    await addRead(reader.client_id, at, { ...child, accountId: officer.accountId });
    await addRead(reader.client_id, at, { recordId: child.recordId });
    await addRead(reader.client_id, at, { ...child, accountId: '00000000-0000-4000-8000-00000000dead' });
    const fields = { app: reader.client_id, from: local(later(at, -minutes(1))), to: local(later(at, minutes(1))) };
    const report = await ask(fields);
    expect(report.body).toContain('Shared reader read data of 1 patient');
    expect(textsOf(report, 'td[data-name="Used by"]').toSorted()).toEqual([
      'Claire Meadowlark Representative',
      'Deleted account Relation to the patient not on record',
      'Pri Vacy Staff member',
      'The app itself, without a person',
    ]);
    expect(textsOf(await ask(), 'td[data-name="Used by"]')).toEqual(['Ana Larkspur Patient']);
    const { body } = await ask(fields, '/csv');
    const lines = body.split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.split(`,${reader.client_id},`)[1]).toSorted()).toEqual([
      ',app',
      ',person',
      'Claire Meadowlark,representative',
      'Pri Vacy,staff',
    ]);
  });

  it('names data categories as patients see them, for both FHIR versions', () => {
    const read = [
      { type: 'MedicationRequest', resources: 2 },
      { type: 'MedicationOrder', resources: 3 },
      { type: 'Practitioner', resources: 7 },
      { type: 'constructor', resources: 1 },
    ];
    expect(countByCategory('en', read, { MedicationOrder: 'MedicationRequest' })).toEqual([
      ['Clinicians', 7],
      ['Medicines', 5],
      ['constructor', 1],
    ]);
    expect(countByCategory('es', read, { MedicationOrder: 'MedicationRequest' })).toEqual([
      ['Médicos y otros profesionales', 7],
      ['Medicinas', 5],
      ['constructor', 1],
    ]);
  });

  it('is itself recorded, with app and times, before the response is sent', async () => {
    const before = (await queries()).length;
    await ask();
    const [event, ...others] = await queries();
    expect(others).toHaveLength(before);
    expect(event).toMatchObject({
      account_id: officer.accountId,
      outcome: 'success',
      detail: {
        practice: SANDBOX_PRACTICE,
        app: app.client_id,
        from: expect.any(String),
        until: expect.any(String),
        patients: 1,
      },
    });
    expect(JSON.stringify(event)).not.toContain('Larkspur');
  });

  it('is recorded even if it is empty, as is each page and file of it', async () => {
    const before = (await queries()).length;
    const none = await ask({ from: '2001-01-01T00:00', to: '2001-06-01T00:00' });
    expect(none.body).toContain('Reader read no data of your patients in this period');
    await ask({ page: '2' });
    await ask({}, '/csv');
    const recorded = (await queries()).slice(0, (await queries()).length - before);
    expect(recorded.map(({ detail }) => [detail['patients'], detail['page'], detail['as']])).toEqual([
      [1, undefined, 'csv'],
      [1, 1, undefined],
      [0, 1, undefined],
    ]);
  });

  it.each([
    ['a page number without a position', { page: '7' }],
    ['an unreadable position', { page: '2', after: 'WzFd' }],
    ['a position after the last row', { page: '2', after: position(0) }],
    ['a position at an invalid time', { page: '2', after: position(1e18) }],
  ])('shows the first page for %s, so it never looks empty', async (_what, fields) => {
    const beyond = await ask(fields);
    expect(beyond.body).toContain('Reader read data of 1 patient');
    expect(beyond.body).not.toContain('read no data');
  });

  it('is not sent if it cannot be recorded', async () => {
    await server.db.queryText('alter table audit_event rename to gone', []);
    const { status, body } = await ask();
    await server.db.queryText('alter table gone rename to audit_event', []);
    expect(status).toBeGreaterThanOrEqual(500);
    expect(body).not.toContain('Larkspur');
  });

  it.each([
    ['an unknown app', { app: 'nobody' }, ['app']],
    ['no start time', { from: '' }, ['from']],
    ['an invalid time', { to: '2026-02-30T10:00' }, ['to']],
    ['an invalid first day', { from: '2026-02-30' }, ['from']],
    ['an invalid last day', { to: '2026-02-30' }, ['to']],
    ['days in the wrong order', { from: '2026-02-02', to: '2026-02-01' }, ['to']],
    ['more days than a leap year', { from: '2024-01-01', to: '2025-01-01' }, ['to']],
    ['more than a year', { from: '2024-01-01', to: '2025-06-01' }, ['to']],
    ['more than 31 days of all apps', { app: '', from: '2026-01-01', to: '2026-02-01' }, ['to']],
    ['a year of all apps', { app: '', from: '2025-01-01', to: '2025-12-31' }, ['to']],
    ['unreadable input', { app: '<i>', from: "'; drop table audit_event", to: '<b>' }, ['app', 'from', 'to']],
  ])('%s is rejected with its field, and not recorded as a report', async (_what, fields, wrong) => {
    const before = (await queries()).length;
    const response = await ask(fields);
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: wrong,
    });
    expect((await ask(fields, '/csv')).status).toBe(400);
    expect(await queries()).toHaveLength(before);
  });

  it('accepts a leap year of days', async () => {
    expect((await ask({ from: '2024-01-01', to: '2024-12-31' })).status).toBe(200);
  });

  it('includes all of the last day, in the time zone of the practice', async () => {
    const read = async (at: string, days: { from: string; to: string }) => {
      const reader = await addApp(server, { name: 'Night reader' });
      await addRead(reader.client_id, new Date(at));
      return (await ask({ app: reader.client_id, ...days })).body;
    };
    const days = { from: '2026-03-08', to: '2026-03-08' };
    // On this day the clocks in New York are set forward.
    expect(await read('2026-03-08T05:00:00Z', days)).toContain('data of 1 patient');
    expect(await read('2026-03-09T03:59:59Z', days)).toContain('data of 1 patient');
    expect(await read('2026-03-09T04:00:00Z', days)).toContain('read no data');
    expect(await read('2026-03-08T04:59:59Z', days)).toContain('read no data');
  });

  it('shows the whole days for a link of an earlier release, which has times', async () => {
    const reader = await addApp(server, { name: 'Morning reader' });
    await addRead(reader.client_id, new Date('2026-03-11T11:00:00Z'));
    const days = { from: '2026-03-10T10:00', to: '2026-03-11T00:05' };
    const report = await ask({ app: reader.client_id, ...days });
    expect(report.body).toContain('data of 1 patient');
    expect(attributesOf(report, 'input[type=date]', 'value')).toEqual(['2026-03-10', '2026-03-11']);
  });

  it('has a row for each day, the newest day first, with what was read on that day', async () => {
    const reader = await addApp(server, { name: 'Daily reader' });
    // On November 1 in New York, clocks are set back. Its last hour is on November 2 in UTC.
    for (const at of ['2026-11-01T04:00:00Z', '2026-11-02T04:59:00Z', '2026-11-02T05:00:00Z', '2026-11-02T20:00:00Z'])
      await addRead(reader.client_id, new Date(at));
    const report = await ask({ app: reader.client_id, from: '2026-11-01', to: '2026-11-02' });
    expect(report.body).toContain('Daily reader read data of 1 patient<');
    expect(textsOf(report, 'td[data-name="First read"], td[data-name="Last read"]')).toEqual([
      'November 2, 2026 at 12:00 AM EST',
      'November 2, 2026 at 3:00 PM EST',
      'November 1, 2026 at 12:00 AM EDT',
      'November 1, 2026 at 11:59 PM EST',
    ]);
    expect(textsOf(report, 'td[data-name="Data"]')).toEqual(['Personal details: 6', 'Personal details: 6']);
    expect((await ask({ app: reader.client_id, from: '2026-11-02', to: '2026-11-02' })).body).toContain('12:00 AM');
  });

  it('still has reads of before the practice changed its time zone, and of events about several patients', async () => {
    const reader = await addApp(server, { name: 'Traveling reader' });
    const [other] = (await listActiveRecords(server.db)).filter(
      ({ recordId, practiceId }) => recordId !== ana && practiceId === SANDBOX_PRACTICE,
    );
    await createAuditLog({ db: server.db, clock: { now: () => new Date('2026-10-05T20:00:00Z') }, random }).append({
      kind: 'search',
      outcome: 'success',
      clientId: reader.client_id as never,
      records: new Map([
        [ana, 2],
        [other?.recordId ?? 0, 5],
      ]) as never,
      resources: 7,
      type: 'Condition',
    });
    await addReadsSince('1970-01-01T00:00Z');
    const move = (zone: string) =>
      server.db.queryText('update practice set time_zone = $2 where practice_id = $1', [SANDBOX_PRACTICE, zone]);
    const fields = { app: reader.client_id, from: '2026-10-01', to: '2026-10-31' };
    const before = await ask(fields);
    expect(textsOf(before, 'td[data-name="Data"]').toSorted()).toEqual(['Health problems: 2', 'Health problems: 5']);
    await move('America/Los_Angeles');
    const after = await ask(fields);
    await move('America/New_York');
    // On the day of the change, reads can be in two rows. Other tests count those of today.
    await server.db.queryText(
      "delete from daily_read where date_trunc('day', since_at, 'America/Los_Angeles') = since_at",
      [],
    );
    expect(textsOf(after, 'td[data-name="Data"]').toSorted()).toEqual(['Health problems: 2', 'Health problems: 5']);
    expect(after.body).toContain('October 5, 2026 at 1:00 PM PDT');
  });
});

describe('periods', () => {
  const clock = new Date('2026-03-01T02:00:00Z');
  it.each([
    ['last-7-days', '2026-02-22', '2026-02-28'],
    ['last-14-days', '2026-02-15', '2026-02-28'],
    ['last-30-days', '2026-01-30', '2026-02-28'],
    ['this-month', '2026-02-01', '2026-02-28'],
    ['last-month', '2026-01-01', '2026-01-31'],
    ['this-year', '2026-01-01', '2026-02-28'],
  ] as const)('%s on the evening of February 28 in New York is from %s to %s', (period, from, to) => {
    expect(periodDays(period, clock, 'America/New_York')).toEqual({ from, to });
  });

  it('the month before January is in the year before', () => {
    const january = new Date('2026-01-15T12:00:00Z');
    expect(periodDays('last-month', january, 'UTC')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
  });

  it('a button replaces the days of the form and keeps the app', async () => {
    const { status, body } = await ask({ from: '2001-01-01', to: '2001-01-02', period: 'last-7-days' });
    expect(status).toBe(200);
    expect(body).toContain('Reader read data of 1 patient');
    const { from, to } = periodDays('last-7-days', now(), 'America/New_York');
    expect(body).toContain(`name="from" type="date" value="${from}"`);
    expect(body).toContain(`name="to" type="date" value="${to}"`);
  });
});

describe('the report opened from the menu', () => {
  it('shows what all apps read in the last 14 days, and is recorded', async () => {
    const page = await officer.browser.get(HERE);
    expect(page.status).toBe(200);
    expect(textOf(page, '#answer')).toMatch(/^Apps read data of \d+ patient/);
    expect(textsOf(page, 'td[data-name=App]')).toContain('Reader');
    expect(textOf(page, '.filter-row [aria-current]')).toBe('Last 14 days');
    const { from, to } = periodDays('last-14-days', now(), 'America/New_York');
    expect(attributesOf(page, 'input[type=date]', 'value')).toEqual([from, to]);
    expect((await queries())[0]?.detail).toMatchObject({ apps: 'all', patients: expect.any(Number), page: 1 });
  });

  it('marks the chosen period, or that the dates are other ones', async () => {
    const chosen = await officer.browser.get(`${HERE}?period=last-30-days`);
    expect(textOf(chosen, '.filter-row [aria-current]')).toBe('Last 30 days');
    const other = await ask({ from: '2026-01-05', to: '2026-01-06' });
    expect(textOf(other, '.filter-row [aria-current]')).toBe('Custom dates');
    expect(attributeOf(other, '.filter-row [aria-current]', 'href')).toBe('#from');
  });
});

describe('the report of all apps', () => {
  it('has a row for each patient and app, and counts each patient once', async () => {
    const other = await addApp(server, { name: 'Another reader' });
    await addRead(other.client_id, now());
    const report = await ask({ app: '' });
    expect(report.body).toContain('Apps read data of 1 patient');
    expect(textsOf(report, 'td[data-name=App]').toSorted()).toEqual(['Another reader', 'Reader']);
    const csv = await ask({ app: '' }, '/csv');
    expect(csv.body).toMatch(new RegExp(`,Observation,10,.*,Reader,${app.client_id},Ana Larkspur,patient\r\n`));
    expect(csv.body).toMatch(new RegExp(`,Patient,3,.*,Another reader,${other.client_id},,app\r\n`));
  });

  it('covers at most 31 days, and otherwise says what to choose', async () => {
    expect((await ask({ app: '', from: '2026-01-01', to: '2026-01-31' })).status).toBe(200);
    const tooLong = await ask({ app: '', from: '2026-01-01', to: '2026-02-01' });
    expect(formErrors(tooLong)).toEqual([
      'to: The period for all apps can be at most 31 days. Choose one app or a shorter period',
    ]);
  });

  it('includes no reads without an app, and says so if there are no others', async () => {
    const { body } = await ask({ app: '', from: '2001-01-01', to: '2001-01-31' });
    expect(body).toContain('No app read your patients’ data in this period');
  });

  it('is recorded as a report of all apps', async () => {
    await ask({ app: '' });
    const [event] = await queries();
    expect(event?.detail).toMatchObject({ apps: 'all', patients: 1 });
    expect(event?.detail['app']).toBeUndefined();
  });
});

describe('a report that the database can’t finish in time', () => {
  beforeAll(() =>
    server.db.queryText(
      `alter table demographics rename to stored_demographics;
       create function too_slow() returns setof stored_demographics language plpgsql as
         $$ begin raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end $$;
       create view demographics as select * from too_slow()`,
      [],
    ),
  );
  afterAll(() =>
    server.db.queryText(
      'drop view demographics; drop function too_slow; alter table stored_demographics rename to demographics',
      [],
    ),
  );

  it.each([
    ['all apps', { app: '' }, 'app: The report took too long. Choose one app or a shorter period'],
    ['one app', {}, 'to: The report took too long. Choose a shorter period'],
  ])('of %s says how to make it shorter, on its page and instead of the file', async (_what, fields, error) => {
    const page = await ask(fields);
    expect({ status: page.status, errors: formErrors(page) }).toEqual({ status: 503, errors: [error] });
    const file = await ask(fields, '/csv');
    expect(file.status).toBe(503);
    expect(textOf(file)).toContain(`${error.split(': ')[1]}.`);
  });
});

it('counts more resources than a 32-bit number can have', async () => {
  const busy = await addApp(server, { name: 'Busy' });
  // The reads are on a day of their own, so that other reports don't count them.
  const at = later(now(), -days(20));
  await server.db.queryText(
    `insert into audit_event (at, id, kind, outcome, client_id, record_id, type, resources)
     select $1, gen_random_uuid(), 'read', 'success', $2, $3, 'Patient', 2000000000 from generate_series(1, 2)`,
    [at, busy.client_id, ana],
  );
  const report = { from: local(later(at, -minutes(1))), to: local(later(at, minutes(1))) };
  expect((await ask({ ...report, app: busy.client_id })).body).toContain('Personal details: 4,000,000,000');
  expect((await ask({ ...report, app: '' }, '/csv')).body).toContain(',Patient,4000000000,');
});

describe('only this practice’s patients', () => {
  it('are in the report and its numbers, even if the app read elsewhere too', async () => {
    const live = await addLivePatient(server);
    const [record] = (await listActiveRecords(server.db)).filter(({ patientId }) => patientId === live.patientId);
    const auditLog = createAuditLog({ db: server.db, clock: server.clock, random });
    const event = {
      kind: 'read',
      outcome: 'success',
      clientId: app.client_id as never,
      resources: 5,
      type: 'Patient',
    } as const;
    await auditLog.append({ ...event, recordId: record?.recordId });
    expect((await ask()).body).toContain('data of 1 patient<');
    const theirs = await signInStaff(server, ['privacy-officer'], [LIVE_PRACTICE]);
    const there = `/practice/${LIVE_PRACTICE}/disclosures`;
    const report = { app: app.client_id, from: local(later(now(), -days(1))), to: local(later(now(), minutes(1))) };
    const { body } = await theirs.browser.get(`${there}?${new URLSearchParams(report)}`);
    expect(body).toMatch(/Lou Live[\s\S]*Personal details: 5/);
    expect(body).not.toContain('Larkspur');
    const csv = await theirs.browser.get(`${there}/csv?${new URLSearchParams(report)}`);
    expect(csv.body).not.toContain('Larkspur');
    const all = await theirs.browser.get(`${there}?${new URLSearchParams({ ...report, app: '' })}`);
    expect(all.body).toContain('Apps read data of 1 patient');
    expect(all.body).not.toContain('Larkspur');
  });
});

describe('the report as a file', () => {
  it('RFC 4180: has a line for each patient and type', async () => {
    const { body, headers } = await ask({}, '/csv');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': expect.stringMatching(/^attachment; filename="who-read-what-\d{4}-\d\d-\d\d\.csv"$/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const [header, first, second, end] = body.replace(/^\ufeff/, '').split('\r\n');
    expect(header).toBe(
      'patient,birth_date,patient_id,type,resources,first_read,last_read,app,client_id,used_by,used_by_role',
    );
    expect(first).toMatch(
      /^Ana Marisol Larkspur,1974-07-07,[0-9a-f-]{36},Observation,10,20\d\d-.*Z,20\d\d-.*Z,Reader,.+$/,
    );
    expect(second).toContain(',Patient,1,');
    expect(end).toBe('');
  });

  it.each(['=HYPERLINK("http://evil.example")', '+1', '-1+2', '@SUM(A1)', '\t=1'])(
    'escapes a name that a spreadsheet would evaluate: %j',
    async (name) => {
      await server.db.queryText('update demographics set name = $1 where record_id = $2', [name, ana]);
      const { body } = await ask({}, '/csv');
      const line = body.split('\r\n')[1] ?? '';
      expect(line).toMatch(/^"?'/);
      await server.db.queryText(`update demographics set name = 'Ana Marisol Larkspur' where record_id = $1`, [ana]);
    },
  );
});

describe('a report with more rows than a page has', () => {
  const PATIENTS = 120;
  let many: { client_id: string };
  // The reads are on days of their own, so that the report of all apps of today doesn't count them.
  const days = { from: '2026-08-10', to: '2026-08-12' };
  async function addReads(clientId: string, at: string): Promise<void> {
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, client_id, record_id, type, resources)
       select $1, gen_random_uuid(), 'read', 'success', $2, 900000 + n, 'Patient', 1 from generate_series(1, ${PATIENTS}) n`,
      [at, clientId],
    );
    await addReadsSince('1970-01-01T00:00Z');
  }
  beforeAll(async () => {
    many = await addApp(server, { name: 'Many' });
    await server.db.queryText(
      `insert into record (record_id, practice_id, patient_id)
       select 900000 + n, 1, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid from generate_series(1, ${PATIENTS}) n`,
      [],
    );
    await server.db.queryText(
      `insert into demographics (practice_id, record_id, name, family, folded)
       select 1, 900000 + n, 'Many ' || lpad(n::text, 3, '0'), 'Many', 'many ' || lpad(n::text, 3, '0') from generate_series(1, ${PATIENTS}) n`,
      [],
    );
    const clock = { now: () => new Date('2026-08-10T15:00:00Z') };
    await createAuditLog({ db: server.db, clock, random }).createPartitions();
    await addReads(many.client_id, '2026-08-10T15:00:00Z');
    await addReads(many.client_id, '2026-08-12T15:00:00Z');
  });

  const NAMES = Array.from({ length: PATIENTS }, (_, index) => `Many ${String(index + 1).padStart(3, '0')}`);
  /** Opens all pages. Returns the rows, each with the day on which the patient was read. */
  async function readPages(fields: Record<string, string>) {
    const rows: string[] = [];
    let page = await ask(fields);
    for (;;) {
      const times = textsOf(page, 'td[data-name="First read"]');
      rows.push(...textsOf(page, 'th[scope=row]').map((name, index) => `${times[index]?.slice(0, 9)} ${name}`));
      const next = nextLink(page);
      if (next === undefined) return rows;
      page = await officer.browser.get(next);
      expect(textOf(page, '#answer')).toMatch(/ or more$/);
    }
  }
  const byDay = (...days: number[]) => days.flatMap((day) => NAMES.map((name) => `August ${day} ${name}`));

  it('has pages without gaps or duplicates, the newest day first', async () => {
    const first = await ask({ app: many.client_id, ...days });
    expect(textOf(first, '#answer')).toBe('Many read data of 50 patients or more');
    const rows = await readPages({ app: many.client_id, ...days });
    expect(rows.slice(0, PATIENTS).toSorted()).toEqual(byDay(12));
    expect(rows.slice(PATIENTS).toSorted()).toEqual(byDay(10));
  });

  it('has them for all apps too', async () => {
    for (const name of ['One more', 'Another one'])
      await addReads((await addApp(server, { name })).client_id, '2026-08-12T16:00:00Z');
    const rows = await readPages({ app: '', ...days });
    expect(rows.slice(0, 3 * PATIENTS).toSorted()).toEqual(byDay(12, 12, 12).toSorted());
    expect(rows.slice(3 * PATIENTS).toSorted()).toEqual(byDay(10));
  });

  it('records the page that was opened', async () => {
    const first = await ask({ app: many.client_id, ...days });
    await officer.browser.get(nextLink(first) ?? '');
    expect((await queries())[0]?.detail).toMatchObject({ page: 2, patients: 50 });
  });

  it('is whole in the file', async () => {
    const { body } = await ask({ app: many.client_id, ...days }, '/csv');
    expect(body.split('\r\n')).toHaveLength(2 * PATIENTS + 2);
  });
});

describe('more reads than a page adds to the report', () => {
  it('are added in the background, and until then the report says that they may be missing', async () => {
    const reader = await addApp(server, { name: 'Old reader' });
    await addRead(reader.client_id, new Date('2026-09-10T15:00:00Z'));
    await server.db.queryText('delete from daily_read where client_id = $1', [reader.client_id]);
    await addReadsSince('2026-08-31T00:00Z');
    await server.db.queryText(
      `insert into audit_event (at, id, kind, outcome, request_id)
       select timestamptz '2026-09-02T12:00Z' + n * interval '1 ms', gen_random_uuid(), 'sign-in', 'success', 'many'
       from generate_series(1, 5000) n`,
      [],
    );
    const fields = { app: reader.client_id, from: '2026-09-01', to: '2026-09-30' };
    const missing = await ask(fields);
    expect(textOf(missing, '.note')).toContain('Reads after September 2, 2026 at 8:00 AM EDT may be missing');
    expect((await ask({ from: '2026-08-01', to: '2026-08-30' })).body).not.toContain('may be missing');
    await server.purgeExpired();
    const { body } = await ask(fields);
    expect(body).toContain('Old reader read data of 1 patient<');
    expect(body).toContain('Personal details: 3');
    expect(body).not.toContain('may be missing');
  });
});
