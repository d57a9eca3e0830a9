import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appDraft, getDeveloperApp, registerDraft } from '../support/apps/app-drafts.ts';
import { codeIn, hasElement } from '../support/browser/html.ts';
import { listEmailsTo } from '../support/people/account-security.ts';
import {
  type ApiCaller,
  apiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../support/people/developer-portal.ts';
import { connectApp, getFhir, R4 } from '../support/people/patient.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let ada: ApiCaller & { readonly session: string };
let clientId: string;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
  ada = await signInReviewer(server);
  ({ clientId } = await registerDraft(dev));
});
afterAll(() => server.close());

const tokenOf = async (who: ApiCaller): Promise<string> => (await who.call('GET', '/session')).body.csrf;

describe('a page of another site', () => {
  const JSON_TEXT = JSON.stringify({ name: 'Theirs' });

  it.each<[string, string, Record<string, string>, string]>([
    ['as a form', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=Theirs'],
    ['as text', 'POST', { 'content-type': 'text/plain' }, JSON_TEXT],
    ['as a file', 'POST', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['without a type', 'POST', {}, JSON_TEXT],
    ['with an invented token', 'POST', { 'content-type': 'application/json', 'x-csrf-token': 'x' }, JSON_TEXT],
    ['with two tokens', 'POST', { 'content-type': 'application/json', 'x-csrf-token': 'a,b' }, JSON_TEXT],
  ])('creates no secret: %s', async (_how, method, headers, payload) => {
    for (const path of [`/developer/apps/${clientId}/secrets`, `/developer/apps/${clientId}/retire`]) {
      const { statusCode } = await server.app.inject({
        method: method as 'POST',
        url: `/api${path}`,
        headers: { cookie: `session=${dev.session}`, origin: 'https://evil.example', ...headers },
        payload,
      });
      expect(statusCode, path).toBe(403);
    }
    expect((await getDeveloperApp(dev, clientId)).secrets).toHaveLength(1);
  });

  it('cannot turn a GET into a change by naming another method', async () => {
    for (const override of ['DELETE', 'POST', 'PATCH']) {
      const { statusCode } = await server.app.inject({
        method: 'GET',
        url: `/api/developer/apps/${clientId}?_method=${override}&method=${override}`,
        headers: {
          cookie: `session=${dev.session}`,
          'x-http-method-override': override,
          'x-http-method': override,
          'x-method-override': override,
        },
      });
      expect([200, 400]).toContain(statusCode);
    }
    expect((await getDeveloperApp(dev, clientId)).state).toBe('provisional');
  });

  it('cannot use the token of another session, of a developer or of an administrator', async () => {
    const theirs = await tokenOf(await signInDeveloper(server));
    const mine = await tokenOf(dev);
    for (const [session, token] of [
      [dev.session, theirs],
      [ada.session, mine],
    ] as const) {
      const { statusCode } = await server.app.inject({
        method: 'POST',
        url: `/api/review/apps/${clientId}/suspend`,
        headers: { cookie: `session=${session}`, 'x-csrf-token': token, 'content-type': 'application/json' },
        payload: '{}',
      });
      expect(statusCode).toBe(403);
    }
  });

  it('cannot read the API: CORS allows no other origin', async () => {
    const paths = ['/session', '/developer/apps', '/public/apps', '/public/status', '/openapi.json'];
    for (const path of paths) {
      const { headers } = await server.app.inject({
        url: `/api${path}`,
        headers: { cookie: `session=${dev.session}`, origin: 'https://evil.example' },
      });
      expect(headers['access-control-allow-credentials'], path).toBeUndefined();
      if (!path.startsWith('/public')) expect(headers['access-control-allow-origin'], path).toBeUndefined();
      if (!path.startsWith('/public') && path !== '/openapi.json')
        expect(headers['cache-control'], path).toEqual(expect.stringContaining('no-store'));
    }
  });
});

describe('a malformed body', () => {
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const bodies: readonly [string, string][] = [
    ['nested deeply', nested],
    [
      'an object nested deeply',
      `{"name":${nested},"draft":${nested},"email":${nested},"version":${nested},"role":${nested}}`,
    ],
    ['a prototype', '{"__proto__":{"role":"administrator"},"name":"x"}'],
    ['a constructor', '{"constructor":{"prototype":{"role":"administrator"}},"name":"x"}'],
    ['a number without end', `{"version":1e999,"days":${'9'.repeat(5000)},"name":"x"}`],
    ['half a letter', '{"name":"\\ud800","email":"\\udfff@x.example","text":"\\ud800","content":"\\ud800"}'],
    [
      'a NUL',
      '{"name":"\\u0000","email":"\\u0000@x.example","text":"\\u0000","content":"\\u0000","question":"\\u0000"}',
    ],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['twice', '{"name":"x","name":{"a":1}}'],
  ];

  it('is rejected at each route, and never causes a server error', async () => {
    const { paths } = (await apiCaller(server, undefined).call('GET', '/openapi.json')).body;
    const routes = Object.entries(paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter((method) => ['post', 'put', 'patch'].includes(method))
        .map((method) => [method.toUpperCase(), path.replace(/^\/api/, '')] as const),
    );
    expect(routes.length).toBeGreaterThan(25);
    const broken: string[] = [];
    for (const [method, path] of routes) {
      const filled = path
        .replace('{clientId}', clientId)
        .replace('{organisationId}', dev.organisationId)
        .replaceAll(/\{[A-Za-z]+\}/g, '00000000-0000-4000-8000-000000000000');
      const who = path.startsWith('/review') ? ada : dev;
      // Some routes take no body, so a malformed body isn't an error there.
      if (/explorer|retire|leave|withdraw|resume|rotate|keys|session/.test(path)) continue;
      for (const [what, body] of bodies) {
        const { status } = await who.call(method as 'POST', filled, body, { 'content-type': 'application/json' });
        if (status >= 500) broken.push(`${method} ${path} ${what}: ${status}`);
      }
    }
    expect(broken).toEqual([]);
    expect(({} as Record<string, unknown>)['role']).toBeUndefined();
  }, 120_000);

  it('malformed queries cause no server error either', async () => {
    const queries = [
      '?a[]=1',
      '?limit=1&limit=2',
      '?before[x]=1',
      '?organisation=%00',
      '?__proto__[x]=1',
      '?days=1e9',
      '?from=-1',
      '?limit=-1',
      `?before=${'9'.repeat(13)}_00000000-0000-4000-8000-000000000000`,
      '?outcome=%ED%A0%80',
      '?%00=1',
      '?state=%00',
      '?q=%00',
      '?page=0',
      '?from=2026-02-30',
    ];
    const paths = [
      `/developer/apps`,
      `/developer/apps/${clientId}/log`,
      `/developer/apps/${clientId}/log.csv`,
      `/developer/apps/${clientId}/usage`,
      '/review/apps',
      '/review/audit',
      '/review/audit.csv',
      '/review/organisations',
      '/public/apps',
      '/public/status',
    ];
    const broken: string[] = [];
    for (const path of paths) {
      for (const query of queries) {
        const { status } = await (path.startsWith('/review') ? ada : dev).call('GET', `${path}${query}`);
        if (status >= 500) broken.push(`${path}${query}: ${status}`);
      }
    }
    for (const path of ['/apps', '/brands', '/status', '/docs', '/docs/search', '/app-logos/x']) {
      for (const query of queries) {
        const { statusCode } = await server.app.inject({ url: `${path}${query}` });
        if (statusCode >= 500) broken.push(`${path}${query}: ${statusCode}`);
      }
    }
    expect(broken).toEqual([]);
  });
});

describe('data of another organization', () => {
  it('is in no response, whatever cursor, parameter or name is sent', async () => {
    const other = await signInDeveloper(server);
    const theirs = await registerDraft(other, { name: 'Their Secret Plan' });
    const token = await connectApp(server.app, theirs);
    await getFhir(server.app, `${R4}/Patient`, token.access_token);
    const path = (id: string) => `/developer/apps/${id}/log`;
    await until(async () => (await other.call('GET', path(theirs.clientId))).body.items.length > 0);
    const [row] = (await other.call('GET', path(theirs.clientId))).body.items;
    const cursor = `${new Date(row.at).getTime() + 1}_ffffffff-ffff-ffff-ffff-ffffffffffff`;
    expect((await dev.call('GET', `${path(clientId)}?before=${cursor}`)).body.items).toEqual([]);
    for (const name of ['clientId', 'client_id', 'app', 'organisationId'])
      expect((await dev.call('GET', `${path(clientId)}?${name}=${theirs.clientId}`)).status).toBe(400);
    for (const part of ['log', 'log.csv', 'usage', 'environment', 'history', 'versions/1/logo'])
      expect((await dev.call('GET', `/developer/apps/${theirs.clientId}/${part}`)).status).toBe(404);
    const preview = { draft: appDraft(), language: 'en' };
    expect((await dev.call('POST', '/developer/preview', { ...preview, clientId: theirs.clientId })).status).toBe(404);
    const request = { ...preview, organisationId: other.organisationId };
    expect((await dev.call('POST', '/developer/preview', request)).status).toBe(404);
    const text = JSON.stringify((await dev.call('GET', '/developer/apps')).body);
    expect(text).not.toContain('Their Secret Plan');
  });

  it('has no invitation, request or secret that another organization’s administrator can end by id', async () => {
    const other = await signInDeveloper(server);
    const path = (at: Developer) => `/developer/organisations/${at.organisationId}`;
    const invitation = await other.call('POST', `${path(other)}/invitations`, {
      email: 'guest@theirs.example',
      role: 'reader',
    });
    expect((await dev.call('DELETE', `${path(dev)}/invitations/${invitation.body.invitationId}`)).status).toBe(404);
    expect((await dev.call('DELETE', `${path(dev)}/members/${other.accountId}`)).status).toBe(404);
    expect((await dev.call('PATCH', `${path(dev)}/members/${other.accountId}`, { role: 'reader' })).status).toBe(404);
    const app = await registerDraft(other);
    const secretId = (await getDeveloperApp(other, app.clientId)).secrets[0]?.secretId;
    expect((await dev.call('DELETE', `/developer/apps/${clientId}/secrets/${secretId}`)).status).toBe(404);
    expect((await getDeveloperApp(other, app.clientId)).secrets).toHaveLength(1);
    expect((await other.call('GET', path(other))).body.invitations).toHaveLength(1);
  });
});

describe('deceptive text', () => {
  const MARKUP = '"><script>window.pwned=1</script><img src=x onerror=1>';

  it('is displayed as text in each page and email', async () => {
    const boss = await signInDeveloper(server, { name: 'Bo</title><script>window.pwned=1</script>' });
    const at = `/developer/organisations/${boss.organisationId}`;
    const named = await boss.call('PATCH', at, { name: MARKUP });
    expect(named.status).toBe(200);
    const app = await registerDraft(boss, {
      name: MARKUP,
      description: MARKUP,
      listed: true,
      website: 'https://a.example/"><script>',
    });
    await server.db.queryText("update app set state = 'active' where client_id = $1", [app.clientId]);
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: app.client_id,
      redirect_uri: app.redirect_uri,
    });
    const marked = encodeURIComponent(MARKUP);
    const pages = [
      '/apps',
      `/apps?q=${marked}`,
      `/brands?q=${marked}`,
      `/docs/search?q=${marked}`,
      `/nge/prod/patient-oauth/authorize?${query}`,
      `/developer/sign-up/${marked}`,
      `/nge/prod/fhir-api/index.html?url=${marked}`,
    ];
    for (const url of pages) {
      const { body } = await server.app.inject({ url });
      expect(codeIn(body), url).toEqual([]);
      expect(hasElement(body, 'img[src=x]'), url).toBe(false);
    }
    const preview = await boss.call('POST', '/developer/preview', {
      draft: app.app.terms,
      language: 'en',
      clientId: app.clientId,
    });
    expect(codeIn(preview.body.html)).toEqual([]);
    expect(hasElement(preview.body.html, 'img[src=x]')).toBe(false);
    await boss.call('POST', `${at}/invitations`, { email: 'guest@marked.example', role: 'reader' });
    const [mail] = await listEmailsTo(server, 'guest@marked.example');
    expect(mail?.subject).not.toMatch(/[\r\n]/);
  });

  it.each([
    ['a line break', 'Acme\r\nBcc: all@evil.example'],
    ['a direction override', 'Acme \u202egro.live'],
    ['invisible characters', 'Ac\u200bme'],
    ['a soft hyphen', 'Ac\u00adme'],
    ['tags', 'Acme\u{e0041}\u{e0042}'],
    ['only blanks', '\u3164\u2800'],
    ['stacked accents', `A${'\u0301'.repeat(40)}`],
    ['formatting characters', 'Acme\u2066x\u2069'],
  ])('is rejected as the name of an organization: %s', async (what, name) => {
    const path = `/developer/organisations/${dev.organisationId}`;
    const { status } = await dev.call('PATCH', path, { name });
    // The server replaces a line break in a name by a space.
    if (what === 'a line break') expect((await dev.call('GET', path)).body.name).not.toMatch(/[\r\n]/);
    else expect(status).toBe(400);
  });

  it('is never a formula in a file for spreadsheets', async () => {
    const boss = await signInDeveloper(server);
    const app = await registerDraft(boss, { name: '=HYPERLINK("https://evil.example","Click")' });
    await boss.call('POST', `/developer/apps/${app.clientId}/secrets`, { name: '=cmd|calc!A0' });
    const { body } = await ada.call<string>('GET', '/review/audit.csv');
    const cells = body.split(/\r\n/).flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/));
    expect(cells.some((cell) => cell.includes('HYPERLINK'))).toBe(true);
    expect(cells.filter((cell) => /^"?[=+\-@\t\r]/.test(cell))).toEqual([]);
  });
});
