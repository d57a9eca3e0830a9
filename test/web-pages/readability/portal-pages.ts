import { randomUUID } from 'node:crypto';
import { addRepresentation } from '../../../src/identity/index.ts';
import { completeRecord } from '../../patient-portal/complete-record.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser } from '../../patient-portal/patients.ts';
import { addApp, setAppState } from '../../support/apps/apps.ts';
import { linkIn, linksOf } from '../../support/browser/html.ts';
import { SECURITY } from '../../support/people/account-security.ts';
import { findRecordId } from '../../support/people/live-patient.ts';
import {
  connectApp,
  getFhir,
  type PatientBrowser,
  R4,
  SANDBOX_PATIENT,
  type TestUser,
} from '../../support/people/patient.ts';
import { submitForm } from '../../support/people/practice-portal.ts';
import { SANDBOX_GUARDIAN } from '../../support/people/staff.ts';
import { APP, DEVELOPER, OTHER_APP } from './names.ts';
import type { Visit } from './visit.ts';

const PAGES = { overview: '', 'connected apps': '/apps', 'access log': '/log', receipts: '/receipts' };

/** Visits the pages of a record: without apps, with apps of each state, and after a disconnection. */
export async function visitPortal(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const person = await addPatientWithRecord(server, completeRecord(server.clock.now()));
  const browser = visit.prepare(await signInBrowser(server, person));
  const base = `/account/${person.key}`;
  for (const [name, path] of Object.entries(PAGES)) await visit.open(`${name}, no app`, browser, `${base}${path}`);
  await visit.open('downloads', browser, `${base}/downloads`);
  await visit.open('access log, nothing found', browser, `${base}/log?kind=Coverage`);
  await visit.open('access log, wrong date', browser, `${base}/log?from=x`);
  await visit.open('access log, wrong order', browser, `${base}/log?from=2026-03-02&to=2026-03-01`);
  await visit.open('page not found', browser, `${base}/apps/${randomUUID()}`);
  await submitForm(browser, `${SECURITY}/email`, { email: `overview.${language}@example.com` });
  await visit.open('overview, address to confirm', browser, base);

  const metadata = { policy_uri: 'https://acme.example/privacy' };
  const app = await addApp(server, { name: APP, developer: DEVELOPER, metadata });
  const other = await addApp(server, { name: OTHER_APP, state: 'provisional' });
  const answer = await connect(visit, person, app);
  await getFhir(server.app, `${R4}/Condition`, answer.access_token);
  await setAppState(server, other, 'active');
  await connect(visit, person, other);
  await setAppState(server, other, 'suspended');
  for (const [name, path] of Object.entries(PAGES)) await visit.open(name, browser, `${base}${path}`);
  const apps = await browser.get(`${base}/apps`);
  const [first = '', second = ''] = linksOf(apps).filter((link) => /\/apps\/[0-9a-f-]{36}$/.test(link));
  await visit.open('app', browser, first);
  await visit.open('app, suspended', browser, second);
  await visit.open('receipt', browser, linkIn(await browser.get(`${base}/receipts`), '/receipts/'));
  await visit.open('disconnect app', browser, `${first}/disconnect`);
  const gone = await submitForm(browser, `${first}/disconnect`);
  await visit.open('app disconnected', browser, gone.location ?? '');
  await submitForm(browser, `${second}/disconnect`);
  await visit.open('connected apps, all disconnected', browser, `${base}/apps`);
  await visit.open('app, disconnected', browser, first);
  await visitClosedPractice(visit, browser, base);
}

const connect = (visit: Visit, person: TestUser, app: Parameters<typeof connectApp>[1]) =>
  connectApp(visit.server.app, app, {}, {}, person, visit.browser());

/** Visits pages while the practice has turned off sharing, and while the list of apps can't be read. */
async function visitClosedPractice(visit: Visit, browser: PatientBrowser, base: string): Promise<void> {
  const { db } = visit.server;
  await db.queryText("update practice set enabled = false where kind = 'live'", []);
  await visit.open('connected apps, sharing turned off', browser, `${base}/apps`);
  await visit.open('overview, sharing turned off', browser, base);
  await db.queryText("update practice set enabled = true where kind = 'live'", []);
  await db.queryText('alter table consent_grant rename to consent_grant_gone', []);
  await visit.open('overview, apps unknown', browser, base);
  await visit.open('connected apps, unknown', browser, `${base}/apps`);
  await db.queryText('alter table consent_grant_gone rename to consent_grant', []);
}

const SECTIONS = [
  'about',
  'problems',
  'family',
  'medicines',
  'allergies',
  'vaccinations',
  'appointments',
  'visits',
  'procedures',
  'measurements',
  'results',
  'reports',
  'orders',
  'plans',
  'devices',
  'questionnaires',
  'other',
  'documents',
  'pictures',
  'insurance',
  'people',
];

/** Visits a record with all its kinds of entries, an empty record, and the summary. */
export async function visitRecord(visit: Visit): Promise<void> {
  const { server } = visit;
  const person = await addPatientWithRecord(server, completeRecord(server.clock.now()));
  const browser = visit.prepare(await signInBrowser(server, person));
  const base = `/account/${person.key}`;
  await visit.open('record', browser, `${base}/record`);
  for (const section of SECTIONS) await visit.open(section, browser, `${base}/record/${section}`);
  await visit.open('current medicines', browser, `${base}/record/medicines?show=current`);
  await visit.open('timeline', browser, `${base}/record/timeline`);
  for (const word of ['', 'metformin', 'zzz'])
    await visit.open(`search for “${word}”`, browser, `${base}/record/search?q=${word}`);
  await visit.open('summary', browser, `${base}/summary`);
  await visit.open('record as a file', browser, `${base}/downloads/html`);
  const shared = visit.browser();
  await shared.signIn('/sign-in', SANDBOX_PATIENT);
  const { location = '' } = await visit.prepare(shared).get('/account');
  await visit.open('results of the sandbox patient', shared, `${location}/record/results`);
  const empty = await addPatientWithRecord(server, []);
  const other = visit.prepare(await signInBrowser(server, empty));
  for (const section of ['problems', 'medicines', 'allergies', 'results'])
    await visit.open(`${section}, none`, other, `/account/${empty.key}/record/${section}`);
  await visit.open('summary, empty', other, `/account/${empty.key}/summary`);
}

/** Visits the pages of a person who acts for a patient. */
export async function visitRepresentative(visit: Visit): Promise<void> {
  const { server } = visit;
  const mother = visit.browser();
  await mother.signIn('/sign-in', SANDBOX_GUARDIAN);
  const choice = await visit.open('choose a record', visit.prepare(mother), '/account');
  const child = linkIn(choice, '/account/\\d');
  for (const [name, path] of Object.entries({ ...PAGES, record: '/record', downloads: '/downloads' }))
    await visit.open(`${name} of a child`, mother, `${child}${path}`);
  const patient = await addPatientWithRecord(server, []);
  const account = await addRepresentativeOf(server, patient);
  const recordId = await findRecordId(server, await addPatientWithRecord(server, []));
  const { accountId } = account;
  await addRepresentation(server.db, { accountId, recordId, relatedPersonId: randomUUID() });
  await server.db.queryText('update representation set ended_at = now() where account_id = $1', [accountId]);
  const browser = visit.prepare(await signInBrowser(server, account));
  await visit.open('no records', browser, '/account');
}
