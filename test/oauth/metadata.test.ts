import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { DSTU2, OAUTH, R4 } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
const get = async (url: string) =>
  (await server.app.inject({ url, headers: { origin: 'https://app.example' } })).json();
const ISSUER = `http://localhost:8080${OAUTH}`;

describe('discovery', () => {
  it('is the same at every URL: one issuer, one key set', async () => {
    const documents = await Promise.all([
      get(`${R4}/.well-known/smart-configuration`),
      get(`${DSTU2}/.well-known/smart-configuration`),
      get(`${R4}/.well-known/openid-configuration`),
      get(`${DSTU2}/.well-known/openid-configuration`),
      get(`${OAUTH}/.well-known/openid-configuration`),
      get(`/nge/prod/patientoauth/.well-known/openid-configuration`),
      get(`/.well-known/oauth-authorization-server${OAUTH}`),
      get(`/.well-known/openid-configuration${OAUTH}`),
      get(`${OAUTH}/.well-known/smart-configuration`),
    ]);
    for (const document of documents) {
      expect(document).toMatchObject({
        issuer: ISSUER,
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        revocation_endpoint: `${ISSUER}/token/revoke`,
        jwks_uri: `${ISSUER}/.well-known/jwks.json`,
        code_challenge_methods_supported: ['S256'],
      });
    }
  });

  it('publishes the keys also at the NextGen location, beside the R4 API', async () => {
    const beside = new URL('../.well-known/jwks.json', `http://localhost${R4}`).pathname;
    expect(beside).toBe('/nge/prod/fhir-api-r4/.well-known/jwks.json');
    const url = `${OAUTH}/.well-known/jwks.json`;
    const headers = { origin: 'https://app.example' };
    const [own, other] = await Promise.all([url, beside].map((one) => server.app.inject({ url: one, headers })));
    expect(other?.json()).toEqual(own?.json());
    expect(other?.json().keys.length).toBeGreaterThan(0);
    expect(other?.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': own?.headers['cache-control'],
    });
  });

  it('SMART App Launch 2.2 §7.2.2: has every required member and only true statements', async () => {
    const document = await get(`${R4}/.well-known/smart-configuration`);
    for (const name of [
      'issuer',
      'jwks_uri',
      'authorization_endpoint',
      'grant_types_supported',
      'token_endpoint',
      'capabilities',
      'code_challenge_methods_supported',
    ]) {
      expect(document).toHaveProperty(name);
    }
    expect(document.capabilities).toEqual(
      expect.arrayContaining([
        'launch-ehr',
        'launch-standalone',
        'authorize-post',
        'client-public',
        'client-confidential-symmetric',
        'client-confidential-asymmetric',
        'sso-openid-connect',
        'context-banner',
        'context-style',
        'context-ehr-patient',
        'context-ehr-encounter',
        'context-standalone-patient',
        'permission-offline',
        'permission-patient',
        'permission-user',
        'permission-v1',
        'permission-v2',
      ]),
    );
    expect(document).not.toHaveProperty('registration_endpoint');
    expect(document['token_endpoint_auth_signing_alg_values_supported']).toEqual(['RS384', 'ES384']);
  });

  it('RFC 8414 §2: lists how to authenticate at each endpoint; introspection accepts access tokens, and no client_id alone', async () => {
    const document = await get(`${R4}/.well-known/smart-configuration`);
    const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
    expect(document['token_endpoint_auth_methods_supported']).toEqual([...methods, 'none']);
    expect(document['revocation_endpoint_auth_methods_supported']).toEqual([...methods, 'none']);
    expect(document['introspection_endpoint_auth_methods_supported']).toEqual([...methods, 'Bearer', 'DPoP']);
  });

  it('lists only endpoints that respond', async () => {
    const document = await get(`${R4}/.well-known/smart-configuration`);
    const named = Object.entries<string>(document).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
    expect(named.length).toBeGreaterThan(6);
    for (const [name, url] of named) {
      const method = /^(authorization|userinfo|jwks|management)/.test(name) ? 'GET' : 'POST';
      const answer = await server.app.inject({ method, url: new URL(url).pathname });
      expect([name, answer.statusCode]).not.toEqual([name, 404]);
    }
  });

  it('RFC 7591 §3: lists the registration endpoint if apps may register themselves', async () => {
    const config = readConfig({ DYNAMIC_REGISTRATION: 'sandbox', LOG_LEVEL: 'silent' });
    const { app } = await createApp(config, server.db, { clock: server.clock, logTo: { write() {} } });
    const document = (await app.inject(`${OAUTH}/.well-known/oauth-authorization-server`)).json();
    expect(document.registration_endpoint).toBe(`${ISSUER}/register`);
    expect((await server.app.inject({ method: 'POST', url: `${OAUTH}/register` })).statusCode).toBe(404);
    await app.close();
  });

  it('lists the same endpoints in both conformance statements', async () => {
    for (const base of [R4, DSTU2]) {
      const text = JSON.stringify(await get(`${base}/metadata`));
      for (const url of [`${ISSUER}/authorize`, `${ISSUER}/token`, `${ISSUER}/token/revoke`])
        expect(text).toContain(url);
    }
  });

  it('can be read by an app in a browser', async () => {
    for (const url of [`${R4}/.well-known/smart-configuration`, `${R4}/metadata`, `${OAUTH}/.well-known/jwks.json`]) {
      const response = await server.app.inject({ url, headers: { origin: 'https://app.example' } });
      expect(response.headers['access-control-allow-origin']).toBe('*');
    }
  });
});

describe('unknown URLs', () => {
  it.each(['/nowhere', '/.env'])('%s gets an error page with the request id', async (url) => {
    const response = await server.app.inject(url);
    expect(response.statusCode).toBe(404);
    expect(response.headers['content-type']).toContain('text/html');
    expect(response.body).toContain(String(response.headers['x-request-id']));
  });
  it('below the issuer get JSON', async () => {
    const response = await server.app.inject(`${OAUTH}/nothing`);
    expect({ status: response.statusCode, error: response.json().error }).toEqual({
      status: 404,
      error: 'invalid_request',
    });
  });
});
