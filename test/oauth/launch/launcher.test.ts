import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../../src/apps/index.ts';
import { type ClientId, sha256 } from '../../../src/kernel/index.ts';
import { findLaunch, type StoredLaunch } from '../../../src/oauth/launch/launch-store.ts';
import { listActiveRecords } from '../../../src/practices/index.ts';
import { addApp, setAppState } from '../../support/apps/apps.ts';
import {
  attributeOf,
  attributesOf,
  choicesOf,
  codeIn,
  csrfIn,
  hasElement,
  linksOf,
  textOf,
  textsOf,
} from '../../support/browser/html.ts';
import { addLivePatient, type LivePerson } from '../../support/people/live-patient.ts';
import { type BrowserResponse, DSTU2, type Fields, PatientBrowser, R4 } from '../../support/people/patient.ts';
import { addStaffMember, SANDBOX_STAFF, type StaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const PATH = '/practice/launch';
const LAUNCH_URI = 'https://app.example/launch';
const STAFF_APP: Partial<AppRegistration> = {
  kind: 'staff',
  launchUri: LAUNCH_URI,
  scope: 'openid fhirUser launch patient/*.rs',
};

let server: TestServer;
let staff: PatientBrowser;
let ana: { key: string; recordId: number };
let live: LivePerson;
let worker: StaffMember;
let app: { client_id: ClientId };
beforeAll(async () => {
  server = await startServer();
  staff = new PatientBrowser(server.app);
  await staff.signIn('/sign-in', SANDBOX_STAFF);
  const record = (await listActiveRecords(server.db)).find(({ name }) => name.includes('Larkspur'));
  if (record === undefined) throw new Error('the sandbox has Ana');
  ana = { key: `${record.practiceId}-${record.patientId}`, recordId: record.recordId };
  live = await addLivePatient(server);
  worker = await addStaffMember(server, ['live']);
  app = await addApp(server, { ...STAFF_APP, name: 'Chart Review' });
});
afterAll(() => server.close());

const linksIn = (html: string) => attributesOf(html, 'main li > a', 'href');
const csrf = async (browser = staff) => csrfIn(await browser.get(PATH));
const launch = async (fields: Fields, browser = staff): Promise<BrowserResponse> =>
  browser.post(PATH, { csrf: await csrf(browser), patient: ana.key, app: app.client_id, ...fields });
/** Name of the field that the first error on the page links to. */
const wrongField = (response: BrowserResponse) => attributeOf(response, '.error-summary a', 'href');

async function launchOf(response: BrowserResponse): Promise<StoredLaunch> {
  const token = new URL(response.location ?? '').searchParams.get('launch') ?? '';
  const found = await findLaunch(server.db, sha256(token), server.clock.now());
  if (typeof found !== 'object') throw new Error(`no launch: ${response.status} ${found}`);
  return found;
}
const numberOf = async (recordId: number): Promise<string> =>
  (
    await server.db.queryText<{ number: string }>(
      `select content::jsonb #>> '{identifier,0,value}' as number from resource where record_id = $1 and type = 'Patient'`,
      [recordId],
    )
  )[0]?.number ?? '';
const launches = async (): Promise<number> =>
  (await server.db.queryText<{ n: number }>('select count(*)::int as n from launch', []))[0]?.n ?? 0;

/** Expects that the form is rejected and no launch is created. */
async function expectRejected(action: () => Promise<BrowserResponse>): Promise<BrowserResponse> {
  const before = await launches();
  const response = await action();
  expect(await launches()).toBe(before);
  expect({ location: response.location, isRejected: response.status >= 400 }).toEqual({
    location: undefined,
    isRejected: true,
  });
  return response;
}

describe('access to the launcher', () => {
  it('requires sign-in, which leads back to the requested page', async () => {
    const browser = new PatientBrowser(server.app);
    const response = await browser.get(`${PATH}?words=lark+spur`);
    expect(response.status).toBe(303);
    const signedIn = await browser.signIn(response.location ?? '', SANDBOX_STAFF);
    expect(signedIn.location).toBe(`${PATH}?words=lark+spur`);
    expect((await browser.get(signedIn.location ?? '')).status).toBe(200);
  });

  it('never redirects to another site after sign-in', async () => {
    for (const url of [
      `/${PATH}?words=a`,
      `${PATH}?return_to=https://evil.example`,
      `${PATH}?patient=//evil.example`,
    ]) {
      const { location } = await new PatientBrowser(server.app).get(url);
      const back = new URL(location ?? '', 'http://here').searchParams.get('return_to') ?? '';
      expect(new URL(back, 'http://here')).toMatchObject({ host: 'here', pathname: PATH });
    }
  });

  it('is denied to a patient, who sees no patients', async () => {
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    for (const url of [PATH, `${PATH}?words=`, `${PATH}?patient=${ana.key}`]) {
      const response = await patient.get(url);
      expect(response.status).toBe(403);
      expect(response.body).toContain('This page is for staff');
      expect(hasElement(response, 'ul.list')).toBe(false);
      expect(linksOf(response).filter((link) => link.startsWith(PATH))).toEqual([]);
    }
    await expectRejected(() => launch({}, patient));
  });

  it('is denied to an account that was locked meanwhile, which is sent to sign-in', async () => {
    const locked = await addStaffMember(server, ['sandbox']);
    const browser = await signInAs(server, locked.accountId);
    const token = await csrf(browser);
    const before = await launches();
    await server.db.queryText('update account set locked_at = now() where account_id = $1', [locked.accountId]);
    const response = await browser.post(PATH, { csrf: token, patient: ana.key, app: app.client_id });
    expect(response.location).toMatch(/^\/sign-in\?/);
    expect(await launches()).toBe(before);
  });
});

describe('the patients of the launcher', () => {
  it('are found by name and date of birth, and the field retains the query', async () => {
    const { body } = await staff.get(`${PATH}?words=LARKSPUR+1974`);
    expect(attributesOf(body, 'input', 'value')).toContain('LARKSPUR 1974');
    expect(textOf(body)).toMatch(/\b1 patient\b/);
    expect(linksIn(body)).toEqual([`${PATH}?patient=${ana.key}`]);
    expect((await staff.get(`${PATH}?words=nobody`)).body).toContain('None of your patients match “nobody”');
  });

  it('are found without accents and by the record number, and are listed by family name', async () => {
    const mrn = await numberOf(ana.recordId);
    expect(linksIn((await staff.get(`${PATH}?${new URLSearchParams({ words: mrn })}`)).body)).toEqual([
      `${PATH}?patient=${ana.key}`,
    ]);
    expect((await staff.get(`${PATH}?words=lárkspür`)).body).toContain(ana.key);
    const { body } = await staff.get(PATH);
    const families = await server.db.queryText<{ family: string; name: string }>(
      'select family, name from demographics where practice_id = 1',
      [],
    );
    const shown = textsOf(body, 'main li > a').map((name) => families.find((one) => one.name === name)?.family);
    expect(shown).toEqual(shown.toSorted((one, other) => (one ?? '').localeCompare(other ?? '', 'en')));
    expect(shown.length).toBe(30);
  });

  it('are listed with the query as text, not HTML', async () => {
    const { body } = await staff.get(`${PATH}?words=${encodeURIComponent('"><script>alert(1)</script>')}`);
    expect(codeIn(body)).toEqual([]);
  });

  it('are never those of another practice: not found, not displayed, not launched', async () => {
    const browser = await signInAs(server, worker.accountId);
    expect((await browser.get(PATH)).body).toContain(live.key);
    expect((await browser.get(`${PATH}?words=larkspur`)).body).not.toContain(ana.key);
    expect((await browser.get(`${PATH}?patient=${ana.key}`)).status).toBe(404);
    expect((await expectRejected(() => launch({}, browser))).status).toBe(404);
    expect((await staff.get(`${PATH}?words=live`)).body).not.toContain(live.key);
    expect((await expectRejected(() => launch({ patient: live.key }))).status).toBe(404);
  });

  it.each(['', '1', '1-1', `1-${'0'.repeat(36)}`, '../../etc', '1-%00', "1' or '1'='1"])(
    'do not include an invented key: %j',
    async (patient) => {
      expect((await expectRejected(() => launch({ patient }))).status).toBe(404);
      if (patient !== '') expect((await staff.get(`${PATH}?${new URLSearchParams({ patient })}`)).status).toBe(404);
    },
  );

  it('stay selected with their visit, and the page leads back to the chart', async () => {
    const first = await staff.get(`${PATH}?patient=${ana.key}`);
    const [, , older = ''] = attributesOf(first, '[name=encounter] option', 'value');
    const again = await staff.get(`${PATH}?${new URLSearchParams({ patient: ana.key, encounter: older })}`);
    expect(attributesOf(again, '[name=encounter] option[selected]', 'value')).toEqual([older]);
    const chart = `/practice/${ana.key.replace('-', '/patients/')}`;
    expect(attributeOf(again, '.back a', 'href')).toBe(chart);
    const header = await staff.get(chart);
    expect(linksOf(header).filter((link) => link.startsWith(PATH))).toContain(`${PATH}?patient=${ana.key}`);
    // An app knows the Patient.id only.
    const id = ana.key.replace('1-', '');
    expect((await staff.get(`${PATH}/chart?patient=${id}`)).location).toBe(chart);
    expect(textOf(await staff.get(`${PATH}?patient=${id}`), 'h1')).toBe(textOf(again, 'h1'));
    const other = await signInAs(server, worker.accountId);
    expect((await other.get(`${PATH}/chart?patient=${id}`)).status).toBe(404);
    const signedOut = (await new PatientBrowser(server.app).get(`${PATH}?patient=${id}&encounter=${older}`)).location;
    expect(new URL(signedOut ?? '', 'http://here').searchParams.get('return_to')).toBe(
      `${PATH}?patient=${id}&encounter=${older}`,
    );
  });

  it('invalid characters are a client error, never a server error', async () => {
    expect((await staff.get(`${PATH}?words=%00`)).body).toContain('None of your patients match');
    expect((await staff.get(`${PATH}?words=a&words=b`)).status).toBeLessThan(500);
    expect((await staff.get(`${PATH}?patient=%FF`)).status).toBeLessThan(500);
    expect((await expectRejected(() => launch({ focus: 'a\0' }))).status).toBe(400);
    expect((await expectRejected(() => launch({ app: [app.client_id, 'other'] }))).status).toBe(400);
  });
});

describe('SMART App Launch 2.2 §2.0.8, EHR launch', () => {
  it('redirects to the app’s launch URL with iss and a launch token, valid for ten minutes', async () => {
    const response = await launch({ need_patient_banner: 'yes' });
    expect(response.status).toBe(303);
    const url = new URL(response.location ?? '');
    expect(url.origin + url.pathname).toBe(LAUNCH_URI);
    expect([...url.searchParams.keys()]).toEqual(['iss', 'launch']);
    expect(url.searchParams.get('iss')).toBe(`http://localhost:8080${R4}`);
    expect(url.searchParams.get('launch')).toMatch(/^[\w-]{43}$/);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(await launchOf(response)).toMatchObject({
      clientId: app.client_id,
      recordId: ana.recordId,
      context: { needPatientBanner: true },
    });
    server.clock.advance(10 * 60_000);
    await expect(launchOf(response)).rejects.toThrow('expired');
  });

  it('stores only the SHA-256 of the token', async () => {
    const token = new URL((await launch({})).location ?? '').searchParams.get('launch') ?? '';
    const rows = await server.db.queryText<{ text: string }>(
      'select l::text as text from launch l union all select e::text from audit_event e',
      [],
    );
    expect(rows.filter(({ text }) => text.includes(token))).toEqual([]);
    expect(server.log.filter((line) => line.includes(token))).toEqual([]);
  });

  it('adds its parameters to the query of the launch URL without changing it', async () => {
    const withQuery = await addApp(server, { ...STAFF_APP, launchUri: `${LAUNCH_URI}?tenant=a%20b&x=1` });
    const { location } = await launch({ app: withQuery.client_id });
    expect(location).toMatch(/^https:\/\/app\.example\/launch\?tenant=a%20b&x=1&iss=/);
  });

  it('uses the DSTU2 base for an app that only reads DSTU2', async () => {
    const old = await addApp(server, { ...STAFF_APP, apis: ['dstu2'] });
    const { location } = await launch({ app: old.client_id });
    expect(new URL(location ?? '').searchParams.get('iss')).toBe(`http://localhost:8080${DSTU2}`);
  });

  it('passes on the selected encounter, intent, resource in focus, and whether to display the patient’s name', async () => {
    const page = await staff.get(`${PATH}?patient=${ana.key}`);
    const visit = '[name=encounter] option:not([value=""])';
    const encounter = attributeOf(page, visit, 'value') ?? '';
    expect(textOf(page, visit)).toMatch(/^[A-Z][a-z]+ \d{1,2}, \d{4}, \w/);
    // Ana’s visits took place, so the latest one is selected.
    expect(attributesOf(page, '[name=encounter] option[selected]', 'value')).toEqual([encounter]);
    const focus = await aResource('Condition');
    const response = await launch({ encounter, intent: 'reconcile-medications', focus });
    expect((await launchOf(response)).context).toEqual({
      encounter,
      needPatientBanner: false,
      intent: 'reconcile-medications',
      fhirContext: [{ reference: focus }],
    });
  });
});

const aResource = async (type: string, recordId = ana.recordId): Promise<string> => {
  const [row] = await server.db.queryText<{ id: string }>(
    'select id from resource where record_id = $1 and type = $2 limit 1',
    [recordId, type],
  );
  return `${type}/${row?.id}`;
};

describe('input that is rejected, with its field', () => {
  it.each([
    ['no app', { app: '' }, 'app-0'],
    ['an unknown app', { app: 'nobody' }, 'app-0'],
    ['an intent with a space', { intent: 'two words' }, 'intent'],
    ['an intent with markup', { intent: '<b>' }, 'intent'],
    ['an intent of 101 characters', { intent: 'a'.repeat(101) }, 'intent'],
    ['an invalid encounter', { encounter: 'made-up' }, 'encounter'],
    ['a focus that isn’t a reference', { focus: 'Condition' }, 'focus'],
    ['a focus on another server', { focus: 'https://evil.example/Condition/1' }, 'focus'],
    ['a focus that does not exist', { focus: 'Condition/00000000-0000-4000-8000-000000000000' }, 'focus'],
    ['a focus of an unsupported type', { focus: 'Account/00000000-0000-4000-8000-000000000000' }, 'focus'],
    ['a focus named like a property of every object', { focus: 'constructor/1' }, 'focus'],
  ])('%s', async (_what, fields: Fields, field) => {
    const response = await expectRejected(() => launch({ need_patient_banner: 'yes', ...fields }));
    expect({ status: response.status, wrongField: wrongField(response) }).toEqual({
      status: 400,
      wrongField: `#${field}`,
    });
    expect(textOf(response, 'title')).toMatch(/^Error: /);
    expect(hasElement(response, `[id="${field}"]`)).toBe(true);
  });

  it('an encounter or a resource of another patient', async () => {
    const other = (await listActiveRecords(server.db)).find(({ name }) => name.includes('Driftwood'))?.recordId;
    const [, encounter = ''] = (await aResource('Encounter', other)).split('/');
    expect(wrongField(await expectRejected(() => launch({ encounter })))).toBe('#encounter');
    const focus = await aResource('Condition', other);
    expect(wrongField(await expectRejected(() => launch({ focus })))).toBe('#focus');
  });

  it('SMART App Launch 2.2 §2.0.10.3: Patient and Encounter in fhirContext, because they have their own parameters', async () => {
    for (const type of ['Patient', 'Encounter']) {
      const focus = await aResource(type);
      expect(wrongField(await expectRejected(() => launch({ focus })))).toBe('#focus');
    }
  });

  it('the input is retained, and displayed as text', async () => {
    const { body } = await expectRejected(() => launch({ intent: '"><i>x', focus: 'Condition/1' }));
    expect(attributesOf(body, 'input', 'value')).toEqual(expect.arrayContaining(['"><i>x', 'Condition/1']));
    expect(hasElement(body, 'details[open]')).toBe(true);
    expect(hasElement(body, '#banner[checked]')).toBe(false);
  });

  it('a form of another site: CSRF', async () => {
    expect((await expectRejected(() => launch({ csrf: 'guess' }))).status).toBe(403);
    expect((await expectRejected(() => staff.post(PATH, { patient: ana.key, app: app.client_id }))).status).toBe(403);
    const another = new PatientBrowser(server.app);
    await another.signIn('/sign-in', SANDBOX_STAFF);
    expect((await expectRejected(async () => launch({ csrf: await csrf(another) }))).status).toBe(403);
  });
});

describe('the apps of the launcher', () => {
  const offered = async (browser = staff, key = ana.key) =>
    choicesOf(await browser.get(`${PATH}?patient=${key}`), 'app').map(({ value }) => value);

  it('are only staff apps with a launch URL; others cannot be launched either', async () => {
    const others = [
      await addApp(server, { name: 'For patients' }),
      await addApp(server, { ...STAFF_APP, launchUri: undefined, name: 'Without launch address' }),
    ];
    const shown = await offered();
    expect(shown).toContain(app.client_id);
    for (const { client_id } of others) {
      expect(shown).not.toContain(client_id);
      expect(wrongField(await expectRejected(() => launch({ app: client_id })))).toBe('#app-0');
    }
  });

  it('are listed by name', async () => {
    for (const name of ['zeta', 'Éclair', 'alpha', 'Beta']) await addApp(server, { ...STAFF_APP, name });
    const { body } = await staff.get(`${PATH}?patient=${ana.key}`);
    const names = textsOf(body, 'label[for^="app-"]');
    expect(names.filter((name) => ['zeta', 'Éclair', 'alpha', 'Beta'].includes(name ?? ''))).toEqual([
      'alpha',
      'Beta',
      'Éclair',
      'zeta',
    ]);
  });

  it('that are provisional: only for sandbox patients, with a notice', async () => {
    const fresh = await addApp(server, { ...STAFF_APP, state: 'provisional' });
    expect((await staff.get(`${PATH}?patient=${ana.key}`)).body).toContain('Not approved yet');
    expect((await launch({ app: fresh.client_id })).status).toBe(303);
    const browser = await signInAs(server, worker.accountId);
    expect(await offered(browser, live.key)).not.toContain(fresh.client_id);
    const response = await expectRejected(() => launch({ app: fresh.client_id, patient: live.key }, browser));
    expect(wrongField(response)).toBe('#app-0');
  });

  it.each(['suspended', 'retired'])('that are %s: none', async (state) => {
    const stopped = await addApp(server, STAFF_APP);
    await setAppState(server, stopped, state);
    expect(await offered()).not.toContain(stopped.client_id);
    await expectRejected(() => launch({ app: stopped.client_id }));
  });

  it('that are provisional where such apps are inactive: none, and an empty page says so', async () => {
    const strict = await startServer({ PROVISIONAL_APPS: 'inactive' });
    await addApp(strict, { ...STAFF_APP, state: 'provisional' });
    const browser = new PatientBrowser(strict.app);
    await browser.signIn('/sign-in', SANDBOX_STAFF);
    const { body } = await browser.get(`${PATH}?patient=${ana.key}`);
    expect(body).toContain('There are no apps to open');
    expect(body).not.toContain('Open the app</button>');
    await strict.close();
  });
});

describe('the audit log', () => {
  const events = () =>
    server.db.queryText<{ outcome: string; record_id: number | null; client_id: string | null; detail: object }>(
      `select outcome, record_id, client_id, detail from audit_event where kind = 'launch' order by at desc, id limit 1`,
      [],
    );

  it('records the viewed patient and the launched app, never the query', async () => {
    await staff.get(`${PATH}?words=larkspur`);
    expect(await events()).toEqual([
      { outcome: 'success', record_id: null, client_id: null, detail: { action: 'list', patients: 1 } },
    ]);
    await staff.get(`${PATH}?patient=${ana.key}`);
    expect(await events()).toEqual([
      { outcome: 'success', record_id: ana.recordId, client_id: null, detail: { action: 'patient' } },
    ]);
    await launch({ intent: 'review' });
    expect(await events()).toEqual([
      {
        outcome: 'success',
        record_id: ana.recordId,
        client_id: app.client_id,
        detail: { action: 'launch', context: ['needPatientBanner', 'intent'] },
      },
    ]);
    await staff.get(`${PATH}?patient=${live.key}`);
    expect(await events()).toEqual([
      { outcome: 'failure', record_id: null, client_id: null, detail: { action: 'patient' } },
    ]);
  });
});
