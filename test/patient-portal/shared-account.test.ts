import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../support/apps/apps.ts';
import { hiddenFields, linkIn, tableRows, textOf } from '../support/browser/html.ts';
import {
  authorizationCode,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
  SANDBOX_PATIENT,
  type TokenAnswer,
} from '../support/people/patient.ts';
import { SANDBOX_GUARDIAN } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { signInBrowser } from './patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

interface Visitor {
  readonly browser: PatientBrowser;
  readonly token: TokenAnswer;
  readonly base: string;
}

/** Opens a new browser as a visitor of the sandbox: connects the app, and opens the account. */
async function visitor(app: TestApp & { client_secret: string }): Promise<Visitor> {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = app;
  const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_PATIENT);
  const done = await browser.submitConsent(page);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return { browser, token, base: (await browser.get('/account')).location ?? '' };
}

const read = async ({ token }: Visitor, type: string) =>
  (await getFhir(server.app, `${R4}/${type}`, token.access_token)).statusCode;

describe('a shared sandbox account in two browsers', () => {
  it('shows each browser only the apps connected in it, and what these read', async () => {
    const app = await addApp(server, { name: 'Shared App' });
    const firstApp = await addApp(server, { name: 'Only In The First' });
    const first = await visitor(app);
    expect(await read(first, 'Condition')).toBe(200);
    const alone = await visitor(firstApp);
    server.clock.advance(2000);
    const second = await visitor(app);
    expect(await read(second, 'Immunization')).toBe(200);

    const apps = async ({ browser, base }: Visitor) => textOf(await browser.get(`${base}/apps`));
    expect(await apps(first)).toContain('1 app can read your record now. Shared App');
    expect(await apps(second)).not.toContain('Only In The First');
    expect(await apps(alone)).not.toContain('Shared App');

    const log = async ({ browser, base }: Visitor, query = '') => browser.get(`${base}/log${query}`);
    expect(tableRows(await log(first))).toHaveLength(1);
    expect(textOf(await log(first))).not.toContain('Shared App Vaccinations');
    expect(textOf(await log(second))).toContain('Vaccinations');
    expect(textOf(await log(second))).not.toContain('Shared App Health problems');
    expect(tableRows(await log(second))).toHaveLength(1);
    expect(textOf(await log(alone))).toContain('No one has read the record.');
    expect((await log(alone)).body).not.toContain('Shared App');
    const csv = await second.browser.get(`${second.base}/log/csv`);
    expect(csv.body.trim().split('\r\n')).toHaveLength(2);
    const bundle = JSON.parse((await second.browser.get(`${second.base}/log/fhir`)).body);
    expect(bundle.entry).toHaveLength(1);
    expect(textOf(await first.browser.get(first.base))).toContain('1 app can read this record.');
  });

  it('lets each browser end only its own connections', async () => {
    const app = await addApp(server, { name: 'Two Browsers' });
    const first = await visitor(app);
    const second = await visitor(app);
    const page = linkIn(await first.browser.get(`${first.base}/apps`), '/apps/[0-9a-f-]{36}$');
    const confirmation = await first.browser.get(`${page}/disconnect`);
    const done = await first.browser.post(`${page}/disconnect`, hiddenFields(confirmation.body));
    expect(textOf(await first.browser.get(done.location ?? ''))).toContain('Two Browsers is disconnected');
    expect({ first: await read(first, 'Patient'), second: await read(second, 'Patient') }).toEqual({
      first: 401,
      second: 200,
    });
    expect(textOf(await first.browser.get(`${first.base}/apps`))).toContain('You disconnected it.');
    expect(textOf(await second.browser.get(`${second.base}/apps`))).toContain('1 app can read your record now');
  });

  it('hides connections and receipts of another browser, even by id', async () => {
    const first = await visitor(await addApp(server, { name: 'Not Yours' }));
    const second = await visitor(await addApp(server, { name: 'Yours' }));
    const page = linkIn(await first.browser.get(`${first.base}/apps`), '/apps/[0-9a-f-]{36}$');
    const receipt = linkIn(await first.browser.get(`${first.base}/receipts`), '/receipts/[0-9a-f-]{36}');
    expect([page, receipt].every((path) => path !== '')).toBe(true);
    for (const path of [page, `${page}/disconnect`, `${page}/ended`, receipt, `${receipt}/text`])
      expect((await second.browser.get(path)).status, path).toBe(404);
    const own = linkIn(await second.browser.get(`${second.base}/apps`), '/apps/[0-9a-f-]{36}$');
    const form = hiddenFields((await second.browser.get(`${own}/disconnect`)).body);
    expect((await second.browser.post(`${page}/disconnect`, form)).status).toBe(404);
    expect(await read(first, 'Patient')).toBe(200);
    expect(textOf(await second.browser.get(`${second.base}/receipts`))).not.toContain('Not Yours');
  });

  it('shows a browser without connections none, and still the sandbox record', async () => {
    const browser = await signInBrowser(server, SANDBOX_PATIENT);
    const base = (await browser.get('/account')).location ?? '';
    expect(textOf(await browser.get(`${base}/apps`))).toContain('No app is connected');
    expect(textOf(await browser.get(base))).toContain('Anyone can use this account');
    expect((await browser.get(`${base}/record/results`)).status).toBe(200);
    expect((await browser.get(`${base}/downloads/r4`)).status).toBe(200);
    expect(tableRows(await browser.get(`${base}/log`))).toHaveLength(0);
  });

  it('works the same for a representative', async () => {
    const browser = await signInBrowser(server, SANDBOX_GUARDIAN);
    const page = await browser.get('/account');
    expect(textOf(page)).toMatch(/Choose a record .*Your own record.*You act for this person/);
    expect(textOf(await browser.get(linkIn(page, '/account/1-')))).toContain('Anyone can use this account');
  });

  it('is closed with the sandbox', async () => {
    const browser = await signInBrowser(server, SANDBOX_PATIENT);
    const base = (await browser.get('/account')).location ?? '';
    await server.db.queryText("update practice set enabled = false, shut = true where kind = 'sandbox'", []);
    expect((await browser.get(base)).status).toBe(404);
    await server.db.queryText("update practice set enabled = true, shut = false where kind = 'sandbox'", []);
  });
});
