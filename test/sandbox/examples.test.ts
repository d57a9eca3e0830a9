import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { days, hours } from '../../src/kernel/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { attributeOf, attributesOf, linksOf, tableRows, textOf, textsOf } from '../support/browser/html.ts';
import { connectApp, PatientBrowser, SANDBOX_PATIENT } from '../support/people/patient.ts';
import {
  listAuditEvents,
  SANDBOX_PRACTICE,
  signInAdministrator,
  signInStaff,
} from '../support/people/practice-portal.ts';
import { SANDBOX_DESK } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const FEEDS = `/practice/${SANDBOX_PRACTICE}/feeds`;
const REPORT = `/practice/${SANDBOX_PRACTICE}/disclosures`;

let server: TestServer;
let refresh: () => Promise<void>;
/** Brings the examples up to date with the settings of a server, as a start does. */
async function refreshAt({ db, clock, config }: TestServer, changes: object = {}): Promise<void> {
  const composed = await createApp({ ...config, ...changes }, db, { clock });
  await composed.refreshExamples();
  await composed.app.close();
}
beforeAll(async () => {
  server = await startServer();
  refresh = () => refreshAt(server);
});
// Tests move the clock and delete the reads. Each starts with those of its day.
beforeEach(() => refresh());
afterAll(() => server.close());

const countReads = async (): Promise<number> =>
  Number((await server.db.queryText<{ reads: string }>('select count(*) as reads from made_up_read', []))[0]?.reads);

async function signedIn(user = { username: 'patientapitest', password: 'Password1!' }): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in', user);
  return browser;
}

/** Opens the access log of the only record of a shared account. */
async function openLog(browser: PatientBrowser, query = '') {
  const { location = '' } = await browser.get('/account/log');
  return browser.get(`${location}${query}`);
}

describe('the account pages of a sandbox patient without apps', () => {
  it('say that the reads are examples, and lead to the demo app', async () => {
    const browser = await signedIn();
    const { location: base = '' } = await browser.get('/account');
    const overview = await browser.get(base);
    expect(textOf(overview, '.overview')).toContain('Latest reads Example reads. These apps aren’t connected.');
    for (const page of [overview, await browser.get(`${base}/apps`)]) {
      expect(textOf(page, 'main a[href="/demo"]')).toBe('Try the demo app');
      expect(textOf(page, 'main a[href="/apps"]')).toBe('Find apps to connect');
    }
  });

  it('don’t mention examples while an app is connected', async () => {
    const browser = await signedIn();
    const app = await addApp(server);
    const { location: base = '' } = await browser.get('/account');
    await connectApp(server.app, app, {}, {}, SANDBOX_PATIENT, browser);
    const overview = await browser.get(base);
    expect(textOf(overview, '.overview')).toContain('1 app can read this record.');
    expect(textOf(overview)).not.toContain('These apps aren’t connected.');
    expect(linksOf(overview)).not.toContain('/demo');
  });
});

describe('the access log of a sandbox patient', () => {
  it('shows two weeks of reads, marked as made up', async () => {
    const page = await openLog(await signedIn());
    expect(textOf(page)).toContain('Entries marked “example” are made up.');
    const readers = new Set(tableRows(page, 'table.log tbody tr').map(([, who]) => who));
    expect(readers).toContain('My Record (demo) (example)');
    for (const reader of readers) expect(reader).toMatch(/\(example\)/);
    expect(new Set(textsOf(page, 'table.log caption')).size).toBeGreaterThan(2);
    const apps = textsOf(page, '.log-summary li b');
    expect(apps).toContain('My Record (demo) (example)');
    expect(apps.filter((app) => app?.endsWith('(example)') !== true)).toEqual([]);
  });

  it('offers the apps of made-up reads as a filter', async () => {
    const browser = await signedIn();
    const page = await openLog(browser);
    const names = textsOf(page, 'select[name=app] option');
    expect(names).toContain('My Record (demo)');
    const app = attributeOf(page, 'select[name=app] option:nth-child(3)', 'value') ?? '';
    const filtered = await openLog(browser, `?app=${app}`);
    const readers = new Set(tableRows(filtered, 'table.log tbody tr').map(([, who]) => who));
    expect(readers.size).toBe(1);
  });

  it('tags made-up reads as test data in the FHIR download', async () => {
    const browser = await signedIn();
    const { location = '' } = await browser.get('/account/log');
    const { entry } = JSON.parse((await browser.get(`${location}/fhir`)).body);
    const codes = entry.map(
      ({ resource }: { resource: { meta?: { tag?: { code: string }[] } } }) => resource.meta?.tag?.[0]?.code,
    );
    expect(codes).toContain('HTEST');
  });

  it('shows each page of made-up reads once', async () => {
    const browser = await signedIn();
    const ids = new Set<string>();
    let rows = 0;
    for (let page = await openLog(browser); ; ) {
      const found = tableRows(page, 'table.log tbody tr');
      rows += found.length;
      const next = attributeOf(page, 'a[rel~=next]', 'href');
      ids.add(next ?? 'last');
      if (next === undefined) break;
      page = await browser.get(next);
    }
    expect(rows).toBeGreaterThan(50);
    expect(ids.size).toBeGreaterThan(1);
  });
});

describe('made-up reads', () => {
  it('are never in the audit log', async () => {
    const events = await server.db.queryText(
      `select from audit_event e join made_up_read m on m.id = e.id or (m.record_id = e.record_id and m.at = e.at)`,
      [],
    );
    expect(events).toHaveLength(0);
    for (const kind of ['read', 'search', 'document']) expect(await listAuditEvents(server, kind)).toHaveLength(0);
  });

  it('stay the last two weeks, without growing', async () => {
    const before = await countReads();
    server.clock.advance(days(30));
    await refresh();
    const [span] = await server.db.queryText<{ first: Date; last: Date }>(
      'select min(at) as first, max(at) as last from made_up_read',
      [],
    );
    const now = server.clock.now().getTime();
    expect(now - (span?.first.getTime() ?? 0)).toBeLessThanOrEqual(days(14));
    expect(now - (span?.last.getTime() ?? 0)).toBeLessThan(days(3));
    expect(span?.last.getTime()).toBeLessThanOrEqual(now);
    expect(await countReads()).toBeLessThan(before * 1.5);
  });

  it('don’t change when they are made again', async () => {
    const list = () => server.db.queryText('select * from made_up_read order by id', []);
    const before = await list();
    await refresh();
    expect(await list()).toEqual(before);
  });

  it('belong to records of sandbox practices only', async () => {
    const kinds = await server.db.queryText<{ kind: string }>(
      `select distinct p.kind from made_up_read m join record r using (record_id) join practice p using (practice_id)`,
      [],
    );
    expect(kinds.map(({ kind }) => kind)).toEqual(['sandbox']);
  });

  it('are invisible to accounts that aren’t shared', async () => {
    const { browser } = await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE]);
    const page = await browser.get(`${REPORT}?app=&period=last-30-days&from=&to=`);
    expect(textOf(page)).toContain('No app read your patients’ data in this period');
    expect(textsOf(page, 'select[name=app] option')).not.toContain('Care Gaps Report');
  });
});

it('the sandbox practices have the time zone of their address in Arizona', async () => {
  const practices = await server.db.queryText<object>(
    "select address ~ ', AZ ' as arizona, time_zone from practice where kind = 'sandbox'",
    [],
  );
  expect(practices).toEqual([1, 2].map(() => ({ arizona: true, time_zone: 'America/Phoenix' })));
});

describe('the data access report of the sandbox front desk', () => {
  it('lists made-up reads of all apps, marked as such, and of one app', async () => {
    const browser = await signedIn(SANDBOX_DESK);
    const page = await browser.get(REPORT);
    expect(textOf(page)).toContain('are not in the audit log');
    // The first cell of a row is its header, the patient.
    const apps = new Set(tableRows(page, 'tbody tr').map(([app]) => app));
    expect(apps).toContain('My Record (demo) (example)');
    const file = await browser.get(`${REPORT}/csv?period=last-14-days`);
    const readers = new Set(file.body.split('\r\n').map((line) => line.split(',').slice(-2).join(' ')));
    expect(readers).toContain('Ana Larkspur patient');
    expect(readers).toContain(' app');
    expect([...readers].some((reader) => reader.endsWith(' staff'))).toBe(true);
    const [, app = ''] = attributesOf(page, 'select[name=app] option', 'value');
    const one = await browser.get(`${REPORT}?app=${app}&period=last-30-days&from=&to=`);
    expect(new Set(tableRows(one, 'tbody tr').map(([name]) => name)).size).toBe(1);
  });
});

describe('the example feed', () => {
  it('has stored and rejected entries that the front desk sees', async () => {
    const browser = await signedIn(SANDBOX_DESK);
    const page = await browser.get(FEEDS);
    expect(linksOf(page)).toContain(FEEDS);
    expect(textOf(page, '.card h2')).toBe('Example Lab (made up)');
    const facts = Object.fromEntries(
      textsOf(page, '.card dt').map((name, index) => [name, textsOf(page, '.card dd')[index]]),
    );
    expect(Number(facts['Entries stored or already up to date'])).toBeGreaterThanOrEqual(6);
    expect(Number(facts['Entries not stored'])).toBeGreaterThanOrEqual(4);
    // The kind of data is the header of its row.
    const rows = tableRows(page, 'tbody tr');
    const problems = rows.map(([_time, _sender, problem = '']) => problem.split('.')[0]);
    expect(problems.filter((problem) => problem === 'Waiting for the patient').length).toBeGreaterThanOrEqual(3);
    expect(problems).toContain('Data of another system');
    expect(textsOf(page, 'tbody th')).toEqual(
      expect.arrayContaining(['Test results and measurements', 'Personal details']),
    );
  });

  it('says what staff do about a rejected entry, and folds the technical text', async () => {
    const page = await (await signedIn(SANDBOX_DESK)).get(FEEDS);
    const problem = textsOf(page, 'tbody td[data-name="Problem and what to do"]').find((text) =>
      text.includes('result-4711'),
    );
    expect(problem).toContain(
      'Waiting for the patient. This entry’s patient isn’t here yet. It is stored automatically',
    );
    const details = textsOf(page, 'tbody details');
    expect(details).toContain(
      'Technical details for the sender Observation/result-4711 The patient is unknown at this practice. Load the Patient first, or together with this resource.',
    );
    expect(attributesOf(page, 'tbody details', 'open')).toEqual([]);
    const folded = details.join(' ');
    expect(folded).toContain('No Patient has the identifier in this reference.');
    expect(folded).toContain(
      'The resource comes from a different source. Each source can change only its own resources.',
    );
  });

  it('sends once a day, and adds no versions after the first day', async () => {
    const countBundles = async () =>
      (
        await server.db.queryText<{ inputs: number }>(
          `select coalesce(sum(inputs), 0)::int4 as inputs from intake_day where source like 'app:%'`,
          [],
        )
      )[0]?.inputs ?? 0;
    const countVersions = async () =>
      Number(
        (
          await server.db.queryText<{ versions: string }>(
            `select sum(version) as versions from resource where source like 'app:%'`,
            [],
          )
        )[0]?.versions,
      );
    const [bundles, versions] = [await countBundles(), await countVersions()];
    await refresh();
    expect(await countBundles()).toBe(bundles);
    server.clock.advance(hours(24));
    await refresh();
    expect(await countBundles()).toBe(bundles + 1);
    expect(await countVersions()).toBe(versions);
  });

  it('is shown to staff of the practice who may see it, and to no one else', async () => {
    const { browser: officer } = await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE]);
    expect(textOf(await officer.get(FEEDS), '.card h2')).toBe('Example Lab (made up)');
    const { browser: clinician } = await signInStaff(server, ['clinician'], [SANDBOX_PRACTICE]);
    expect((await clinician.get(FEEDS)).status).toBe(403);
    const { browser: elsewhere } = await signInStaff(server, ['administrator', 'privacy-officer']);
    expect((await elsewhere.get(FEEDS)).status).toBe(404);
    const { browser: administrator } = await signInAdministrator(server);
    expect((await administrator.get(FEEDS)).status).toBe(404);
  });
});

describe('an installation that turns its sandbox off', () => {
  it('deletes the made-up reads and sends nothing', async () => {
    const events = (await listAuditEvents(server, 'write')).length;
    server.clock.advance(days(2));
    await refreshAt(server, { sandbox: false });
    expect(await countReads()).toBe(0);
    expect(await listAuditEvents(server, 'write')).toHaveLength(events);
  });
});
