import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiCaller,
  apiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../support/people/developer-portal.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { signInStaff } from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** Routes that need no session. */
const OPEN = /^\/api\/(session$|public\/|openapi\.json$|developer\/(test-patients|explorer)(\/|$))/;

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path below `/api`. Its parameters are ids of another organization. */
  readonly path: string;
  readonly name: string;
}

let server: TestServer;
let owner: Developer;
let routes: readonly Route[];
beforeAll(async () => {
  server = await startServer();
  owner = await signInDeveloper(server);
  await server.db.queryText(
    `insert into app (client_id, name, state, auth, apis, scope, redirect_uris, created_at, organisation_id)
     values ('an-app-of-another', 'Another', 'provisional', 'none', '{r4}', 'openid', '{https://a.example/cb}', $1, $2)`,
    [server.clock.now(), owner.organisationId],
  );
  const { body } = await apiCaller(server, undefined).call('GET', '/openapi.json');
  routes = Object.entries(body.paths as Record<string, object>)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => routeOf(method.toUpperCase(), path)))
    .filter(({ name }) => !OPEN.test(name.split(' ')[1] ?? ''));
});
afterAll(() => server.close());

function routeOf(method: string, path: string): Route {
  const filled = path
    .replace('{clientId}', 'an-app-of-another')
    .replace('{organisationId}', owner.organisationId)
    .replaceAll(/\{[A-Za-z]+\}/g, '00000000-0000-4000-8000-000000000000');
  return { method: method as Route['method'], path: filled.replace(/^\/api/, ''), name: `${method} ${path}` };
}

/** Responses to malformed requests. A caller without permission must not learn which format is expected. */
async function rejections(caller: ApiCaller, of: (route: Route) => boolean = () => true) {
  const found: [string, number, string][] = [];
  for (const { method, path, name } of routes.filter(of)) {
    const body = method === 'GET' || method === 'DELETE' ? undefined : {};
    const answer = await caller.call(method, path, body);
    found.push([name, answer.status, answer.body?.code ?? '']);
  }
  return found;
}

it('the API describes the routes of developers and of administrators', () => {
  const names = routes.map(({ name }) => name);
  expect(names).toContain('GET /api/review/audit');
  expect(routes.length).toBeGreaterThan(20);
});

describe('each route of the API rejects', () => {
  it('a request without a session', async () => {
    for (const [name, status] of await rejections(apiCaller(server, undefined)))
      expect({ name, isSignedOut: status === 401 }, String(status)).toEqual({ name, isSignedOut: true });
  });

  it('patients, and staff who are not administrators', async () => {
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in?return_to=/');
    const staff = await signInStaff(server, ['administrator', 'privacy-officer']);
    for (const browser of [patient, staff.browser]) {
      for (const [name, status] of await rejections(apiCaller(server, browser.cookie('session'))))
        expect({ name, isForbidden: status === 403 }, String(status)).toEqual({ name, isForbidden: true });
    }
  });

  it('developers of another organization, as if nothing existed', async () => {
    const other = await signInDeveloper(server);
    const ofOne = ({ path }: Route) => path.includes('an-app-of-another') || path.includes(owner.organisationId);
    for (const [name, status] of await rejections(other, ofOne)) {
      const expected = name.includes('/api/review/') ? [403] : [400, 404, 415];
      expect({ name, isExpected: expected.includes(status) }, String(status)).toEqual({ name, isExpected: true });
    }
  });

  it('developers on routes for administrators, and the reverse', async () => {
    for (const [name, status] of await rejections(await signInDeveloper(server), ({ name }) =>
      name.includes('/api/review'),
    ))
      expect({ name, isForbidden: status === 403 }, String(status)).toEqual({ name, isForbidden: true });
    for (const [name, status] of await rejections(await signInReviewer(server), ({ name }) =>
      name.includes('/api/developer'),
    ))
      expect({ name, isForbidden: status === 403 }, String(status)).toEqual({ name, isForbidden: true });
  });

  it('a change without the CSRF token of the pages', async () => {
    for (const { method, path, name } of routes.filter((route) => route.method !== 'GET')) {
      const headers = { cookie: `session=${owner.session}`, 'content-type': 'application/json' };
      const answer = await server.app.inject({ method, url: `/api${path}`, headers, payload: '{}' });
      expect({ status: answer.statusCode, code: answer.json().code }, name).toEqual({
        status: 403,
        code: 'form-expired',
      });
    }
  });
});

it('RFC 9457: with problem+json that has a code and the request id', async () => {
  for (const { method, path, name } of routes) {
    const answer = await server.app.inject({
      method,
      url: `/api${path}`,
      payload: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.headers['content-type'], name).toBe('application/problem+json; charset=utf-8');
    expect(answer.json().request_id).toBe(answer.headers['x-request-id']);
  }
});
