import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import {
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer();
  app = await addApp(server);
});
afterAll(() => server.close());

const refresh = (refresh_token = '') => {
  const { client_id, client_secret } = app;
  return requestToken(server.app, { grant_type: 'refresh_token', refresh_token, client_id, client_secret });
};
const works = async (token: string) => (await getFhir(server.app, `${R4}/Patient`, token)).statusCode === 200;

describe('RFC 7009: revocation', () => {
  const revoke = (fields: Fields) =>
    server.app.inject({ method: 'POST', url: `${OAUTH}/token/revoke`, headers: FORM, payload: encodeForm(fields) });
  it('of the refresh token revokes the family, immediately in this process', async () => {
    const token = await connectApp(server.app, app);
    expect(await works(token.access_token)).toBe(true);
    expect((await revoke({ token: token.refresh_token ?? '', ...app })).statusCode).toBe(200);
    expect(await works(token.access_token)).toBe(false);
    expect((await refresh(token.refresh_token)).error).toBe('invalid_grant');
  });
  it('of the access token revokes that token, immediately in this process', async () => {
    const token = await connectApp(server.app, app);
    const beside = await refresh(token.refresh_token);
    expect({ token: await works(token.access_token), beside: await works(beside.access_token) }).toEqual({
      token: true,
      beside: true,
    });
    expect((await revoke({ token: token.access_token, ...app })).statusCode).toBe(200);
    expect({ token: await works(token.access_token), beside: await works(beside.access_token) }).toEqual({
      token: false,
      beside: true,
    });
    const denial = await getFhir(server.app, `${R4}/Patient`, token.access_token);
    expect(denial.headers['www-authenticate']).toContain('The app revoked this access token.');
    expect((await refresh(beside.refresh_token)).status).toBe(200);
  });
  it('§2.2: of an unknown or foreign token gets 200 and does nothing', async () => {
    const other = await addApp(server);
    const token = await connectApp(server.app, app);
    expect((await revoke({ token: 'nonsense', ...app })).statusCode).toBe(200);
    expect((await revoke({ token: token.access_token, ...other })).statusCode).toBe(200);
    server.clock.advance(1001);
    expect(await works(token.access_token)).toBe(true);
  });
  it('returns an empty object, for clients that parse every response as JSON', async () => {
    const token = await connectApp(server.app, app);
    for (const text of [token.access_token, 'nonsense']) {
      const { headers, body } = await revoke({ token: text, ...app });
      expect({ contentType: headers['content-type'], body }).toEqual({
        contentType: 'application/json; charset=utf-8',
        body: '{}',
      });
    }
  });
  it('§2.1: requires an authenticated app', async () => {
    const token = await connectApp(server.app, app);
    expect(
      (await revoke({ token: token.access_token, client_id: app.client_id, client_secret: 'wrong' })).statusCode,
    ).toBe(401);
  });
});
