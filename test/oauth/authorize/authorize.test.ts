import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, CALLBACK, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { codeIn, hasElement } from '../../support/browser/html.ts';
import {
  authorizationCode,
  CHALLENGE,
  encodeForm,
  OAUTH,
  PatientBrowser,
  R4,
  redirectParameters,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp;
let publicApp: TestApp;
const ISSUER = `http://localhost:8080${OAUTH}`;

beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
  publicApp = await addApp(server, { auth: 'none' });
});
afterAll(() => server.close());

const base = (changes: Record<string, string> = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: app.redirect_uri,
  ...changes,
});
const ask = (query: Record<string, string>) =>
  new PatientBrowser(server.app).get(`${OAUTH}/authorize?${encodeForm(query)}`);
const allow = async (query: Record<string, string>, changes = {}) => {
  const browser = new PatientBrowser(server.app);
  return browser.submitConsent(await browser.authorize(query), changes);
};

describe('RFC 6749 §4.1.2.1: before client and redirect URI are verified the server never redirects', () => {
  it.each([
    ['no client_id', { response_type: 'code', redirect_uri: CALLBACK }],
    ['an unknown client', { response_type: 'code', client_id: 'nobody', redirect_uri: CALLBACK }],
  ])('a request with %s gets an error page', async (_, query) => {
    const response = await ask(query);
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
    expect(response.body).toContain('This server doesn’t recognize the app');
    expect(response.body).toContain(String(response.headers['x-request-id']));
  });

  it.each([
    ['missing', undefined],
    ['longer', `${CALLBACK}/more`],
    ['with an added query', `${CALLBACK}?x=1`],
    ['in a different case', CALLBACK.replace('app', 'APP')],
    ['elsewhere', 'https://evil.example/callback'],
    ['not a URL', 'javascript:alert(1)'],
  ])('RFC 9700 §2.1: a redirect URI that is %s gets an error page', async (_, redirect_uri) => {
    const { redirect_uri: _registered, ...query } = base();
    const response = await ask({ ...query, ...(redirect_uri === undefined ? {} : { redirect_uri }) });
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
    expect(codeIn(response)).toEqual([]);
  });

  it('a repeated redirect_uri or client_id gets an error page', async () => {
    for (const name of ['redirect_uri', 'client_id']) {
      const response = await new PatientBrowser(server.app).get(
        `${OAUTH}/authorize?${encodeForm(base())}&${name}=https://evil.example`,
      );
      expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
    }
  });

  it.each([
    ['active', 'suspended'],
    ['active', 'retired'],
    ['provisional', 'rejected'],
  ] as const)('an app that was %s and is now %s gets an error page', async (before, now) => {
    const stopped = await addApp(server, { state: before });
    await setAppState(server, stopped, now);
    const response = await ask(base({ client_id: stopped.client_id }));
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
    expect(response.body).toContain('can’t be used right now');
  });

  it('RFC 9700 §4.11.2: a self-registered app gets no redirect before the user signs in, except for prompt=none', async () => {
    const open = await startServer({ DYNAMIC_REGISTRATION: 'open' });
    const metadata = { client_name: 'Anybody', redirect_uris: [CALLBACK] };
    const registration = await open.app.inject({ method: 'POST', url: `${OAUTH}/register`, payload: metadata });
    const { client_id } = registration.json();
    const browser = new PatientBrowser(open.app);
    const wrong = `${OAUTH}/authorize?${encodeForm(base({ client_id, response_type: 'token' }))}`;
    const response = await browser.get(wrong);
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
    expect(response.body).toContain('Unsupported response_type');
    const silent = await browser.get(`${OAUTH}/authorize?${encodeForm(base({ client_id, prompt: 'none' }))}`);
    expect(redirectParameters(silent).get('error')).toBe('login_required');
    await browser.signIn('/sign-in');
    expect(redirectParameters(await browser.get(wrong)).get('error')).toBe('unsupported_response_type');
    await open.close();
  });

  it('a request that is too long to carry through sign-in gets an error page', async () => {
    const response = await new PatientBrowser(server.app).post(`${OAUTH}/authorize`, base({ state: 'x'.repeat(7000) }));
    expect({ status: response.status, location: response.location }).toEqual({ status: 414, location: undefined });
  });

  it('request values are displayed as text, never as markup', async () => {
    const response = await ask(base({ redirect_uri: '"><img src=x onerror=alert(1)>' }));
    expect(hasElement(response, 'img:not([src="/assets/icon.svg"])')).toBe(false);
  });
});

describe('RFC 6749 §4.1.2.1: after verification each error goes to the app, with state', () => {
  it.each([
    ['no response_type', { response_type: '' }, 'invalid_request'],
    ['response_type=token', { response_type: 'token' }, 'unsupported_response_type'],
    ['response_mode=fragment', { response_mode: 'fragment' }, 'invalid_request'],
    ['plain PKCE', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, 'invalid_request'],
    ['PKCE without code_challenge_method', { code_challenge: CHALLENGE }, 'invalid_request'],
    [
      'a code challenge of the wrong length',
      { code_challenge: 'abc', code_challenge_method: 'S256' },
      'invalid_request',
    ],
    ['code_challenge_method without a challenge', { code_challenge_method: 'S256' }, 'invalid_request'],
    ['an aud of another server', { aud: 'https://other.example/fhir' }, 'invalid_request'],
    ['only unknown scopes', { scope: 'nonsense' }, 'invalid_scope'],
    ['only unregistered scopes', { scope: 'user/Patient.rs' }, 'invalid_scope'],
    ['an excessively long scope', { scope: 'patient/Patient.rs '.repeat(200) }, 'invalid_scope'],
    ['only launch, without a launch context', { scope: 'launch' }, 'invalid_scope'],
    ['prompt=none', { prompt: 'none' }, 'login_required'],
  ])('%s', async (_, changes, error) => {
    const response = await ask(base({ ...changes, state: 'a b&c' }));
    expect(response.status).toBe(303);
    expect(response.location?.startsWith(`${CALLBACK}?`)).toBe(true);
    const answer = redirectParameters(response);
    expect({ error: answer.get('error'), state: answer.get('state'), hasIss: answer.has('iss') }).toEqual({
      error,
      state: 'a b&c',
      hasIss: false,
    });
    expect(answer.get('error_description')).toMatch(/^[\u0020-\u0021\u0023-\u005b\u005d-\u007e]{10,}$/);
  });

  it('scopes whose intersection with the registered scopes would be very large are rejected before it is computed', async () => {
    const granular = (name: string, count: number) =>
      Array.from({ length: count }, (_, i) => `patient/Observation.rs?${name}=${i}`).join(' ');
    const granularApp = await addApp(server, { scope: granular('code', 40) });
    const asking = (scope: string) => ask(base({ client_id: granularApp.client_id, scope }));
    const shown = redirectParameters(await asking(granular('status', 40)));
    expect({ error: shown.get('error'), errorDescription: shown.get('error_description') }).toEqual({
      error: 'invalid_scope',
      errorDescription: expect.stringContaining('more than 400'),
    });
    expect((await asking(granular('code', 40))).location).toMatch(/^\/sign-in\?/);
    expect((await asking(granular('status', 10))).location).toMatch(/^\/sign-in\?/);
  });

  it('RFC 6749 §3.1: a repeated parameter', async () => {
    const response = await new PatientBrowser(server.app).get(
      `${OAUTH}/authorize?${encodeForm(base())}&state=1&state=2`,
    );
    expect(redirectParameters(response).get('error')).toBe('invalid_request');
  });

  it('RFC 7636 §4.4.1: a public app without PKCE', async () => {
    const response = await ask(base({ client_id: publicApp.client_id }));
    expect(redirectParameters(response).get('error')).toBe('invalid_request');
    expect(redirectParameters(response).get('error_description')).toContain('PKCE');
  });

  it('a registered redirect URI with a query component retains it', async () => {
    const queried = await addApp(server, { redirectUris: ['https://app.example/cb?tenant=7'] });
    const response = await ask({
      ...base(),
      client_id: queried.client_id,
      redirect_uri: queried.redirect_uri,
      scope: 'x',
    });
    expect(redirectParameters(response).get('tenant')).toBe('7');
    expect(redirectParameters(response).get('error')).toBe('invalid_scope');
  });

  it('with PROVISIONAL_APPS=inactive a provisional app needs approval first', async () => {
    const strict = await startServer({ PROVISIONAL_APPS: 'inactive' });
    const provisional = await addApp(strict, { state: 'provisional' });
    const response = await new PatientBrowser(strict.app).get(
      `${OAUTH}/authorize?${encodeForm(base({ client_id: provisional.client_id }))}`,
    );
    expect(redirectParameters(response).get('error')).toBe('unauthorized_client');
    await strict.close();
  });
});

describe('concurrent decisions', () => {
  it('more decisions than database connections all succeed, in a month that has no audit partition yet', async () => {
    const busy = await startServer();
    busy.clock.advance(70 * 86_400_000);
    const many = await addApp(busy);
    const browser = new PatientBrowser(busy.app);
    const page = await browser.authorize(base({ client_id: many.client_id }));
    const shown = await Promise.all(Array.from({ length: 24 }, () => browser.submitConsent(page)));
    expect(shown.map(authorizationCode)).toHaveLength(24);
    await busy.close();
  });
});

describe('SMART App Launch 2.2 §2.1.5: aud', () => {
  it.each([
    'http://localhost:8080/nge/prod/fhir-api-r4/fhir/r4',
    'http://localhost:8080/nge/prod/fhir-api-r4/fhir/R4/',
    'http://localhost:8080/nge/prod/fhir-api/fhir/dstu2',
  ])('%s is accepted', async (aud) => {
    expect((await ask(base({ aud }))).location).toMatch(/^\/sign-in/);
  });
  it('of an API that the app has not added is rejected', async () => {
    const r4only = await addApp(server, { apis: ['r4'] });
    const response = await ask(
      base({ client_id: r4only.client_id, aud: 'http://localhost:8080/nge/prod/fhir-api/fhir/dstu2' }),
    );
    expect(response.location).toContain('error=invalid_request');
  });
});

describe('RFC 9207: iss in redirects, AUTHORIZATION_RESPONSE_ISS', () => {
  const metadata = async ({ app }: TestServer) => {
    const paths = [`${R4}/.well-known/smart-configuration`, `/.well-known/oauth-authorization-server${OAUTH}`];
    const documents = await Promise.all(paths.map(async (url) => (await app.inject({ url })).json()));
    return documents.map((document) => document.authorization_response_iss_parameter_supported);
  };
  /** Returns `iss` of three redirects: with a code, with an error before sign-in, and after the patient denied. */
  async function issuers(on: TestServer, { client_id, redirect_uri }: TestApp) {
    const request = { response_type: 'code', client_id, redirect_uri, state: 's' };
    const browser = new PatientBrowser(on.app);
    const early = await browser.authorize({ ...request, aud: 'https://other.example/fhir' });
    const page = await browser.authorize(request);
    const denied = await browser.submitConsent(page, { decision: 'deny' });
    return [await browser.submitConsent(page), early, denied].map((response) =>
      redirectParameters(response).getAll('iss'),
    );
  }

  it('are off by default: no response carries iss, and the metadata says so', async () => {
    expect(await issuers(server, app)).toEqual([[], [], []]);
    expect(await metadata(server)).toEqual([false, false]);
  });

  it('are in every response when turned on, and the metadata says so', async () => {
    const on = await startServer({ AUTHORIZATION_RESPONSE_ISS: 'on' });
    try {
      expect(await issuers(on, await addApp(on))).toEqual([[ISSUER], [ISSUER], [ISSUER]]);
      expect(await metadata(on)).toEqual([true, true]);
    } finally {
      await on.close();
    }
  });
});

describe('the authorization flow', () => {
  it('goes through sign-in and consent back to the app with code and state', async () => {
    const answer = redirectParameters(await allow(base({ state: 'xyz' })));
    expect([...answer.keys()]).toEqual(['code', 'state']);
    expect(answer.get('state')).toBe('xyz');
    expect(answer.get('code')).toMatch(/^[\w.-]{60,}$/);
  });

  it('returns no state when none was sent', async () => {
    expect(redirectParameters(await allow(base())).has('state')).toBe(false);
  });

  it('works by form POST (SMART authorize-post)', async () => {
    const browser = new PatientBrowser(server.app);
    const first = await browser.post(`${OAUTH}/authorize`, base({ state: 's' }));
    expect(first.status).toBe(303);
    const page = await browser.authorize(Object.fromEntries(new URLSearchParams(first.location?.split('?')[1])));
    expect(authorizationCode(await browser.submitConsent(page))).toBeTruthy();
  });

  it('works under the alternative path', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(base(), undefined, '/nge/prod/patientoauth');
    expect(authorizationCode(await browser.submitConsent(page))).toBeTruthy();
  });

  it('shows the consent page at every authorization, even to a patient who is signed in', async () => {
    const browser = new PatientBrowser(server.app);
    await browser.submitConsent(await browser.authorize(base()));
    const again = await browser.get(`${OAUTH}/authorize?${encodeForm(base())}`);
    expect({ status: again.status, hasDecision: again.body.includes('name="decision"') }).toEqual({
      status: 200,
      hasDecision: true,
    });
  });

  it('ends with access_denied when the patient denies', async () => {
    const answer = redirectParameters(await allow(base({ state: 's' }), { decision: 'deny' }));
    expect({ error: answer.get('error'), state: answer.get('state') }).toEqual({ error: 'access_denied', state: 's' });
  });

  it('rejects a decision whose form belongs to another browser (CSRF)', async () => {
    const victim = new PatientBrowser(server.app);
    await victim.authorize(base());
    const attacker = new PatientBrowser(server.app);
    const page = await attacker.authorize(base());
    const response = await victim.submitConsent(page);
    expect({ status: response.status, location: response.location }).toEqual({ status: 403, location: undefined });
  });

  it('validates the whole request again at the decision: a changed redirect URI gets an error page', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(base());
    const response = await browser.submitConsent(page, {
      request: encodeForm(base({ redirect_uri: 'https://evil.example/' })),
    });
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
  });

  it('asks for sign-in again when the session ended before the decision, and retains the whole request', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(base({ state: 'kept' }));
    server.clock.advance(31 * 60_000);
    const response = await browser.submitConsent(page);
    expect(response.location).toMatch(/^\/sign-in\?return_to=/);
    expect(decodeURIComponent(decodeURIComponent(response.location ?? ''))).toContain('state=kept');
  });

  it('is never cached or framed', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(base());
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('may run in a popup of the app: no opener policy separates the windows, and no CSP blocks the redirect', async () => {
    const page = await new PatientBrowser(server.app).authorize(base());
    expect(page.headers['cross-origin-opener-policy']).toBeUndefined();
    expect(page.headers['content-security-policy']).not.toContain('form-action');
  });
});

describe('a provisional app', () => {
  it('can access sandbox practices', async () => {
    const provisional = await addApp(server, { state: 'provisional' });
    expect(authorizationCode(await allow(base({ client_id: provisional.client_id })))).toBeTruthy();
  });
});

describe('RFC 8252 §7.3, §8.4: the loopback redirect of a native app', () => {
  const registered = 'http://127.0.0.1/callback';
  const native = async (redirect_uri: string) => {
    const app = await addApp(server, {
      auth: 'none',
      redirectUris: [registered, 'http://[::1]:7000/callback', 'com.example.app:/callback'],
    });
    const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' };
    return ask({ response_type: 'code', client_id: app.client_id, redirect_uri, ...pkce });
  };
  it.each([registered, 'http://127.0.0.1:51004/callback', 'http://[::1]:1/callback', 'com.example.app:/callback'])(
    '%s is accepted with any port',
    async (uri) => {
      expect((await native(uri)).location).toMatch(/^\/sign-in/);
    },
  );
  it.each([
    'http://127.0.0.1:51004/other',
    'http://127.0.0.1:51004/callback?x=1',
    'http://127.0.0.1:51004/callback/',
    'https://127.0.0.1:51004/callback',
    'http://localhost:51004/callback',
    'http://127.0.0.1:0/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.0.0.1:51004@evil.example/callback',
    'http://127.0.0.1.evil.example:51004/callback',
    'http://127.0.0.2:51004/callback',
    'com.example.app://callback',
  ])('%s gets an error page, never a redirect', async (uri) => {
    const response = await native(uri);
    expect({ status: response.status, location: response.location }).toEqual({ status: 400, location: undefined });
  });
});

describe('SMART App Launch 2.2 §2.1.5: an app registered to require aud', () => {
  it('is rejected without it, and accepted with it', async () => {
    const strict = await addApp(server, { requireAud: true });
    const query = { response_type: 'code', client_id: strict.client_id, redirect_uri: CALLBACK };
    expect(redirectParameters(await ask(query)).get('error')).toBe('invalid_request');
    expect((await ask({ ...query, aud: `http://localhost:8080${R4}/` })).location).toMatch(/^\/sign-in/);
  });
});
