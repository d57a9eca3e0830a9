import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findApp, updateApp } from '../../src/apps/index.ts';
import { systemClock, systemRandom } from '../../src/kernel/index.ts';
import { listActiveRecords, setSandboxOpen } from '../../src/practices/index.ts';
import { ensureStaffApp } from '../../src/sandbox/index.ts';
import { STAFF_APP_CLIENT_ID, STAFF_APP_SCOPE } from '../../src/sandbox/published-credentials.ts';
import { attributeOf, attributesOf, choicesOf, csrfIn, parse, textOf, textsOf } from '../support/browser/html.ts';
import {
  authorizationCode,
  type Fields,
  getFhir,
  PatientBrowser,
  R4,
  redirectParameters,
  requestToken,
} from '../support/people/patient.ts';
import { SANDBOX_STAFF } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HOME = 'http://localhost:8080';
const REDIRECT_URI = `${HOME}/demo/staff`;
const VERIFIER = 'a'.repeat(64);
/** Categories of the Observations that the app shows. */
const SHOWN_RESULTS = ['laboratory', 'vital-signs'];
const PAGES = [
  '/demo/staff',
  '/demo/staff/launch',
  '/demo/staff/source',
  '/demo/staff/visit.js',
  '/demo/shared/app.css',
];

let server: TestServer;
let ana: string;
beforeAll(async () => {
  server = await startServer();
  ana = await keyOf(server, 'Larkspur');
});
afterAll(() => server.close());

async function keyOf({ db }: TestServer, name: string): Promise<string> {
  const record = (await listActiveRecords(db)).find((each) => each.name.includes(name));
  if (record === undefined) throw new Error(`the sandbox has ${name}`);
  return `${record.practiceId}-${record.patientId}`;
}

async function openLauncher({ app } = server) {
  const browser = new PatientBrowser(app);
  await browser.signIn('/sign-in', SANDBOX_STAFF);
  return { browser, page: await browser.get(`/practice/launch?patient=${ana}`) };
}

/** Submits the launcher’s form as it is filled in at first. */
async function launch(changes: Fields = {}) {
  const { browser, page } = await openLauncher();
  const encounter = attributeOf(page, '[name=encounter] option[selected]', 'value') ?? '';
  const fields = { csrf: csrfIn(page), patient: ana, app: STAFF_APP_CLIENT_ID, need_patient_banner: 'yes', encounter };
  const { location } = await browser.post('/practice/launch', { ...fields, ...changes });
  return { browser, encounter, url: new URL(location ?? '') };
}

const request = (launched: string): Fields => ({
  response_type: 'code',
  client_id: STAFF_APP_CLIENT_ID,
  redirect_uri: REDIRECT_URI,
  scope: STAFF_APP_SCOPE,
  aud: `${HOME}${R4}`,
  launch: launched,
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
});

async function openChart(changes: Fields = {}) {
  const { browser, url, encounter } = await launch(changes);
  const consent = await browser.authorize(request(url.searchParams.get('launch') ?? ''), SANDBOX_STAFF);
  const code = authorizationCode(await browser.submitConsent(consent));
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER };
  const token = await requestToken(server.app, { ...exchange, client_id: STAFF_APP_CLIENT_ID });
  return { url, encounter, consent, token: token as typeof token & Record<string, unknown> };
}

describe('the staff app at start', () => {
  const registered = async () => {
    const { kind, state, auth, apis, launchUri, redirectUris } =
      (await findApp(server.db, systemClock, STAFF_APP_CLIENT_ID)) ?? {};
    return { kind, state, auth, apis, launchUri, redirectUris };
  };
  const expected = {
    kind: 'staff',
    state: 'provisional',
    auth: 'none',
    apis: ['r4'],
    launchUri: `${HOME}/demo/staff/launch`,
    redirectUris: [REDIRECT_URI],
  };

  it('is registered like any new app, as a public client for staff', async () => {
    expect(await registered()).toEqual(expected);
  });

  it('follows the URL of the server', async () => {
    await ensureStaffApp(server.db, 'https://records.example');
    expect(await registered()).toMatchObject({
      launchUri: 'https://records.example/demo/staff/launch',
      redirectUris: ['https://records.example/demo/staff'],
    });
    await ensureStaffApp(server.db, HOME);
    expect(await registered()).toEqual(expected);
  });

  it('gets the scopes that a new release of it needs', async () => {
    const scope = 'launch openid';
    await updateApp(server.db, { clock: systemClock, random: systemRandom }, STAFF_APP_CLIENT_ID, { scope });
    await ensureStaffApp(server.db, HOME);
    const app = await findApp(server.db, systemClock, STAFF_APP_CLIENT_ID);
    expect(app?.scope.split(' ').sort()).toEqual(STAFF_APP_SCOPE.split(' ').sort());
  });
});

describe('a launch of the staff app from a chart', () => {
  it('has the patient and the latest visit in context, without a choice by the clinician', async () => {
    const { url, encounter, consent, token } = await openChart();
    expect(`${url.origin}${url.pathname}`).toBe(`${HOME}/demo/staff/launch`);
    expect(url.searchParams.get('iss')).toBe(`${HOME}${R4}`);
    expect(textOf(consent, 'h1')).toBe('Open Visit Prep (demo) with Ana Marisol Larkspur’s chart?');
    expect(encounter).not.toBe('');
    expect(textOf(consent, 'form')).toMatch(/Visit: August 20, 2026, Follow-up visit/);
    expect(attributesOf(consent, 'main a', 'href')).toContain(`/practice/${ana.replace('-', '/patients/')}`);
    expect(token).toMatchObject({
      status: 200,
      encounter,
      need_patient_banner: true,
      smart_style_url: expect.stringContaining('/assets/smart-style.json'),
      scope: STAFF_APP_SCOPE,
    });
    expect(token.refresh_token).toBeUndefined();
    const visit = await getFhir(server.app, `${R4}/Encounter/${encounter}`, token.access_token);
    expect(visit.json()).toMatchObject({ id: encounter, subject: { reference: `Patient/${token.patient}` } });
  });

  it('gives access to what the app shows, and to nothing else', async () => {
    const { token, consent } = await openChart({ encounter: '' });
    expect(textOf(consent, 'form')).not.toContain('Visit:');
    const read = (path: string) => getFhir(server.app, `${R4}/${path}`, token.access_token);
    const results = (await read(`Observation?patient=${token.patient}&_count=200`)).json();
    const categories = results.entry.map((entry: { resource: { category: { coding: { code: string }[] }[] } }) =>
      entry.resource.category.flatMap(({ coding }) =>
        coding.flatMap(({ code }) => (SHOWN_RESULTS.includes(code) ? [code] : [])),
      ),
    );
    expect(categories.filter((codes: string[]) => codes.length === 0)).toEqual([]);
    expect([...new Set(categories.flat())].sort()).toEqual(SHOWN_RESULTS);
    expect((await read(`DocumentReference?patient=${token.patient}`)).statusCode).toBe(403);
    const other = (await keyOf(server, 'Driftwood')).replace(/^\d+-/, '');
    expect((await read(`Patient/${other}`)).statusCode).toBe(404);
    expect((await read(`Condition?patient=${other}`)).statusCode).toBe(403);
  });

  it('with no visit chosen has no encounter', async () => {
    const { token } = await openChart({ encounter: '' });
    expect({ status: token.status, hasEncounter: 'encounter' in token }).toEqual({ status: 200, hasEncounter: false });
  });

  it('needs PKCE, and returns the errors of the launch to the app', async () => {
    const { browser, url } = await launch();
    const errorOf = async (fields: Fields) => redirectParameters(await browser.authorize(fields, SANDBOX_STAFF));
    const complete = request(url.searchParams.get('launch') ?? '');
    const { code_challenge: _challenge, code_challenge_method: _method, ...withoutPkce } = complete;
    expect((await errorOf(withoutPkce)).get('error')).toBe('invalid_request');
    server.clock.advance(601_000);
    const expired = await errorOf(complete);
    expect({ error: expired.get('error'), errorDescription: expired.get('error_description') }).toEqual({
      error: 'invalid_request',
      errorDescription: expect.stringMatching(/expired/),
    });
  });
});

describe('the source page', () => {
  it.each([
    ['en', 'Source of the staff app'],
    ['es', 'Código fuente de la aplicación para el personal'],
  ])('shows each file of the app as it is served, with what it does: %s', async (language, title) => {
    const page = await server.app.inject({
      url: '/demo/staff/source',
      headers: { accept: 'text/html', 'accept-language': language },
    });
    expect(textOf(page, 'h1')).toBe(title);
    const paths = attributesOf(page, '.source-file p a', 'href');
    expect(paths).toEqual(expect.arrayContaining(['/demo/staff/launch.js', '/demo/shared/connection.js']));
    const codes = parse(page)('.source-file pre').toArray();
    expect(codes).toHaveLength(paths.length);
    for (const [index, path] of paths.entries()) {
      const file = await server.app.inject(path);
      expect(file.statusCode, path).toBe(200);
      expect(parse(page)(codes[index]).text(), path).toBe(file.body);
    }
    expect(textsOf(page, '.source-file summary').filter((text) => !/ \S/.test(text ?? ''))).toEqual([]);
  });
});

describe('the staff app is off', () => {
  it.each<[string, Record<string, string>]>([
    ['without the sandbox', { SANDBOX: 'off' }],
    ['where provisional apps are inactive', { PROVISIONAL_APPS: 'inactive' }],
  ])('%s: its pages, its files, and its place in the launcher', async (_when, settings) => {
    const strict = await startServer(settings);
    const statuses = await Promise.all(PAGES.map(async (path) => (await strict.app.inject(path)).statusCode));
    expect(statuses).toEqual(PAGES.map(() => 404));
    await setSandboxOpen(strict.db, strict.config.sandbox);
    const { page } = await openLauncher(strict);
    expect(page.body).not.toContain('Visit Prep');
    await strict.close();
  });

  it('on the server of the other tests, it is on', async () => {
    const statuses = await Promise.all(PAGES.map(async (path) => (await server.app.inject(path)).statusCode));
    expect(statuses).toEqual(PAGES.map(() => 200));
    expect(choicesOf((await openLauncher()).page, 'app').map(({ value }) => value)).toContain(STAFF_APP_CLIENT_ID);
  });
});
