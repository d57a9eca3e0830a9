import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savePracticeLogo } from '../../src/practices/index.ts';
import { pngImage } from '../support/apps/app-drafts.ts';
import { addApp, CALLBACK, type TestApp } from '../support/apps/apps.ts';
import { parse } from '../support/browser/html.ts';
import { CHECKOUT } from '../support/checkout.ts';
import { signInDeveloper } from '../support/people/developer-portal.ts';
import { connectApp, DSTU2, OAUTH, PatientBrowser, R4 } from '../support/people/patient.ts';
import { LIVE_PRACTICE, signInAdministrator, signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const PAGE = readFileSync(path.join(CHECKOUT, 'docs/security-headers.md'), 'utf8');
const NONE = '–';

/** Rows of the table below a heading of the page, without code style. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = PAGE.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').replaceAll('`', '')));
}

const POLICIES = new Map(tableBelow('Content-Security-Policy').map(([name = '', value = '']) => [name, value]));
/** A policy without its nonces and hashes, which differ between responses and builds. */
const withoutValues = (policy = ''): string => policy.replaceAll(/'(nonce|sha256)-[^']+'/g, "'$1-…'");
const COOKIES = tableBelow('Cookies').map(([name = '']) => name);
const ASSETS = path.join(CHECKOUT, 'web/dist/assets');
const METRICS_TOKEN = 'token-of-the-metrics';

let server: TestServer;
let app: TestApp;
let patient: PatientBrowser;
/** Cookie headers of people who are signed in. */
const signedIn = new Map<string, string>();

beforeAll(async () => {
  server = await startServer({ PUBLIC_URL: 'https://records.example.org', METRICS_TOKEN });
  app = await addApp(server);
  patient = new PatientBrowser(server.app);
  await patient.signIn('/sign-in?return_to=/account');
  const developer = await signInDeveloper(server);
  const staff = await signInStaff(server, ['front-desk']);
  const administrator = await signInAdministrator(server);
  for (const [name, session] of [
    ['patient', patient.cookie('__Host-session')],
    ['developer', developer.session],
    ['staff', staff.browser.cookie('session')],
    ['administrator', administrator.browser.cookie('session')],
  ] as const)
    signedIn.set(name, `__Host-session=${session}`);
  await savePracticeLogo(server.db, LIVE_PRACTICE, { type: 'image/png', bytes: pngImage() });
  await server.db.queryText(`update practice set name = 'Lakeside' where practice_id = $1`, [LIVE_PRACTICE]);
  await server.runMaintenance();
});
afterAll(() => server.close());

const HOST = { host: 'records.example.org' };
const visit = (url: string) => server.app.inject({ url, headers: HOST });
const as = (person: string, url: string) =>
  server.app.inject({ url, headers: { ...HOST, cookie: signedIn.get(person) ?? '' } });
const recordPath = async (): Promise<string> => String((await as('patient', '/account')).headers['location']);

/** How to request the surfaces that need a session, a body or a token. The others are requested at their example. */
const REQUESTS: Readonly<Record<string, () => Promise<{ statusCode: number; headers: object }>>> = {
  'consent and sign-in for apps': () =>
    as(
      'patient',
      `${OAUTH}/authorize?${new URLSearchParams({ response_type: 'code', client_id: app.client_id, redirect_uri: CALLBACK })}`,
    ),
  'token endpoint': () => server.app.inject({ method: 'POST', url: `${OAUTH}/token` }),
  'FHIR read': async () => {
    const { access_token } = await connectApp(server.app, app, {}, {}, undefined, patient);
    return server.app.inject({ url: `${R4}/Patient`, headers: { authorization: `Bearer ${access_token}` } });
  },
  'FHIR error': () => server.app.inject(`${DSTU2}/Patient`),
  'patient account': async () => as('patient', await recordPath()),
  'downloads and documents of a record': async () => as('patient', `${await recordPath()}/log/csv`),
  'account security': () => as('patient', '/account/security'),
  'practice portal': () => as('staff', `/practice/${LIVE_PRACTICE}/patients`),
  'developer portal': () => as('developer', '/developer/apps'),
  administrators: () => as('administrator', '/review'),
  'JSON API of the portals': () => as('developer', '/api/session'),
  logos: () => visit(`/brand/${LIVE_PRACTICE}/logo`),
  'files of the React pages': () => {
    return server.app.inject(`/web/assets/${readdirSync(ASSETS).find((name) => name.endsWith('.js'))}`);
  },
  metrics: () => server.app.inject({ url: '/metrics', headers: { authorization: `Bearer ${METRICS_TOKEN}` } }),
};
const STATUS_OF_ERRORS: Readonly<Record<string, number>> = {
  'token endpoint': 400,
  'FHIR error': 401,
  'unknown page': 404,
  'malformed request': 400,
};

const HEADERS = [
  'cache-control',
  'cross-origin-resource-policy',
  'cross-origin-opener-policy',
  'access-control-allow-origin',
] as const;

describe('docs/security-headers.md', () => {
  it.each(tableBelow('By surface'))('is true of %s', async (surface, example = '', policy = '', ...values) => {
    const response = await (REQUESTS[surface] ?? (() => visit(example)))();
    const headers = response.headers as Readonly<Record<string, string | undefined>>;
    expect(response.statusCode).toBe(STATUS_OF_ERRORS[surface] ?? 200);
    expect(Object.fromEntries(HEADERS.map((name) => [name, headers[name] ?? NONE]))).toEqual(
      Object.fromEntries(HEADERS.map((name, index) => [name, values[index]])),
    );
    expect(withoutValues(headers['content-security-policy'])).toBe(withoutValues(POLICIES.get(policy)));
    const type = headers['content-type'] ?? '';
    if (/^text\/|json|xml|javascript/.test(type)) expect(type).toContain('charset=utf-8');
    for (const [name = '', value] of tableBelow('On every response'))
      expect({ [name]: headers[name.toLowerCase()] }).toEqual({ [name]: value });
  });

  it('allows no inline script or style, no frame, no base element and no plugin', () => {
    expect(POLICIES.size).toBe(4);
    for (const policy of POLICIES.values()) {
      expect(policy).not.toMatch(/unsafe-|\*/);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('the files of the React pages have digests, which browsers compare (Subresource Integrity)', async () => {
    const { body } = await as('developer', '/developer/apps');
    const parsed = parse(body);
    const loaded = parsed('script[src], link[rel=modulepreload], link[rel=stylesheet]').toArray();
    expect(loaded.length).toBeGreaterThan(2);
    const importMap = JSON.parse(parsed('script[type=importmap]').text());
    const named = loaded.map((element) => [
      element.attribs['src'] ?? element.attribs['href'],
      element.attribs['integrity'],
    ]);
    const digests = new Map<string, string>([...Object.entries(importMap.integrity), ...named] as [string, string][]);
    const scripts = readdirSync(ASSETS).filter((name) => /\.(js|css)$/.test(name));
    expect([...digests.keys()].toSorted()).toEqual(scripts.map((name) => `/web/assets/${name}`).toSorted());
    for (const [file, digest] of digests) {
      const { rawPayload } = await server.app.inject(file);
      expect({ [file]: digest }).toEqual({ [file]: `sha256-${hash('sha256', rawPayload, 'base64')}` });
    }
  });

  it('folders aren’t listed (ASVS 13.4.3)', async () => {
    for (const folder of ['/web/assets/', '/assets/', '/docs/images/'])
      expect((await visit(folder)).statusCode).toBe(404);
  });

  it('TRACE isn’t supported (ASVS 13.4.4)', async () => {
    expect((await server.app.inject({ method: 'TRACE' as never, url: '/sign-in' })).statusCode).toBe(404);
  });

  it('lists the cookies, which scripts, other hosts and forms of other sites can’t use', async () => {
    const visitor = new PatientBrowser(server.app);
    const page = await server.app.inject('/sign-in');
    const entered = await visitor.signIn('/sign-in');
    const spanish = await server.app.inject('/language?to=es&return_to=/apps');
    const set = [page.headers, entered.headers, spanish.headers].flatMap((headers) => [headers['set-cookie']].flat());
    const names = set.map((cookie) => String(cookie).split('=')[0]);
    expect(new Set(names)).toEqual(new Set(['__Host-browser', '__Host-session', '__Host-known', '__Host-language']));
    expect(COOKIES).toEqual(expect.arrayContaining(names));
    for (const cookie of set) {
      expect(cookie).toMatch(/; HttpOnly/);
      expect(cookie).toMatch(/; Secure/);
      expect(cookie).toMatch(/; SameSite=Lax/);
      expect(cookie).toMatch(/; Path=\//);
      expect(cookie).not.toContain('Domain');
    }
    const cookie = `__Host-language=es; language=en`;
    expect((await server.app.inject({ url: '/apps', headers: { cookie } })).body).toContain('<html lang="es">');
  });
});
