import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, setAppState, type TestApp } from '../support/apps/apps.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import {
  authorizationCode,
  connectApp,
  getFhir,
  PatientBrowser,
  redirectParameters,
} from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

// This file sends the requests of the NextGen Patient Access API Authentication Guide word for word, except for the
// host.

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server, { state: 'provisional' });
});
afterAll(() => server.close());

const GUIDE = '/nge/prod/patientoauth';
const FORM_HEADER = { 'Content-Type': 'application/x-www-form-urlencoded' };
const post = (url: string) => server.app.inject({ method: 'POST', url, headers: FORM_HEADER });

async function guideTokens(): Promise<{ access_token: string; refresh_token: string; scope: string; patient: string }> {
  const { client_id, client_secret, redirect_uri } = app;
  const browser = new PatientBrowser(server.app);
  const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, undefined, GUIDE);
  const code = authorizationCode(await browser.submitConsent(page));
  const query = new URLSearchParams({ grant_type: 'authorization_code', redirect_uri, client_id, client_secret, code });
  const response = await post(`${GUIDE}/token?${query}`);
  expect(response.statusCode).toBe(200);
  return response.json();
}

describe('Obtaining a Patient API Token via Authorization Code Grant', () => {
  it('authorize with response_type, client_id and redirect_uri alone; POST /token with all in the query and an empty body', async () => {
    expect(await guideTokens()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_token: expect.any(String),
      refresh_expires_in: 48 * 3600,
      access_grant_expiration: expect.any(String),
      scope: 'openid fhirUser launch/patient patient/*.rs',
      patient: expect.any(String),
      id_token: expect.any(String),
    });
  });
});

describe('Obtaining a Refresh Token via Refresh Token Grant', () => {
  it('POST /token with grant_type=refresh_token in the query', async () => {
    const { refresh_token } = await guideTokens();
    const { client_id, client_secret } = app;
    const query = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id, client_secret });
    const response = await post(`${GUIDE}/token?${query}`);
    expect(response.json()).toMatchObject({ token_type: 'Bearer', refresh_token: expect.any(String) });
  });
});

describe.each([
  ['R4', '/nge/prod/fhir-api-r4/fhir/r4', 'application/fhir+json'],
  ['DSTU2', '/nge/prod/fhir-api/fhir/dstu2', 'application/json'],
])('How to Make Patient Access API Calls: %s', (_, base, type) => {
  it('GET /Patient, then its id in /Patient/{id} and as patient= elsewhere', async () => {
    const { access_token, patient } = await guideTokens();
    const read = async (path: string) => {
      const response = await getFhir(server.app, `${base}${path}`, access_token);
      expect({ status: response.statusCode, contentType: response.headers['content-type'] }).toEqual({
        status: 200,
        contentType: expect.stringContaining(type),
      });
      return response.json();
    };
    const found = await read('/Patient');
    expect(found.id).toBe(patient);
    expect(found.total).toBe(1);
    expect(found.entry[0].resource.id).toBe(patient);
    expect((await read(`/Patient/${found.id}`)).resourceType).toBe('Patient');
    for (const name of ['Observation', 'Condition', 'AllergyIntolerance']) {
      const bundle = await read(`/${name}?patient=${found.id}`);
      expect(bundle.total).toBeGreaterThan(0);
      expect((await read(`/${name}`)).total).toBe(bundle.total);
    }
  });

  it('GET /metadata needs no token; every other route does', async () => {
    expect((await server.app.inject(`${base}/metadata`)).statusCode).toBe(200);
    const refused = await server.app.inject(`${base}/Patient`);
    expect(refused.statusCode).toBe(401);
    expect(String(refused.headers['www-authenticate'])).toMatch(/^Bearer /);
    expect(refused.json().resourceType).toBe('OperationOutcome');
  });

  it('takes any case in base and type, and a trailing slash', async () => {
    const { access_token } = await guideTokens();
    for (const path of [`${base.toUpperCase()}/patient`, `${base}/Patient/`, `${base}//Patient`]) {
      expect((await getFhir(server.app, path, access_token)).statusCode).toBe(200);
    }
  });

  it.each(['application/json', 'application/fhir+json', 'application/json+fhir', '*/*', 'text/html'])(
    'takes Accept: %s',
    async (accept) => {
      const { access_token } = await guideTokens();
      expect((await getFhir(server.app, `${base}/Patient`, access_token, { accept })).statusCode).toBe(200);
    },
  );

  it('rejects requests beyond the token’s access, with distinguishable errors', async () => {
    const { access_token } = await guideTokens();
    const other = '00000000-0000-4000-8000-000000000000';
    const outcome = async (path: string, token = access_token) => {
      const response = await getFhir(server.app, `${base}${path}`, token);
      const { issue } = response.json();
      return { status: response.statusCode, detail: issue[0].details.coding[0].code, codeType: typeof issue[0].code };
    };
    expect(await outcome(`/Observation?patient=${other}`)).toEqual({
      status: 403,
      detail: 'patient-mismatch',
      codeType: 'string',
    });
    expect(await outcome(`/Patient/${other}`)).toEqual({ status: 404, detail: 'not-found', codeType: 'string' });
    expect(await outcome('/Claim')).toEqual({ status: 404, detail: 'type-not-supported', codeType: 'string' });
    const narrow = await connectApp(server.app, app, { scope: 'patient/Condition.rs' });
    expect(await outcome('/Observation', narrow.access_token)).toEqual({
      status: 403,
      detail: 'scope-denied',
      codeType: 'string',
    });
    const oneApi = await addApp(server, { apis: [base.includes('r4') ? 'dstu2' : 'r4'] });
    const elsewhere = await connectApp(server.app, oneApi);
    expect(await outcome('/Patient', elsewhere.access_token)).toEqual({
      status: 403,
      detail: 'api-not-added',
      codeType: 'string',
    });
    expect(await outcome('/Patient', 'made-up')).toEqual({ status: 401, detail: 'invalid_token', codeType: 'string' });
  });

  it('another sandbox patient gets the same response as an unknown one', async () => {
    const { access_token, patient } = await guideTokens();
    const [other] = await server.db.queryText<{ patient_id: string }>(
      'select patient_id from record where patient_id <> $1 limit 1',
      [patient],
    );
    const response = await getFhir(server.app, `${base}/Patient/${other?.patient_id}`, access_token);
    expect(response.statusCode).toBe(404);
    expect((await getFhir(server.app, `${base}/Condition?patient=${other?.patient_id}`, access_token)).statusCode).toBe(
      403,
    );
  });

  it('every read is recorded in the audit log', async () => {
    const { access_token } = await guideTokens();
    const response = await getFhir(server.app, `${base}/Condition`, access_token);
    const rows = await server.db.queryText<{ type: string; resources: number; record_id: string }>(
      'select type, resources, record_id from audit_event where request_id = $1',
      [response.headers['x-request-id']],
    );
    expect(rows).toEqual([
      { type: 'Condition', resources: response.json().entry.length, record_id: expect.anything() },
    ]);
  });
});

describe('a provisional app and a live record', () => {
  it('can’t be connected: the response is access_denied until the app is approved', async () => {
    const liveApp = await addApp(server, { state: 'provisional' });
    const person = await addLivePatient(server);
    const query = { response_type: 'code', client_id: liveApp.client_id, redirect_uri: liveApp.redirect_uri };
    const response = await new PatientBrowser(server.app).authorize(query, person);
    expect(redirectParameters(response).get('error')).toBe('access_denied');
    await setAppState(server, liveApp, 'active');
    expect((await connectApp(server.app, liveApp, {}, {}, person)).status).toBe(200);
  });
});
