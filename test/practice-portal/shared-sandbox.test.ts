import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { countOf } from '../support/browser/html.ts';
import {
  authorizationCode,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
} from '../support/people/patient.ts';
import { SANDBOX_PRACTICE, signInStaff } from '../support/people/practice-portal.ts';
import { SANDBOX_DESK } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const DESK = `/practice/${SANDBOX_PRACTICE}`;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/**
 * Opens a browser as a visitor of the sandbox, who first connects an app as the sandbox's patient and then opens the
 * practice portal.
 */
async function visitor(app: TestApp & { client_secret: string }, type = 'Condition') {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = app;
  const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_PATIENT);
  const done = await browser.submitConsent(page);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  expect((await getFhir(server.app, `${R4}/${type}`, token.access_token)).statusCode).toBe(200);
  await browser.signIn('/sign-in', SANDBOX_DESK);
  return browser;
}

const authorizationQuery = (app: TestApp) =>
  new URLSearchParams({ app: app.client_id, from: '2026-01-01T00:00', to: '2026-12-31T00:00' });

describe('the shared practice portal of the sandbox', () => {
  it('shows a visitor the apps connected in the same browser, and no other visitor’s', async () => {
    const [mine, theirs] = [
      await addApp(server, { name: 'My Own App' }),
      await addApp(server, { name: 'Secret Plans' }),
    ];
    const [browser, other] = [await visitor(mine), await visitor(theirs)];
    for (const page of ['apps', 'disclosures']) {
      const { status, body } = await browser.get(`${DESK}/${page}`);
      expect({ status, hasOwnApp: body.includes('My Own App'), hasOtherApp: body.includes('Secret Plans') }).toEqual({
        status: 200,
        hasOwnApp: true,
        hasOtherApp: false,
      });
      expect(body).toContain('You see only apps that were connected in this browser');
      expect((await other.get(`${DESK}/${page}`)).body).not.toContain('My Own App');
    }
    for (const page of ['', '/csv']) {
      expect((await browser.get(`${DESK}/disclosures${page}?${authorizationQuery(mine)}`)).body).toContain('Larkspur');
      const guessed = await browser.get(`${DESK}/disclosures${page}?${authorizationQuery(theirs)}`);
      expect({ status: guessed.status, hasLarkspur: guessed.body.includes('Larkspur') }).toEqual({
        status: 400,
        hasLarkspur: false,
      });
    }
  });

  it('shows each of two visitors what a common app read since they connected it', async () => {
    const app = await addApp(server, { name: 'Shared By Two' });
    const first = await visitor(app, 'Condition');
    server.clock.advance(1000);
    const second = await visitor(app, 'Immunization');
    const seen = async (browser: PatientBrowser) =>
      (await browser.get(`${DESK}/disclosures?${authorizationQuery(app)}`)).body;
    expect(await seen(second)).toContain('Vaccinations');
    expect(await seen(second)).not.toContain('Health problems');
    expect(await seen(first)).toContain('Health problems');
  });

  it('shows no apps in a browser that connected none', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.signIn('/sign-in', SANDBOX_DESK);
    expect((await browser.get(`${DESK}/apps`)).body).toContain('No connected apps yet.');
    expect(countOf(await browser.get(`${DESK}/disclosures`), 'option')).toBe(1);
  });

  it('shows everything to staff with their own account', async () => {
    const names = ['Of One Visitor', 'Of Another Visitor'];
    for (const name of names) await visitor(await addApp(server, { name }));
    const officer = await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE]);
    const { body } = await officer.browser.get(`${DESK}/disclosures`);
    for (const name of names) expect(body).toContain(`>${name}</option>`);
    expect(body).not.toContain('This is a shared sandbox account');
  });
});
