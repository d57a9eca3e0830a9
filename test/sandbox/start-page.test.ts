import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hours } from '../../src/kernel/index.ts';
import { attributesOf, csrfIn, hiddenFields, linksOf, textOf, textsOf, titleOf } from '../support/browser/html.ts';
import { type BrowserResponse, PatientBrowser } from '../support/people/patient.ts';
import {
  LIVE_PRACTICE,
  listAuditEvents,
  SANDBOX_PRACTICE,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { PASSWORD } from '../support/people/sign-up.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const START = '/sandbox';
const SIGN_IN = '/sandbox/sign-in';
const VISITOR = '/developer/sign-up/visitor';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const browserOf = (at = server) => new PatientBrowser(at.app);
/** Presses the button of a role on the start page. */
async function press(browser: PatientBrowser, role: string) {
  const csrf = csrfIn(await browser.get(START));
  return browser.post(SIGN_IN, { csrf, role });
}

/** Opens a page, and the pages to which it redirects. */
async function follow(browser: PatientBrowser, path: string): Promise<BrowserResponse> {
  const response = await browser.get(path);
  return response.location === undefined ? response : follow(browser, response.location);
}

describe('the start page of the sandbox', () => {
  it('introduces the roles, their shared accounts, both API versions and the tools', async () => {
    const page = await browserOf().get(START);
    expect(titleOf(page)).toBe('Try Patient Access');
    expect(textsOf(page, 'code')).toEqual(
      expect.arrayContaining([
        'patientapitest',
        'deskapitest',
        'staffapitest',
        'Password1!',
        'http://localhost:8080/nge/prod/fhir-api-r4/fhir/r4',
        'http://localhost:8080/nge/prod/fhir-api/fhir/dstu2',
      ]),
    );
    const links = ['/docs', '/developer/explorer', '/nge/prod/fhir-api/index.html', '/demo'];
    expect(linksOf(page)).toEqual(expect.arrayContaining(links));
  });

  it('signs in with one press and opens the page of the role', async () => {
    for (const [role, path, who] of [
      ['patient', '/account', 'Ana'],
      ['desk', '/practice', 'Dana Front'],
      ['clinician', '/practice', 'Open an app'],
    ] as const) {
      const browser = browserOf();
      const response = await press(browser, role);
      expect({ status: response.status, location: response.location }, role).toEqual({ status: 303, location: path });
      expect(textOf(await follow(browser, path)), role).toContain(who);
    }
  });

  it('records the sign-in in the audit log, as the sign-in page does', async () => {
    const before = (await listAuditEvents(server, 'sign-in')).length;
    await press(browserOf(), 'patient');
    const events = await listAuditEvents(server, 'sign-in');
    expect(events).toHaveLength(before + 1);
    expect(events[0]).toMatchObject({ outcome: 'success', detail: { by: 'password' } });
  });

  it('changes from one shared account to another without a question', async () => {
    const browser = browserOf();
    await press(browser, 'patient');
    expect((await press(browser, 'desk')).location).toBe('/practice');
  });

  it('asks before it ends the session of a person', async () => {
    const { browser } = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE], 'Pat Desk');
    const session = browser.cookie('session');
    const question = await press(browser, 'patient');
    expect({ status: question.status, title: titleOf(question) }).toEqual({
      status: 200,
      title: 'Leave your account?',
    });
    expect(textOf(question)).toContain('You are signed in as Pat Desk.');
    expect(browser.cookie('session')).toBe(session);
    expect(textOf(await follow(browser, '/practice'))).toContain('Pat Desk');
    const confirmed = await browser.post(SIGN_IN, hiddenFields(question, `form[action="${SIGN_IN}"]`));
    expect(confirmed.location).toBe('/account');
    expect(browser.cookie('session')).not.toBe(session);
  });

  it('rejects a sign-in without the token of the form', async () => {
    const browser = browserOf();
    await browser.get(START);
    expect((await browser.post(SIGN_IN, { role: 'patient' })).status).toBe(403);
    expect((await browser.post(SIGN_IN, { role: 'patient', csrf: 'x' })).status).toBe(403);
    expect(browser.cookie('session')).toBeUndefined();
  });

  it('signs in with no account but the shared ones', async () => {
    for (const role of ['owner', 'toString', '']) expect((await press(browserOf(), role)).status, role).toBe(404);
  });

  it('neither offers nor signs in to an account that a person owns', async () => {
    const setPublished = (published: boolean) =>
      server.db.queryText(`update account set published = $1 where username = 'deskapitest'`, [published]);
    const countFailures = async () => (await server.db.queryText('select from throttle', [])).length;
    const before = await countFailures();
    await setPublished(false);
    try {
      const browser = browserOf();
      expect(textsOf(await browser.get(START), 'code')).not.toContain('deskapitest');
      expect((await press(browser, 'desk')).status).toBe(404);
      expect(await countFailures()).toBe(before);
    } finally {
      await setPublished(true);
    }
  });

  it('exists only with the sandbox', async () => {
    const off = await startServer({ SANDBOX: 'off' });
    try {
      const browser = browserOf(off);
      expect((await browser.get(START)).status).toBe(404);
      const home = await browser.get('/');
      expect(home.body).not.toContain('patientapitest');
      expect(linksOf(home)).not.toContain(START);
      const csrf = csrfIn(await browser.get('/sign-in'));
      expect((await browser.post(SIGN_IN, { csrf, role: 'patient' })).status).toBe(404);
      expect((await browser.post(VISITOR, { csrf })).status).toBe(404);
    } finally {
      await off.close();
    }
  });
});

describe('a visitor who tries the role of a developer', () => {
  // The limit of sign-ups in an hour doesn't carry over from one test to the next.
  beforeEach(() => server.clock.advance(hours(1) + 1));

  /** Opens the sign-up form with a made-up address. */
  async function openForm(browser: PatientBrowser) {
    const start = await browser.get(START);
    expect(attributesOf(start, 'form', 'action')).toContain(VISITOR);
    const { location = '' } = await browser.post(VISITOR, { csrf: csrfIn(start) });
    return { location, form: await browser.get(location) };
  }

  it('signs up with a made-up address, without email or the command line', async () => {
    const browser = browserOf();
    const { location, form } = await openForm(browser);
    expect(textOf(form, '#address')).toMatch(/^visitor-[0-9a-f]{12}@sandbox\.example$/);
    expect(attributesOf(form, 'button[data-copy]', 'data-copy')).toEqual(['address']);
    expect(textOf(form)).toContain('You need this address to sign in again.');
    const fields = { name: 'Vi Sitor', organisation: 'Visitors', password: PASSWORD };
    expect((await submitForm(browser, location, fields)).location).toBe('/developer/apps/new?welcome=1');
  });

  it('founds an organization that has no email domain, so that no other visitor can ask to join', async () => {
    const browser = browserOf();
    const { location } = await openForm(browser);
    await submitForm(browser, location, { name: 'Vi Sitor', organisation: 'Founders', password: PASSWORD });
    const rows = await server.db.queryText<{ domain: string | null }>(
      `select domain from organisation where name = 'Founders'`,
      [],
    );
    expect(rows.map(({ domain }) => domain)).toEqual([null]);
  });

  it('can do so only 20 times an hour from one network', async () => {
    const browser = browserOf();
    const csrf = csrfIn(await browser.get(START));
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await browser.post(VISITOR, { csrf })).status);
    expect(new Set(statuses.slice(0, 20))).toEqual(new Set([303]));
    expect(statuses.at(-1)).toBe(429);
  });

  it('uses the own email address where the server sends email', async () => {
    const sending = await startServer({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'records@example.org' });
    try {
      const browser = browserOf(sending);
      const start = await browser.get(START);
      expect(attributesOf(start, 'form', 'action')).not.toContain(VISITOR);
      expect(linksOf(start)).toContain('/developer/sign-up');
      expect((await browser.post(VISITOR, { csrf: csrfIn(start) })).status).toBe(404);
    } finally {
      await sending.close();
    }
  });
});

describe('the home page of an installation with a sandbox', () => {
  const titleOfHome = async (at: TestServer) => titleOf(await browserOf(at).get('/'));
  const HOME = 'Your health record, in the app you choose';

  it('is the start page until the live practice has staff or a name, and then links to it', async () => {
    const own = await startServer();
    const setName = (name: string) =>
      own.db.queryText(`update practice set name = $1 where practice_id = $2`, [name, LIVE_PRACTICE]);
    try {
      expect(await titleOfHome(own)).toBe('Try Patient Access');
      await setName('Lakeside Clinic');
      expect(await titleOfHome(own)).toBe(HOME);
      await setName('Live practice');
      expect(await titleOfHome(own)).toBe('Try Patient Access');
      await signInStaff(own, ['front-desk']);
      expect(await titleOfHome(own)).toBe(HOME);
      const browser = browserOf(own);
      expect(linksOf(await browser.get('/'))).toContain(START);
      const start = await browser.get(START);
      expect(titleOf(start)).toBe('Try Patient Access');
      expect(attributesOf(start, 'form', 'action')).not.toContain(VISITOR);
      expect((await browser.post(VISITOR, { csrf: csrfIn(start) })).status).toBe(404);
    } finally {
      await own.close();
    }
  });
});
