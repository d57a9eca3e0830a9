import type { FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { addApp, setAppState, type TestApp } from '../../support/apps/apps.ts';
import { createSigningKeys } from '../../support/apps/signing-keys.ts';
import {
  authorizationCode,
  type BrowserResponse,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  getFhir,
  OAUTH,
  PatientBrowser,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
/** A second server process on the same database. */
let other: FastifyInstance;
beforeAll(async () => {
  server = await startServer();
  ({ app: other } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } }));
});
afterAll(async () => {
  await other.close();
  await server.close();
});

const processes = () => [server.app, other];
const post = (process: FastifyInstance, path: string, fields: Fields, headers: Record<string, string> = {}) =>
  process.inject({
    method: 'POST',
    url: `${OAUTH}/${path}`,
    headers: { ...FORM, ...headers },
    payload: encodeForm(fields),
  });
const read = async (process: FastifyInstance, token: string) =>
  (await getFhir(process, `${R4}/Patient`, token)).statusCode;
const everywhere = <Done>(work: (process: FastifyInstance) => Promise<Done>) => Promise.all(processes().map(work));

describe('a suspended backend app', () => {
  async function backendApp() {
    const { signing, jwks } = await createSigningKeys('ES384');
    const app = await addApp(server, {
      kind: 'backend',
      auth: 'private_key_jwt',
      jwks,
      practiceIds: [1 as PracticeId],
      scope: 'system/*.rs',
    });
    const assertion = () =>
      new SignJWT({ iss: app.client_id, sub: app.client_id, jti: crypto.randomUUID() })
        .setAudience(`http://localhost:8080${OAUTH}/token`)
        .setProtectedHeader({ alg: 'ES384', kid: signing.kid, typ: 'JWT' })
        .setExpirationTime(Math.floor(server.clock.now().getTime() / 1000) + 240)
        .sign(signing.key);
    const fieldsOf = (text: string): Fields => ({
      grant_type: 'client_credentials',
      scope: 'system/*.rs',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: text,
    });
    return { ...app, assertion, fieldsOf };
  }

  it('gets no token for a valid assertion, even from a process that has just authenticated it', async () => {
    const app = await backendApp();
    const cached = await everywhere(async (process) => requestToken(process, app.fieldsOf(await app.assertion())));
    expect(cached.map(({ status }) => status)).toEqual([200, 200]);
    const assertions = await Promise.all(processes().map(() => app.assertion()));
    await setAppState(server, app, 'suspended');
    const after = await Promise.all(
      processes().map((process, at) => requestToken(process, app.fieldsOf(assertions[at] ?? ''))),
    );
    expect(after.map(({ status, error }) => [status, error])).toEqual([
      [400, 'unauthorized_client'],
      [400, 'unauthorized_client'],
    ]);
    const [{ tokens }] = (await server.db.queryText(
      `select count(*)::int as tokens from token t join token_family f using (family_id) join consent_grant g using (grant_id)
       where g.client_id = $1`,
      [app.client_id],
    )) as [{ tokens: number }];
    expect(tokens).toBe(2);
    server.clock.advance(1001);
    const [first] = cached;
    expect(await everywhere((process) => read(process, first?.access_token ?? ''))).toEqual([401, 401]);
    await setAppState(server, app, 'active');
    expect(await everywhere((process) => read(process, first?.access_token ?? ''))).toEqual([200, 200]);
  });
});

describe('a suspended patient app', () => {
  let app: TestApp & { client_secret: string };
  let asker: TestApp & { client_secret: string };
  let browser: PatientBrowser;
  let page: BrowserResponse;
  let code: string;
  let token: Awaited<ReturnType<typeof connectApp>>;
  let pushed: string;
  const credentials = () => ({ client_id: app.client_id, client_secret: app.client_secret });
  const authorizationQuery = () => ({
    response_type: 'code',
    client_id: app.client_id,
    redirect_uri: app.redirect_uri,
  });
  const byCode = () => ({
    ...credentials(),
    grant_type: 'authorization_code',
    code,
    redirect_uri: app.redirect_uri,
  });
  const byRefresh = () => ({
    ...credentials(),
    grant_type: 'refresh_token',
    refresh_token: token.refresh_token ?? '',
  });

  beforeEach(async () => {
    app = await addApp(server);
    asker = await addApp(server, { mayIntrospect: true });
    token = await connectApp(server.app, app);
    browser = new PatientBrowser(server.app);
    code = authorizationCode(await browser.submitConsent(await browser.authorize(authorizationQuery())));
    page = await browser.authorize(authorizationQuery());
    pushed = (await post(server.app, 'par', { ...authorizationQuery(), ...credentials() })).json().request_uri;
    // Every process authenticates the apps and checks the token, so that all of them have both in their caches.
    await everywhere((process) => read(process, token.access_token));
    await everywhere((process) => post(process, 'introspect', { ...credentials(), token: token.access_token }));
    await everywhere((process) => post(process, 'introspect', { ...asker, token: token.access_token } as never));
    await setAppState(server, app, 'suspended');
  });
  afterEach(() => server.clock.advance(2000));

  it('gets no new code or token, although every process has it cached as active', async () => {
    const answers = await everywhere(async (process) => [
      (await post(process, 'token', byCode())).statusCode,
      (await post(process, 'token', byRefresh())).statusCode,
      (await post(process, 'par', { ...authorizationQuery(), ...credentials() })).statusCode,
    ]);
    expect(answers).toEqual([
      [400, 400, 400],
      [400, 400, 400],
    ]);
    const decided = await browser.submitConsent(page);
    expect({ status: decided.status, location: decided.location }).toEqual({ status: 400, location: undefined });
    const again = await browser.get(
      `${OAUTH}/authorize?${encodeForm({ client_id: app.client_id, request_uri: pushed })}`,
    );
    expect({ status: again.status, location: again.location }).toEqual({ status: 400, location: undefined });
  });

  it('cannot read data within a second, and introspection reports its tokens as inactive to every caller', async () => {
    server.clock.advance(1001);
    expect(await everywhere((process) => read(process, token.access_token))).toEqual([401, 401]);
    const { access_token, refresh_token = '' } = token;
    for (const text of [access_token, refresh_token]) {
      const own = await everywhere(async (process) =>
        (await post(process, 'introspect', { ...credentials(), token: text })).json(),
      );
      expect(own).toEqual([
        expect.objectContaining({ error: 'unauthorized_client' }),
        expect.objectContaining({ error: 'unauthorized_client' }),
      ]);
      const bearer = { authorization: `Bearer ${access_token}` };
      expect(
        await everywhere(async (process) => (await post(process, 'introspect', { token: text }, bearer)).statusCode),
      ).toEqual([401, 401]);
      const { client_id, client_secret } = asker;
      const others = await everywhere(async (process) =>
        (await post(process, 'introspect', { client_id, client_secret, token: text })).json(),
      );
      expect(others).toEqual([{ active: false }, { active: false }]);
    }
    const userinfo = await everywhere((process) =>
      process.inject({ url: `${OAUTH}/userinfo`, headers: { authorization: `Bearer ${access_token}` } }),
    );
    expect(userinfo.map(({ statusCode }) => statusCode)).toEqual([401, 401]);
  });

  it('regains its earlier access when it is resumed, and nothing that it attempted while suspended', async () => {
    await everywhere((process) => post(process, 'token', byRefresh()));
    await everywhere((process) => post(process, 'token', byCode()));
    await browser.submitConsent(page);
    const count = async () =>
      (
        await server.db.queryText<{ codes: number }>(
          `select count(*)::int as codes from token t join token_family f using (family_id)
           join consent_grant g using (grant_id) where g.client_id = $1`,
          [app.client_id],
        )
      )[0]?.codes;
    // Four tokens: the first code with its two tokens, and the unused code.
    expect(await count()).toBe(4);
    await setAppState(server, app, 'active');
    expect(await everywhere((process) => read(process, token.access_token))).toEqual([200, 200]);
    // The rejected attempts don't count as reuse of the code and token, so nothing was revoked.
    expect((await requestToken(server.app, byRefresh())).status).toBe(200);
    expect((await requestToken(other, byCode())).status).toBe(200);
  });

  it('gets nothing, permanently, when it is retired instead', async () => {
    await setAppState(server, app, 'retired');
    server.clock.advance(1001);
    expect(await everywhere((process) => read(process, token.access_token))).toEqual([401, 401]);
    for (const fields of [byCode(), byRefresh()])
      expect((await requestToken(server.app, fields)).error).toBe('unauthorized_client');
    await expect(setAppState(server, app, 'active')).rejects.toThrow('can’t become'.replace('’', "'"));
  });
});
