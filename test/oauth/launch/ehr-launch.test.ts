import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, CALLBACK, type TestApp } from '../../support/apps/apps.ts';
import { csrfIn } from '../../support/browser/html.ts';
import {
  authorizationCode,
  type Fields,
  getFhir,
  PatientBrowser,
  R4,
  redirectParameters,
  requestToken,
  type TestUser,
  type TokenAnswer,
} from '../../support/people/patient.ts';
import { addStaffMember } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const STAFF = { username: 'staffapitest', password: 'Password1!' };
const LAUNCH_URI = 'https://app.example/launch';
const SCOPE = 'launch openid fhirUser offline_access patient/*.rs user/*.rs';

let server: TestServer;
let app: TestApp & { client_secret: string };
let patient: { key: string; patientId: string; encounterId: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { kind: 'staff', launchUri: LAUNCH_URI, scope: `${SCOPE} launch/patient` });
  const [row] = await server.db.queryText<{ practice_id: number; patient_id: string; id: string }>(
    `select r.practice_id, r.patient_id, e.id from record r join resource e on e.record_id = r.record_id
     where e.type = 'Encounter' and r.practice_id = 1 order by r.patient_id, e.sort_at desc limit 1`,
    [],
  );
  if (row === undefined) throw new Error('a sandbox patient has a visit');
  patient = { key: `${row.practice_id}-${row.patient_id}`, patientId: row.patient_id, encounterId: row.id };
});
afterAll(() => server.close());

/**
 * Starts an app from the launcher as a staff member.
 * @returns the launch URL and the browser
 */
async function launch(fields: Fields = {}, client: TestApp = app, person: TestUser = STAFF) {
  const browser = new PatientBrowser(server.app);
  const first = await browser.get('/practice/launch');
  const signedIn = await browser.signIn(first.location ?? '', person);
  await browser.get(signedIn.location ?? '');
  const page = await browser.get(`/practice/launch?patient=${patient.key}`);
  const done = await browser.post('/practice/launch', {
    csrf: csrfIn(page),
    patient: patient.key,
    app: client.client_id,
    need_patient_banner: 'yes',
    ...fields,
  });
  return { browser, url: new URL(done.location ?? 'http://none/') };
}

const query = (launched: string | undefined, changes: Fields = {}): Fields => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: CALLBACK,
  scope: SCOPE,
  aud: `http://localhost:8080${R4}`,
  ...(launched === undefined ? {} : { launch: launched }),
  ...changes,
});

async function openLaunched(fields: Fields = {}, changes: Fields = {}, person: TestUser = STAFF) {
  const { browser, url } = await launch(fields, app, person);
  const page = await browser.authorize(query(url.searchParams.get('launch') ?? '', changes), person);
  const done = await browser.submitConsent(page);
  const token = await requestToken(server.app, {
    grant_type: 'authorization_code',
    code: authorizationCode(done),
    ...app,
  });
  return { browser, url, token: token as TokenAnswer & Record<string, unknown> };
}

describe('SMART App Launch 2.2 §2.0.8: EHR launch', () => {
  it('opens the app at its launch URL with iss and launch', async () => {
    const { url } = await launch();
    expect(`${url.origin}${url.pathname}`).toBe(LAUNCH_URI);
    expect(url.searchParams.get('iss')).toBe(`http://localhost:8080${R4}`);
    expect(url.searchParams.get('launch')).toMatch(/^[\w-]{43}$/);
  });

  it('§2.0.12: the token is for the launched patient and carries the context, after a refresh too', async () => {
    const { token } = await openLaunched({ encounter: patient.encounterId, intent: 'reconcile-medications' });
    const { client_id, client_secret } = app;
    const again = { grant_type: 'refresh_token', refresh_token: token.refresh_token ?? '', client_id, client_secret };
    for (const answer of [token, await requestToken(server.app, again)]) {
      expect(answer).toMatchObject({
        status: 200,
        patient: patient.patientId,
        encounter: patient.encounterId,
        need_patient_banner: true,
        smart_style_url: expect.stringMatching(/^http:\/\/localhost:8080\/assets\/smart-style\.json/),
        intent: 'reconcile-medications',
        scope: SCOPE,
      });
    }
  });

  it('§3.0.2.6: the launch scope brings the whole context; without it there is only what patient/ scopes need', async () => {
    const fields = { encounter: patient.encounterId, intent: 'reconcile-medications' };
    const context = ['patient', 'encounter', 'need_patient_banner', 'smart_style_url', 'intent'];
    const launchContext = async (scope: string) => {
      const { token } = await openLaunched(fields, { scope });
      return context.filter((member) => member in token);
    };
    expect(await launchContext('launch openid')).toEqual(context);
    expect(await launchContext('openid patient/Patient.rs')).toEqual(['patient']);
    expect(await launchContext('openid user/Patient.rs')).toEqual([]);
  });

  it('§2.0.11: smart_style_url is public to every origin', async () => {
    const { token } = await openLaunched();
    const style = await server.app.inject({
      url: new URL(String(token['smart_style_url'])).pathname,
      headers: { origin: 'https://app.example' },
    });
    expect(style.json()).toMatchObject({
      color_background: expect.stringMatching(/^#/),
      font_family_body: expect.any(String),
    });
    expect(style.headers['access-control-allow-origin']).toBe('*');
  });

  it('fhirContext names the resource in focus', async () => {
    const [row] = await server.db.queryText<{ id: string }>(
      `select e.id from record r join resource e on e.record_id = r.record_id
       where r.patient_id = $1 and r.practice_id = 1 and e.type = 'Observation' limit 1`,
      [patient.patientId],
    );
    const { token } = await openLaunched({ focus: `Observation/${row?.id}` });
    expect(token['fhirContext']).toEqual([{ reference: `Observation/${row?.id}` }]);
  });

  it('fhirUser is a readable Practitioner, even where patient/ scopes do not include that type', async () => {
    const { token } = await openLaunched({}, { scope: 'launch openid fhirUser patient/Patient.rs' });
    const fhirUser = String(decodeJwt(token.id_token ?? '')['fhirUser']);
    expect(fhirUser).toMatch(new RegExp(`^http://localhost:8080${R4}/Practitioner/`));
    const read = await getFhir(server.app, new URL(fhirUser).pathname, token.access_token);
    expect({ status: read.statusCode, resourceType: read.json().resourceType }).toEqual({
      status: 200,
      resourceType: 'Practitioner',
    });
    expect((await getFhir(server.app, `${R4}/Practitioner`, token.access_token)).statusCode).toBe(403);
  });

  it('patient/ scopes cover that patient, and user/ scopes all patients of the practice and no others', async () => {
    const one = await openLaunched({}, { scope: 'launch patient/*.rs' });
    expect((await getFhir(server.app, `${R4}/Patient`, one.token.access_token)).json().total).toBe(1);
    const all = await openLaunched({}, { scope: 'launch user/*.rs' });
    const [there] = await server.db.queryText<{ patients: number }>(
      "select count(*)::int as patients from record where practice_id = 1 and state = 'active'",
      [],
    );
    expect(there?.patients).toBeGreaterThan(10);
    expect((await getFhir(server.app, `${R4}/Patient`, all.token.access_token)).json().total).toBe(there?.patients);
  });
});

describe('an invalid launch is invalid_request and never yields a code', () => {
  const errorOf = async (browser: PatientBrowser, changes: Fields) =>
    redirectParameters(await browser.authorize(query(undefined, changes), STAFF)).get('error_description');
  it('if it was made up', async () => {
    expect(await errorOf(new PatientBrowser(server.app), { launch: 'made-up' })).toMatch(/Unknown launch token/);
  });
  it('if it was already used', async () => {
    const { browser, url } = await openLaunched();
    server.clock.advance(20_000);
    expect(await errorOf(browser, { launch: url.searchParams.get('launch') ?? '' })).toMatch(/already used/);
  });
  it('if it has expired', async () => {
    const { browser, url } = await launch();
    server.clock.advance(601_000);
    expect(await errorOf(browser, { launch: url.searchParams.get('launch') ?? '' })).toMatch(/expired/);
  });
  it('if it belongs to another app', async () => {
    const other = await addApp(server, { kind: 'staff', launchUri: LAUNCH_URI, scope: SCOPE });
    const { browser, url } = await launch({}, other);
    expect(await errorOf(browser, { launch: url.searchParams.get('launch') ?? '' })).toMatch(/different app/);
  });
  it('if another person started it, who gets an error page without a redirect', async () => {
    const { url } = await launch();
    const patientAtTheirBrowser = new PatientBrowser(server.app);
    const page = await patientAtTheirBrowser.authorize(query(url.searchParams.get('launch') ?? ''));
    expect({ status: page.status, location: page.location }).toEqual({ status: 403, location: undefined });
  });
});

describe('SMART App Launch 2.2 §2.0.5: a staff app without a launch', () => {
  it('asks for the patient and offers a search', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(query(undefined, { scope: 'launch/patient patient/*.rs' }), STAFF);
    expect(page.status).toBe(200);
    const consent = await browser.chooseRecord(page, patient.key);
    const done = await browser.submitConsent(consent);
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    expect(token).toMatchObject({ status: 200, patient: patient.patientId });
  });
  it('records in the audit log that patients were listed, and by whom', async () => {
    const listed = () =>
      server.db.queryText<{ detail: { patients?: number } }>(
        "select detail from audit_event where kind = 'launch' and client_id = $1 and detail->>'action' = 'list'",
        [app.client_id],
      );
    const before = (await listed()).length;
    const browser = new PatientBrowser(server.app);
    await browser.authorize(query(undefined, { scope: 'launch/patient patient/*.rs' }), STAFF);
    const after = await listed();
    expect(after.length).toBe(before + 1);
    expect(after.at(-1)?.detail.patients).toBeGreaterThan(10);
  });
  it('asks for no patient for user/ scopes only', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(query(undefined, { scope: 'openid fhirUser user/*.rs' }), STAFF);
    const done = await browser.submitConsent(page);
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    expect({ status: token.status, patient: token.patient }).toEqual({ status: 200, patient: undefined });
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
  });
  it('names the practices that the app can access: for a provisional app only those of the sandbox', async () => {
    const person = await addStaffMember(server, ['live', 'sandbox']);
    const shown = async (state: 'active' | 'provisional') => {
      const { client_id, redirect_uri } = await addApp(server, { kind: 'staff', scope: 'user/*.rs', state });
      const request = { response_type: 'code', client_id, redirect_uri };
      return (await new PatientBrowser(server.app).authorize(request, person)).body;
    };
    const [active, provisional] = [await shown('active'), await shown('provisional')];
    expect(active).toContain('<b>Live practice</b>');
    expect(provisional).toContain('<b>Sandbox Family Practice</b>');
    expect(provisional).not.toContain('Live practice');
  });
  it('is not granted the launch scope', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(query(undefined, { scope: 'launch user/*.rs' }), STAFF);
    const done = await browser.submitConsent(page);
    const token = await requestToken(server.app, {
      grant_type: 'authorization_code',
      code: authorizationCode(done),
      ...app,
    });
    expect(token.scope).toBe('user/*.rs');
  });
  it('cannot be opened by a patient, and an app for patients cannot be opened by staff', async () => {
    const asPatient = await new PatientBrowser(server.app).authorize(query(undefined));
    expect(asPatient.status).toBe(403);
    const { client_id, redirect_uri } = await addApp(server);
    const asStaff = await new PatientBrowser(server.app).authorize(
      { response_type: 'code', client_id, redirect_uri },
      STAFF,
    );
    expect(asStaff.status).toBe(403);
  });
  it('loses access when the staff member leaves the practice', async () => {
    const leaving = await addStaffMember(server, ['sandbox']);
    const { token } = await openLaunched({}, {}, leaving);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(200);
    await server.db.queryText('delete from staff where account_id = $1', [leaving.accountId]);
    server.clock.advance(1000);
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
  });
});
