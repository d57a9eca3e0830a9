import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DSTU2, OAUTH, R4 } from '../../test/support/people/patient.ts';
import { startServer, type TestServer } from '../../test/support/servers/server.ts';
import { smartStylePath } from '../web-pages/index.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox' });
});
afterAll(() => server.close());

const ORIGIN = { origin: 'https://app.example' };
const ALIAS = '/nge/prod/patientoauth';
type Method = 'GET' | 'HEAD' | 'PUT' | 'PATCH' | 'DELETE' | 'POST';

describe('RFC 9110 §15.5.6: a method that an endpoint does not allow', () => {
  it.each<[Method, string, string]>([
    ['GET', `${OAUTH}/token`, 'POST'],
    ['GET', `${OAUTH}/token?grant_type=refresh_token&client_secret=x`, 'POST'],
    ['GET', `${OAUTH}/token/revoke`, 'POST'],
    ['GET', `${OAUTH}/introspect`, 'POST'],
    ['GET', `${OAUTH}/par`, 'POST'],
    ['GET', `${OAUTH}/register`, 'POST'],
    ['GET', `${ALIAS}/Token/`, 'POST'],
    ['PUT', `${OAUTH}/token`, 'POST'],
    ['PATCH', `${OAUTH}/par`, 'POST'],
    ['DELETE', `${OAUTH}/introspect`, 'POST'],
    ['POST', `${OAUTH}/.well-known/jwks.json`, 'GET, HEAD'],
    ['DELETE', `${OAUTH}/.well-known/openid-configuration`, 'GET, HEAD'],
    ['POST', `${OAUTH}/register/some-app`, 'GET, HEAD, PUT, DELETE'],
  ])('%s %s is answered with the allowed methods', async (method, url, allow) => {
    const response = await server.app.inject({ method, url, headers: ORIGIN });
    expect({ status: response.statusCode, allow: response.headers['allow'] }).toEqual({ status: 405, allow });
    expect(response.json()).toEqual({
      error: 'invalid_request',
      error_description: `This endpoint accepts ${allow}, not ${method}.`,
      request_id: response.headers['x-request-id'],
    });
    expect(response.headers['access-control-allow-origin']).toBe('*');
    expect(response.headers['cache-control']).toBe('no-store');
  });
  it.each([
    [`${R4.replace('fhir-api', 'FHIR-api')}/x/y/z`, 'resourceType'],
    [`${DSTU2}//x/y/z`.toUpperCase(), 'resourceType'],
    [`${OAUTH.replace('/nge', '/NGE')}/nothing`, 'error'],
  ])('an unknown path is answered in the error format of its surface, regardless of case: %s', async (url, member) => {
    const response = await server.app.inject({ url, headers: ORIGIN });
    expect({ status: response.statusCode, isMember: member in response.json() }).toEqual({
      status: 404,
      isMember: true,
    });
    expect(response.headers['access-control-allow-origin']).toBe('*');
  });
  it('includes HEAD', async () => {
    const response = await server.app.inject({ method: 'HEAD', url: `${OAUTH}/token` });
    expect({ status: response.statusCode, allow: response.headers['allow'], body: response.body }).toEqual({
      status: 405,
      allow: 'POST',
      body: '',
    });
  });
  it('is rejected whatever the content type of the body is', async () => {
    const headers = { 'content-type': 'image/png' };
    const response = await server.app.inject({ method: 'PUT', url: `${OAUTH}/token`, headers, payload: 'x' });
    expect(response.statusCode).toBe(405);
  });
  it('does not affect the allowed methods', async () => {
    for (const [method, url, status] of [
      ['GET', `${OAUTH}/userinfo`, 401],
      ['POST', `${OAUTH}/userinfo`, 401],
      ['HEAD', `${OAUTH}/.well-known/jwks.json`, 200],
      ['GET', `${OAUTH}/.well-known/jwks.json`, 200],
      ['DELETE', `${OAUTH}/register/some-app`, 401],
    ] as const) {
      expect((await server.app.inject({ method, url })).statusCode, url).toEqual(status);
    }
  });
  it('does not turn 404 into 405 at unknown paths', async () => {
    for (const method of ['GET', 'POST', 'PUT'] as const) {
      const response = await server.app.inject({ method, url: `${OAUTH}/nowhere` });
      expect({ status: response.statusCode, error: response.json().error }).toEqual({
        status: 404,
        error: 'invalid_request',
      });
    }
  });
});

describe('Fetch §3.2: a preflight is answered wherever browser apps read', () => {
  it.each([
    `/.well-known/oauth-authorization-server${OAUTH}`,
    `/.well-known/openid-configuration${OAUTH}`,
    smartStylePath,
    `${OAUTH}/.well-known/smart-configuration`,
    `${OAUTH}/token`,
    `${R4}/.well-known/smart-configuration`,
    `${R4}/Patient`,
    `${DSTU2}/metadata`,
  ])('%s', async (url) => {
    const headers = {
      ...ORIGIN,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'accept',
    };
    const response = await server.app.inject({ method: 'OPTIONS', url, headers });
    expect({ status: response.statusCode, body: response.body }).toEqual({ status: 204, body: '' });
    expect(response.headers['access-control-allow-origin']).toBe('*');
    expect(response.headers['access-control-allow-methods']).toContain('GET');
    expect(response.headers['access-control-allow-headers']).toContain('accept');
    const read = await server.app.inject({ url, headers: ORIGIN });
    expect(read.headers['access-control-allow-origin']).toBe('*');
  });
  it.each([
    `${R4}/Observation/_search`,
    `${DSTU2}/Observation/_search`,
    `${R4}/Patient/$everything`,
    `${R4}/Patient/0000000a-0000-4000-8000-000000000000/$SUMMARY/`,
    `${R4}/DocumentReference/$docref`,
    `${R4}/ValueSet/$expand`,
  ])('%s accepts a preflight for POST, and the response is readable across origins', async (url) => {
    const requestHeaders = ['authorization', 'content-type', 'dpop', 'prefer'];
    const headers = {
      ...ORIGIN,
      'access-control-request-method': 'POST',
      'access-control-request-headers': requestHeaders.join(','),
    };
    const { statusCode, headers: responseHeaders } = await server.app.inject({ method: 'OPTIONS', url, headers });
    expect({ statusCode, accessControlAllowOrigin: responseHeaders['access-control-allow-origin'] }).toEqual({
      statusCode: 204,
      accessControlAllowOrigin: '*',
    });
    expect(responseHeaders['access-control-allow-methods']).toContain('POST');
    for (const name of requestHeaders) expect(responseHeaders['access-control-allow-headers']).toContain(name);
    const posted = await server.app.inject({
      method: 'POST',
      url,
      headers: { ...ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
      payload: '_count=1',
    });
    expect({
      status: posted.statusCode,
      accessControlAllowOrigin: posted.headers['access-control-allow-origin'],
    }).toEqual({ status: 401, accessControlAllowOrigin: '*' });
    expect(posted.headers['access-control-expose-headers']).toContain('x-request-id');
  });
  it.each(['/', '/sign-in', '/nowhere'])('no preflight is answered at a page: %s', async (url) => {
    const headers = { ...ORIGIN, 'access-control-request-method': 'POST' };
    const response = await server.app.inject({ method: 'OPTIONS', url, headers });
    expect({
      status: response.statusCode,
      accessControlAllowMethods: response.headers['access-control-allow-methods'],
    }).toEqual({ status: 404, accessControlAllowMethods: undefined });
    expect(response.headers['content-type']).toContain('text/html');
  });
});
