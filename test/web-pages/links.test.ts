import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letterPage } from '../../src/enrollment/index.ts';
import { addRepresentation } from '../../src/identity/index.ts';
import { listLatestEmails } from '../../src/mail/index.ts';
import { InvitedPerson } from '../enrollment/invited-person.ts';
import { addUnenrolledPatient, FRONT_DESK, invitationFor, sendInvitation } from '../enrollment/unenrolled-patients.ts';
import { addPatientWithRecord, addRepresentativeOf, signInBrowser } from '../patient-portal/patients.ts';
import { addApp } from '../support/apps/apps.ts';
import { submitApp } from '../support/apps/review.ts';
import { countOf, hiddenFields, linksOf, textOf } from '../support/browser/html.ts';
import { followLinks, urlsIn } from '../support/browser/links.ts';
import { inClear } from '../support/in-clear.ts';
import { addPatientWithEmail, listEmailsTo, SECURITY } from '../support/people/account-security.ts';
import { signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { findRecordId } from '../support/people/live-patient.ts';
import {
  type BrowserResponse,
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  SANDBOX_PATIENT,
} from '../support/people/patient.ts';
import {
  LIVE_PRACTICE,
  SANDBOX_PRACTICE,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { PASSWORD, signUp } from '../support/people/sign-up.ts';
import { SANDBOX_GUARDIAN } from '../support/people/staff.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let origin: string;
beforeAll(async () => {
  server = await startServer();
  origin = server.config.publicUrl;
});
afterAll(() => server.close());

const CONNECTED_APPS = '/account/apps';
const ACCOUNT = /^.account/;

/** Opens a link like a person: signs in if the page requires it, and follows redirects. */
async function follow(path: string, person: { username: string; password: string }): Promise<BrowserResponse> {
  const browser = new PatientBrowser(server.app);
  const first = await browser.get(path);
  expect({ status: first.status, leadsToSignIn: first.location?.startsWith('/sign-in?') }).toEqual({
    status: 303,
    leadsToSignIn: true,
  });
  let response = await browser.signIn(first.location ?? '', person);
  while (response.location !== undefined) response = await browser.get(response.location);
  return response;
}

describe('/account/apps, which consent pages, receipts and their email link to', () => {
  it('leads through sign-in to the connected apps', async () => {
    const response = await follow(CONNECTED_APPS, await addPatientWithRecord(server));
    expect({ status: response.status, text: textOf(response) }).toEqual({
      status: 200,
      text: expect.stringContaining('No app is connected'),
    });
  });

  it('asks first whose apps if the account has several records', async () => {
    const [first, second] = [await addPatientWithRecord(server), await addPatientWithRecord(server)];
    const representative = await addRepresentativeOf(server, first);
    const { accountId } = representative;
    const recordId = await findRecordId(server, second);
    await addRepresentation(server.db, { accountId, recordId, relatedPersonId: randomUUID() });
    const response = await follow(CONNECTED_APPS, representative);
    expect({ status: response.status, text: textOf(response) }).toEqual({
      status: 200,
      text: expect.stringContaining('Choose a record'),
    });
    const records = [first, second].map(({ key }) => `/account/${key}/apps`);
    expect(linksOf(response.body)).toEqual(expect.arrayContaining(records));
  });

  it('says so if the account has no record', async () => {
    const child = await addPatientWithRecord(server);
    const representative = await addRepresentativeOf(server, child);
    await server.db.queryText('update representation set ended_at = now() where account_id = $1', [
      representative.accountId,
    ]);
    expect(textOf(await follow(CONNECTED_APPS, representative))).toContain('Your account has no records');
  });

  it.each(['/log', '/record', '/downloads', '/receipts'])(
    'works like the other pages of a record: %s',
    async (section) => {
      const person = await addPatientWithRecord(server);
      const browser = await signInBrowser(server, person);
      expect((await browser.get(`/account${section}`)).location).toBe(`/account/${person.key}${section}`);
    },
  );
});

/** Returns a function that opens the links of new emails. It is called before the test uses a one-time link. */
async function mailReader() {
  const seen = new Set((await listLatestEmails(server.db, inClear, 500)).map(({ mail_id }) => mail_id));
  const subjects: string[] = [];
  return {
    subjects,
    async broken(): Promise<readonly string[]> {
      const found: string[] = [];
      for (const { mail_id, subject, content } of await listLatestEmails(server.db, inClear, 500)) {
        if (seen.has(mail_id)) continue;
        seen.add(mail_id);
        subjects.push(subject);
        for (const link of urlsIn(content ?? '', origin)) {
          const { broken } = await followLinks(new PatientBrowser(server.app), origin, [link], /^.(enroll|reset|join)/);
          found.push(...broken.map((one) => `${subject}: ${one}`));
        }
      }
      return found;
    },
  };
}

describe('every link works', () => {
  it('on public pages', async () => {
    const starts = ['/', '/sign-in', '/forgot', '/enroll', '/apps', '/status', '/docs', '/service-base-urls', '/demo'];
    const { broken, visited } = await followLinks(new PatientBrowser(server.app), origin, [
      ...starts,
      '/developer/sign-up',
      CONNECTED_APPS,
    ]);
    expect(broken).toEqual([]);
    expect(visited.length).toBeGreaterThan(60);
  });

  it('from the invitation to the account, and in the letter', async () => {
    const emails = await mailReader();
    const person = await addUnenrolledPatient(server);
    const { path, code } = await sendInvitation(server, person);
    expect(await emails.broken()).toEqual([]);
    const browser = new InvitedPerson(server.app, { path });
    const brokenLinks = async (page: string) => (await followLinks(browser, origin, [page], /^.enroll/)).broken;
    expect(await brokenLinks(path)).toEqual([]);
    await browser.prove(person, code);
    expect(await brokenLinks(`${path}/account`)).toEqual([]);
    await browser.choose(`links-${Date.now()}`);
    expect(await brokenLinks(`${path}/key`)).toEqual([]);
    await browser.finish();
    expect(await brokenLinks('/enroll/done')).toEqual([]);
    expect(await emails.broken()).toEqual([]);
    expect(emails.subjects.length).toBeGreaterThanOrEqual(2);

    const other = await addUnenrolledPatient(server);
    const invitation = await server.enrollments.invite(FRONT_DESK, invitationFor(other, { email: undefined }));
    const letter = await server.enrollments.createLetter(invitation);
    if (letter === undefined) throw new Error('it is a letter');
    const printed = letterPage(letter, { language: 'en', brand: { name: 'Live practice' }, currentPath: undefined });
    const written = urlsIn(textOf(printed), origin);
    expect(written).toContain(`${origin}/enroll`);
    const links = [...written, ...linksOf(printed), letter.link];
    expect((await followLinks(new PatientBrowser(server.app), origin, links)).broken).toEqual([]);
  });

  it('on the consent page, in the receipt, in its email, and in the whole patient portal', async () => {
    const emails = await mailReader();
    const person = await addPatientWithEmail(server, { email: 'links@example.com' });
    const app = await addApp(server, { metadata: { policy_uri: 'https://app.example/privacy' } });
    const browser = new PatientBrowser(server.app);
    const { client_id, redirect_uri } = app;
    const consent = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, person);
    expect(linksOf(consent.body)).toContain(CONNECTED_APPS);
    const { inPage = [], leading = [] } = Object.groupBy(linksOf(consent.body), (link) =>
      link.startsWith('#') ? 'inPage' : 'leading',
    );
    for (const id of inPage) expect(countOf(consent.body, id), id).toBe(1);
    expect((await followLinks(browser, origin, leading, ACCOUNT)).broken).toEqual([]);

    const { access_token } = await connectApp(server.app, app, {}, {}, person);
    await getFhir(server.app, `${R4}/Condition`, access_token);
    const own = await signInBrowser(server, person);
    const { broken, visited } = await followLinks(own, origin, ['/account'], ACCOUNT);
    expect(broken).toEqual([]);
    const receipt = visited.find((path) => path.endsWith('/text')) ?? '';
    const { body } = await own.get(receipt);
    expect(urlsIn(body, origin)).toContain(`${origin}${CONNECTED_APPS}`);
    expect((await followLinks(own, origin, urlsIn(body, origin), ACCOUNT)).broken).toEqual([]);

    const page = `${visited.find((path) => /\/apps\/[0-9a-f-]{36}$/.test(path)) ?? ''}/disconnect`;
    const done = await own.post(page, hiddenFields((await own.get(page)).body));
    expect((await followLinks(own, origin, [done.location ?? ''], ACCOUNT)).broken).toEqual([]);
    expect(await emails.broken()).toEqual([]);
    expect(emails.subjects.length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['of a patient', SANDBOX_PATIENT],
    ['of a guardian’s children', SANDBOX_GUARDIAN],
  ] as const)('on the records of the sandbox: %s', async (_, person) => {
    const browser = await signInBrowser(server, person);
    const { broken, visited } = await followLinks(browser, origin, [CONNECTED_APPS], ACCOUNT);
    expect(broken).toEqual([]);
    expect(visited.filter((path) => path.includes('/record/')).length).toBeGreaterThan(10);
  });

  it('in emails about a forgotten password, a new address and a new browser', async () => {
    const emails = await mailReader();
    const person = await addPatientWithEmail(server, { email: 'lost-links@example.com' });
    await submitForm(new PatientBrowser(server.app), '/forgot', { email: 'lost-links@example.com' });
    await until(async () => (await listEmailsTo(server, 'lost-links@example.com')).length > 0);
    const browser = await signInBrowser(server, person);
    await submitForm(browser, `${SECURITY}/email`, { email: 'new-links@example.com' });
    await until(async () => (await listEmailsTo(server, 'new-links@example.com')).length > 0);
    expect(await emails.broken()).toEqual([]);
    expect(emails.subjects.length).toBeGreaterThanOrEqual(2);
  });

  it('on the practice portal, its administration and the outbox', async () => {
    await addUnenrolledPatient(server);
    const jobs = [
      (await signInStaff(server, ['administrator', 'privacy-officer', 'front-desk'], [LIVE_PRACTICE, SANDBOX_PRACTICE]))
        .browser,
      (await signInAdministrator(server)).browser,
    ];
    for (const browser of jobs) {
      const { broken, visited } = await followLinks(browser, origin, ['/practice', '/outbox'], /^.(practice|outbox)/);
      // The emails in the outbox are for other people, and some of their one-time links have been used.
      expect(broken.filter((one) => !one.startsWith('/outbox -> http'))).toEqual([]);
      expect(visited.length).toBeGreaterThan(5);
    }
  });

  it('in emails to developers and administrators', async () => {
    const emails = await mailReader();
    await signUp(server, 'dev@links.example', { password: PASSWORD });
    const dev = await signInDeveloper(server);
    const ada = await signInReviewer(server);
    await server.db.queryText("update account set email = 'ada@links.example' where account_id = $1", [ada.accountId]);
    const { clientId } = await submitApp(server, dev);
    await ada.call('POST', `/review/apps/${clientId}/approve`, { version: 1 });
    const other = await submitApp(server, dev, { name: 'Pill Counter' });
    await ada.call('POST', `/review/apps/${other.clientId}/reject`, {
      version: 1,
      ground: 'other',
      text: 'Not used here.',
    });
    await server.purgeExpired();
    expect(await emails.broken()).toEqual([]);
    expect(emails.subjects.length).toBeGreaterThanOrEqual(2);
  });
});
