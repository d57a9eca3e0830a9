import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hiddenFields } from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import {
  addAnotherPractice,
  LIVE_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const P = `/practice/${LIVE_PRACTICE}`;
const ID = '00000000-0000-4000-8000-000000000000';

/** Administration pages of the practice portal, with the role that each requires. */
const FOR_ADMINISTRATORS_OF_A_PRACTICE = [
  'staff',
  'staff/invite',
  'settings',
  'settings/preview',
  'settings/api',
  'settings/logo',
];
const FORMS_OF_A_PRACTICE = [
  'staff/invite',
  `staff/invitations/${ID}/cancel`,
  `staff/invitations/${ID}/undo`,
  ...['', '/remove', '/lock', '/unlock', '/lost-factor'].map((action) => `staff/${ID}${action}`),
  'settings',
  'settings/api',
  'settings/logo',
  'settings/logo/remove',
];
const FOR_PRIVACY_OFFICERS = [
  'disclosures',
  'disclosures?app=x&from=2026-01-01T00:00&to=2026-01-02T00:00',
  'disclosures/csv',
];
const A = '/practice/administration';
const OF_THE_INSTALLATION = [A, `${A}/practices/new`, `${A}/administrators`, `${A}/administrators/invite`];
const FORMS_OF_THE_INSTALLATION = [
  `${A}/practices/new`,
  `${A}/administrators/invite`,
  `${A}/administrators/invitations/${ID}/cancel`,
  `${A}/administrators/invitations/${ID}/undo`,
  `${A}/administrators/${ID}/remove`,
];

const ALL_PAGES = [...FOR_ADMINISTRATORS_OF_A_PRACTICE, ...FOR_PRIVACY_OFFICERS, 'apps'].map((page) => `${P}/${page}`);
const ALL_FORMS = FORMS_OF_A_PRACTICE.map((page) => `${P}/${page}`);

let server: TestServer;
let patient: PatientBrowser;
let frontDesk: SignedInStaff;
let elsewhere: SignedInStaff;
let everything: SignedInStaff;
let ada: SignedInStaff;
beforeAll(async () => {
  server = await startServer();
  patient = new PatientBrowser(server.app);
  await patient.signIn('/sign-in');
  frontDesk = await signInStaff(server, ['front-desk', 'clinician']);
  everything = await signInStaff(server, ['administrator', 'privacy-officer']);
  ada = await signInAdministrator(server);
  elsewhere = await signInStaff(
    server,
    ['administrator', 'privacy-officer'],
    [await addAnotherPractice(server, 'Elsewhere')],
  );
});
afterAll(() => server.close());

/** CSRF token of the forms in this browser. */
const csrfOf = async (browser: PatientBrowser): Promise<string> => {
  const { body } = await browser.get('/practice/launch');
  const page = body === '' ? (await browser.get('/sign-in')).body : body;
  return hiddenFields(page)['csrf'] ?? '';
};
const send = async (browser: PatientBrowser, path: string) =>
  (await browser.post(path, { csrf: await csrfOf(browser), sure: 'yes', name: 'X', roles: 'clinician', kind: 'live' }))
    .status;

describe.each([...ALL_PAGES, ...OF_THE_INSTALLATION, '/practice'])('%s', (path) => {
  it('leads a signed-out user to sign-in, and back only to this page', async () => {
    const { status, location } = await new PatientBrowser(server.app).get(path);
    expect(status).toBe(303);
    const to = new URL(location ?? '', 'http://here');
    expect({ host: to.host, path: to.pathname, returnTo: to.searchParams.get('return_to') }).toEqual({
      host: 'here',
      path: '/sign-in',
      returnTo: path,
    });
  });

  it('is denied to a patient', async () => {
    const { status, body } = await patient.get(path);
    expect(status).toBe(403);
    expect(body).toContain('This page is for');
  });

  it('contains no other host, whatever the Host header says', async () => {
    const cookie = `session=${everything.browser.cookie('session')}`;
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example', cookie };
    const { body, headers: answer } = await server.app.inject({ url: path, headers });
    expect(`${body} ${JSON.stringify(answer)}`).not.toContain('evil.example');
  });
});

describe.each(ALL_PAGES)('%s', (path) => {
  it('is not found for staff of another practice', async () => {
    expect((await elsewhere.browser.get(path)).status).toBe(404);
  });

  it('is denied to staff without the role', async () => {
    const { status, body } = await frontDesk.browser.get(path);
    expect(status).toBe(403);
    expect(body).toContain('To open this page, you need the role');
  });

  it('opens with the role, and is never cached', async () => {
    const { status, headers } = await everything.browser.get(path);
    expect([200, 400]).toContain(status);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
  });
});

describe.each(ALL_FORMS)('the form %s', (path) => {
  it('is rejected without the CSRF token of its page, for every role', async () => {
    expect((await everything.browser.post(path, { sure: 'yes', name: 'X' })).status).toBe(403);
    expect((await everything.browser.post(path, { csrf: await csrfOf(frontDesk.browser) })).status).toBe(403);
    expect((await everything.browser.post(path, { csrf: [await csrfOf(everything.browser), 'x'] })).status).toBe(403);
  });

  it('is denied without a session, to a patient, to staff of another practice and without the role', async () => {
    expect(await send(new PatientBrowser(server.app), path)).toBe(401);
    expect(await send(patient, path)).toBe(403);
    expect(await send(elsewhere.browser, path)).toBe(404);
    expect(await send(frontDesk.browser, path)).toBe(403);
  });
});

describe.each(OF_THE_INSTALLATION)('%s', (path) => {
  it('is denied to everyone except administrators of the installation, even to a practice’s administrators', async () => {
    for (const { browser } of [frontDesk, elsewhere, everything]) expect((await browser.get(path)).status).toBe(403);
    expect((await ada.browser.get(path)).status).toBe(200);
  });
});

describe.each(FORMS_OF_THE_INSTALLATION)('the form %s', (path) => {
  it('is rejected without its CSRF token, without a session, and for everyone else', async () => {
    expect((await ada.browser.post(path, { name: 'X' })).status).toBe(403);
    expect(await send(new PatientBrowser(server.app), path)).toBe(401);
    expect(await send(patient, path)).toBe(403);
    for (const { browser } of [frontDesk, elsewhere, everything]) expect(await send(browser, path)).toBe(403);
  });
});

it.each(['0', '01', '-2', '2.0', '2e0', '99999999999', 'x', '%00', '2%00', '%2e%2e%2f2'])(
  'an invalid practice number is not found: %j',
  async (id) => {
    for (const page of ['staff', 'settings', 'apps', 'disclosures'])
      expect((await everything.browser.get(`/practice/${id}/${page}`)).status).toBe(404);
    expect((await ada.browser.get(`/practice/${id}/staff`)).status).toBe(404);
  },
);
