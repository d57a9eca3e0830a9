import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../src/apps/index.ts';
import { addApp, setAppState } from '../support/apps/apps.ts';
import { submitApp } from '../support/apps/review.ts';
import { attributeOf, codeIn, hasElement, linksOf, textOf, textsOf } from '../support/browser/html.ts';
import { apiCaller, signInDeveloper, signInReviewer } from '../support/people/developer-portal.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { connectApp, PatientBrowser, SANDBOX_PATIENT, type TestUser } from '../support/people/patient.ts';
import { signInStaff } from '../support/people/practice-portal.ts';
import { SANDBOX_ADMINISTRATOR } from '../support/people/sandbox-administrator.ts';
import { SANDBOX_DESK, startSandboxSession } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.db.queryText('delete from app', []));

const add = (options: Partial<AppRegistration>) => addApp(server, { listed: true, ...options });
const page = async (query = '', headers: Record<string, string> = {}): Promise<string> =>
  (await server.app.inject({ method: 'GET', url: `/apps${query}`, headers })).body;
const named = async (query = ''): Promise<string[]> => {
  const { body } = await apiCaller(server, undefined).call('GET', `/public/apps${query}`);
  return body.apps.map(({ name }: { name: string }) => name);
};
const shown = async (query = ''): Promise<string[]> => textsOf(await page(query), 'h3[id^="app-"]');

describe('the gallery', () => {
  it('lists active, listed patient apps by name, publicly', async () => {
    await add({ name: 'zebra' });
    await add({ name: 'Aardvark' });
    await add({ name: 'Unlisted', listed: false });
    await add({ name: 'Waiting', state: 'provisional' });
    await add({ name: 'Of staff', kind: 'staff', launchUri: 'https://app.example/launch', scope: 'launch user/*.rs' });
    expect(await shown()).toEqual(['Aardvark', 'zebra']);
    expect(await named()).toEqual(['Aardvark', 'zebra']);
  });

  it('drops an app as soon as it is suspended or retired', async () => {
    const diary = await add({ name: 'Diary' });
    const log = await add({ name: 'Log' });
    expect(await shown()).toEqual(['Diary', 'Log']);
    await setAppState(server, diary, 'suspended');
    expect({ shown: await shown(), named: await named() }).toEqual({ shown: ['Log'], named: ['Log'] });
    await setAppState(server, diary, 'active');
    await setAppState(server, log, 'retired');
    expect({ shown: await shown(), named: await named() }).toEqual({ shown: ['Diary'], named: ['Diary'] });
    expect((await server.app.inject({ url: '/apps' })).headers['cache-control']).toBe('no-cache');
  });

  it('leads a signed-in patient back to the account, and others to their portal', async () => {
    const accountLinks = async (browser: PatientBrowser) => {
      const opened = await browser.get('/apps');
      return {
        back: attributeOf(opened, '.back a', 'href'),
        header: attributeOf(opened, 'a.account-link', 'href'),
        cache: opened.headers['cache-control'],
      };
    };
    const patient = new PatientBrowser(server.app);
    expect(await accountLinks(patient)).toEqual({ back: undefined, header: '/sign-in', cache: 'no-cache' });
    await patient.signIn('/sign-in');
    expect(await accountLinks(patient)).toEqual({ back: '/account', header: '/account', cache: 'no-store' });
    const { browser: staff } = await signInStaff(server, ['front-desk']);
    expect(await accountLinks(staff)).toEqual({ back: undefined, header: '/practice', cache: 'no-store' });
  });

  it('every public page leads to the portal of the signed-in account, or to sign-in', async () => {
    const { host } = new URL(server.config.publicUrl);
    const pages = [
      ...['/', '/apps', '/service-base-urls', '/status', '/docs', '/docs/scopes'],
      ...['/sandbox', '/sandbox/apps', '/sandbox/enrollment', '/demo/staff/source'],
      `${server.config.prefix}/fhir-api/index.html`,
    ];
    const linkOn = async (path: string, session?: string) => {
      const cookies = session === undefined ? {} : { session };
      const { body, statusCode } = await server.app.inject({ url: path, cookies, headers: { host } });
      const link = 'a.account-link';
      return `${statusCode} ${textOf(body, link)} ${attributeOf(body, link, 'href')?.split('?')[0]}`;
    };
    const sessions = [
      [undefined, 'Sign in /sign-in'],
      ['ended', 'Sign in /sign-in'],
      [await startSandboxSession(server, SANDBOX_PATIENT), 'Your account /account'],
      [await startSandboxSession(server, SANDBOX_DESK), 'Your practice /practice'],
      [await startSandboxSession(server, SANDBOX_ADMINISTRATOR), 'App review /review'],
      [(await signInReviewer(server)).session, 'Your practice /practice'],
      [(await signInDeveloper(server)).session, 'Developer portal /developer'],
    ] as const;
    for (const path of pages)
      for (const [session, link] of sessions)
        expect(`${path} ${await linkOn(path, session)}`).toBe(`${path} 200 ${link}`);
  });

  it.each([
    'http://localhost:3000/callback',
    'http://LOCALHOST/callback',
    'http://127.0.0.1:3000/callback',
    'http://[::1]:3000/callback',
    'https://localhost:3000/callback',
    'https://localhost./callback',
    'https://app.localhost/callback',
    'https://127.1.2.3/callback',
    'https://2130706433/callback',
    'https://0x7f.1/callback',
    'https://[::ffff:127.0.0.1]/callback',
    'https://[0:0:0:0:0:0:0:1]/callback',
    'https://0.0.0.0/callback',
  ])('omits an app whose redirect URIs all lead to the patient’s own computer, as %s does', async (local) => {
    await add({ name: 'On this computer', redirectUris: [local, 'http://localhost/other'] });
    await add({ name: 'On the web too', redirectUris: [local, 'https://app.example/callback'] });
    await add({ name: 'On a phone', redirectUris: ['com.example.app:/callback'] });
    expect([await shown(), await named()]).toEqual(Array(2).fill(['On a phone', 'On the web too']));
  });

  it('says so if there are none', async () => {
    expect(await page()).toContain('No apps are listed yet.');
    expect(await page('', { 'accept-language': 'es' })).toContain('Todavía no hay aplicaciones en la lista');
  });

  it('searches without regard to case and accents', async () => {
    await add({ name: 'Presión', description: 'Blood pressure diary', developer: 'Acme' });
    await add({ name: 'Steps', description: 'Counts steps', developer: 'Acme' });
    expect(await named('?q=presion')).toEqual(['Presión']);
    expect(await named('?q=ACME%20diary')).toEqual(['Presión']);
    expect(await shown('?q=acme')).toEqual(['Presión', 'Steps']);
    expect(textOf(await page('?q=nothing%3Cb%3E'))).toContain('No apps match “nothing<b>”');
    expect(await named('?q=%00%25_')).toEqual([]);
  });

  it('has 24 apps on a page, with a link to the next page', async () => {
    for (let number = 0; number < 25; number += 1) await add({ name: `App ${String(number).padStart(2, '0')}` });
    expect({ first: (await shown()).length, second: await shown('?page=2') }).toEqual({
      first: 24,
      second: ['App 24'],
    });
    expect(linksOf(await page('?q=app'))).toContain('/apps?q=app&page=2');
    for (const odd of ['?page=99', '?page=-1', '?page=x', '?page=1&page=2'])
      expect((await shown(odd)).length).toBeGreaterThan(0);
  });
});

describe('an app in the gallery', () => {
  it('has its developer, and whether the developer is verified', async () => {
    await add({ name: 'Sure', developer: 'Acme', verifiedAt: new Date() });
    await add({ name: 'Unsure', developer: 'Acme' });
    await add({ name: 'Nobody' });
    const { body } = await apiCaller(server, undefined).call('GET', '/public/apps');
    expect(
      body.apps.map((app: { name: string; developer: string; verified: boolean }) => [
        app.name,
        app.developer,
        app.verified,
      ]),
    ).toEqual([
      ['Sure', 'Acme', true],
      ['Nobody', null, false],
      ['Unsure', 'Acme', false],
    ]);
    const text = await page();
    expect(textOf(text)).toContain('Made by Acme Developer verified');
    expect(text).toContain('Developer unknown.');
    expect(text.match(/Developer not verified\./g)).toHaveLength(1);
  });

  it('has its organization, and whether that is verified', async () => {
    for (const verified of [true, false]) {
      const { organisationId } = await signInDeveloper(server, { verified });
      await add({ name: `By ${verified}`, organisationId });
    }
    const { body } = await apiCaller(server, undefined).call('GET', '/public/apps');
    expect(
      body.apps.map(({ name, verified, developer: maker }: Record<string, unknown>) => [
        name,
        verified,
        String(maker).startsWith('Maker'),
      ]),
    ).toEqual([
      ['By true', true, true],
      ['By false', false, true],
    ]);
  });

  it('has its requested data categories, in the words of the consent page and the reader’s language', async () => {
    const laboratory = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
    await add({
      name: 'Labs',
      scope: `launch/patient patient/Patient.rs patient/Observation.rs?category=${laboratory}`,
    });
    expect(await page()).toContain('Personal details, Lab results');
    expect(await page('', { cookie: 'language=es' })).toContain('Datos personales, Resultados de laboratorio');
  });

  it('has its answers on data use, marked as unverified, and the unanswered questions', async () => {
    await add({ name: 'Open', dataUse: { sold: 'no', place: 'device' } });
    await add({ name: 'Silent' });
    const text = await page();
    expect(text).toContain('Only on your own device');
    expect(text).toContain('They have not been verified.');
    expect(text).toContain('It did not answer any of our 8 questions');
  });

  it('has links to website and policy, over https and without a referrer', async () => {
    await add({
      name: 'Linked',
      metadata: { client_uri: 'https://diary.example/', policy_uri: 'https://diary.example/privacy' },
    });
    const policy = 'a[href="https://diary.example/privacy"]';
    expect(attributeOf(await page(), policy, 'rel')).toBe('noopener noreferrer nofollow');
    expect((await server.app.inject({ url: '/apps' })).headers['referrer-policy']).toBe('no-referrer');
  });
});

describe('categories', () => {
  beforeEach(async () => {
    await add({ name: 'Pills', category: 'medicines', developer: 'Acme' });
    await add({ name: 'Pill diary', category: 'medicines' });
    await add({ name: 'Steps', category: 'fitness', developer: 'Acme' });
    await add({ name: 'Other' });
  });

  it('limit the list, together with the search words', async () => {
    expect([await shown('?category=medicines'), await named('?category=medicines')]).toEqual(
      Array(2).fill(['Pill diary', 'Pills']),
    );
    expect(await shown('?category=medicines&q=acme')).toEqual(['Pills']);
    expect(textOf(await page('?category=fitness'))).toContain('Fitness and wellness: 1 app');
    expect(textOf(await page('?category=research'))).toContain('No apps in “Research”. Choose another category.');
  });

  it('are links, of those with matching apps only, which keep the search words', async () => {
    const links = async (query: string) =>
      linksOf(await page(query)).filter((link) => /^\/apps\?/.test(link) && /category=/.test(link));
    expect(await links('')).toEqual(['/apps?category=medicines', '/apps?category=fitness']);
    expect(await links('?q=diary')).toEqual(['/apps?q=diary&category=medicines']);
    const chosen = await page('?category=fitness');
    expect(attributeOf(chosen, 'nav.categories a[aria-current=page]', 'href')).toBe('/apps?category=fitness');
    expect(attributeOf(chosen, 'search input[type=hidden][name=category]', 'value')).toBe('fitness');
  });

  it.each(['?category=poetry', '?category=fitness&category=medicines', '?category='])(
    'an unknown one lists all apps: %s',
    async (query) => expect(await shown(query)).toHaveLength(4),
  );
});

it('apps of verified developers come first, then by name', async () => {
  await add({ name: 'Aardvark' });
  await add({ name: 'Zebra', developer: 'Acme', verifiedAt: new Date() });
  await add({ name: 'Badger', developer: 'Acme', verifiedAt: new Date() });
  expect(await shown()).toEqual(['Badger', 'Zebra', 'Aardvark']);
  expect(await named()).toEqual(['Badger', 'Zebra', 'Aardvark']);
});

describe('the link that starts an app', () => {
  it('opens the approved URL, with this server as the issuer (OpenID Connect Core 1.0 §4)', async () => {
    await add({ name: 'Diary', metadata: { initiate_login_uri: 'https://diary.example/start?from=gallery' } });
    const html = await page();
    const address = new URL(attributeOf(html, '.start a', 'href') ?? '');
    const { issuer } = (await server.app.inject({ url: '/api/session' })).json().addresses;
    expect(address.origin + address.pathname).toBe('https://diary.example/start');
    expect([...address.searchParams]).toEqual([
      ['from', 'gallery'],
      ['iss', issuer],
    ]);
    expect(attributeOf(html, '.start a', 'rel')).toBe('noopener noreferrer nofollow');
    expect(textsOf(html, '.start')[0]).toContain('Open Diary This opens diary.example.');
    const { body } = await apiCaller(server, undefined).call('GET', '/public/apps');
    expect(body.apps[0].start).toBe(address.href);
  });

  it('waits for a review of a new URL; a removed one disappears at once', async () => {
    const dev = await signInDeveloper(server);
    const app = await submitApp(server, dev, { name: 'Diary', listed: true });
    const { call } = await signInReviewer(server);
    await call('POST', `/review/apps/${app.clientId}/approve`, { version: 1 });
    const { body } = await dev.call('GET', `/developer/apps/${app.clientId}`);
    const change = (initiateLoginUri: string) =>
      dev.call('POST', `/developer/apps/${app.clientId}/versions`, {
        draft: { ...body.terms, initiateLoginUri, category: 'medicines' },
      });
    expect((await change('http://diary.example/start')).body.errors).toMatchObject([
      { field: 'initiateLoginUri', code: 'page-address' },
    ]);
    expect((await change('https://diary.example/start')).body).toMatchObject({
      waits: ['initiateLoginUri'],
      applied: ['category'],
    });
    expect(hasElement(await page(), '.start')).toBe(false);
    expect(await shown('?category=medicines')).toEqual(['Diary']);
    await call('POST', `/review/apps/${app.clientId}/approve`, { version: 2 });
    expect(hasElement(await page(), '.start')).toBe(true);
    expect((await change('')).body).toMatchObject({ waits: [], applied: ['initiateLoginUri'] });
    expect(hasElement(await page(), '.start')).toBe(false);
  });
});

describe('the badge of connected apps', () => {
  const badges = async (browser: PatientBrowser): Promise<string[]> =>
    textsOf(await browser.get('/apps'), 'li:has(.tag.success:not(.used)) h3');
  const connectIn = async (browser: PatientBrowser, name: string, person?: TestUser) => {
    const app = await addApp(server, { listed: true, name });
    const { status, access_token } = await connectApp(server.app, app, {}, {}, person, browser);
    expect(status).toBe(200);
    return { ...app, access_token };
  };

  it('is shown to the person who connected the app, with a link to the connection, and to no one else', async () => {
    const patient = new PatientBrowser(server.app);
    await add({ name: 'Other' });
    await connectIn(patient, 'Diary');
    expect(await badges(patient)).toEqual(['Diary']);
    const opened = await patient.get('/apps');
    expect(opened.headers['cache-control']).toBe('no-store');
    const link = linksOf(opened).find((one) => /^\/account\/.*\/apps\//.test(one)) ?? '';
    expect(textOf(await patient.get(link))).toContain('Diary');
    const { browser: staff } = await signInStaff(server, ['front-desk']);
    for (const other of [new PatientBrowser(server.app), staff]) expect(await badges(other)).toEqual([]);
    const { body } = await apiCaller(server, patient.cookie('session')).call('GET', '/public/apps');
    expect(JSON.stringify(body)).not.toContain('connected');
  });

  it('shows to a shared sandbox account only what was connected in the same browser', async () => {
    const one = new PatientBrowser(server.app);
    const other = new PatientBrowser(server.app);
    await connectIn(one, 'Diary');
    await connectIn(other, 'Steps');
    expect({ one: await badges(one), other: await badges(other) }).toEqual({ one: ['Diary'], other: ['Steps'] });
    const third = new PatientBrowser(server.app);
    await third.signIn('/sign-in');
    expect(await badges(third)).toEqual([]);
  });

  it('shows to a person with an account of their own what they connected in any browser', async () => {
    const person = await addLivePatient(server);
    await connectIn(new PatientBrowser(server.app), 'Diary', person);
    const elsewhere = new PatientBrowser(server.app);
    await elsewhere.signIn('/sign-in', person);
    expect(await badges(elsewhere)).toEqual(['Diary']);
  });

  it('disappears when the access ends', async () => {
    const patient = new PatientBrowser(server.app);
    const app = await connectIn(patient, 'Diary');
    expect(await badges(patient)).toEqual(['Diary']);
    await server.db.queryText('update consent_grant set revoked_at = now() where client_id = $1', [app.client_id]);
    expect(await badges(patient)).toEqual([]);
  });
});

describe('hostile apps', () => {
  it('markup in their descriptions is displayed as text', async () => {
    const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    await add({ name: hostile, description: hostile, developer: hostile });
    const html = await page();
    expect(codeIn(html)).toEqual([]);
    expect(hasElement(html, 'img[src=x]')).toBe(false);
    expect(textOf(html)).toContain(hostile);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'http://plain.example/',
    'https://user:secret@diary.example/',
    '//diary.example',
    'not an address',
    '',
    42,
    ['https://a.example'],
  ])('%j never becomes a link', async (address) => {
    await add({
      name: 'Hostile',
      metadata: { client_uri: address, policy_uri: address, tos_uri: address, initiate_login_uri: address },
    });
    const { body } = await apiCaller(server, undefined).call('GET', '/public/apps');
    const { website, policy, start } = body.apps[0];
    expect({ website, policy, start }).toEqual({ website: null, policy: null, start: null });
    expect(hasElement(await page(), '[rel~=nofollow]')).toBe(false);
  });

  it('characters that reverse the text direction do not reach the page', async () => {
    await add({ name: 'Turned', description: 'gpj\u202eexe' });
    await server.db.queryText("update app set developer = E'A\\u202eB', name = E'T\\u202eU'", []);
    expect(await page()).not.toMatch(/\u202e/);
  });

  it('the CSP blocks every script, even if one gets through', async () => {
    const { headers } = await server.app.inject({ url: '/apps' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(hasElement(await page(), 'script, style, [style]')).toBe(false);
  });
});

it('the API rejects unknown parameters', async () => {
  const { status } = await apiCaller(server, undefined).call('GET', '/public/apps?state=suspended');
  expect(status).toBe(400);
});
