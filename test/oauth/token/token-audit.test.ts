import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src/app.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { unrecordedTokens } from '../../support/apps/token-audit.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import {
  authorizationCode,
  connectApp,
  encodeForm,
  type Fields,
  FORM,
  OAUTH,
  PatientBrowser,
} from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
/**
 * Holds the lock, while the connections of the server wait for it. Within a transaction, pg_stat_activity doesn't
 * change after it is first read, so yet another connection watches.
 */
let other: pg.Client;
let watcher: pg.Client;
let app: TestApp & { client_secret: string };
beforeAll(async () => {
  server = await startServer({ TRUSTED_JWKS_HOSTS: '127.0.0.1' });
  app = await addApp(server);
  other = new pg.Client({ connectionString: server.databaseUrl });
  watcher = new pg.Client({ connectionString: server.databaseUrl });
  await Promise.all([other.connect(), watcher.connect()]);
});
afterAll(async () => {
  await Promise.all([other.end(), watcher.end()]);
  await server.close();
});

const SECOND = 1000;
const credentials = () => ({ client_id: app.client_id, client_secret: app.client_secret });
const post = (fields: Fields, at = server.app) =>
  at.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload: encodeForm(fields) });
const refresh = (refresh_token = '', at = server.app, changes: Fields = {}) =>
  post({ grant_type: 'refresh_token', refresh_token, ...credentials(), ...changes }, at);

async function newCode(): Promise<string> {
  const browser = new PatientBrowser(server.app);
  const { client_id, redirect_uri } = app;
  return authorizationCode(
    await browser.submitConsent(await browser.authorize({ response_type: 'code', client_id, redirect_uri })),
  );
}

/** Makes writes to the audit log fail during the work, as if the disk were full. */
async function withoutRoomForAudit<Result>(work: () => Promise<Result>): Promise<Result> {
  await other.query(`create function no_room() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`);
  await other.query('create trigger no_room before insert on audit_event for each row execute function no_room()');
  try {
    return await work();
  } finally {
    await other.query('drop trigger no_room on audit_event');
    await other.query('drop function no_room()');
  }
}

/** Locks the audit log until `meanwhile` is done. Expects that the work waits for the lock. */
async function withAuditLocked<Result>(work: () => Promise<Result>, meanwhile: () => Promise<void>): Promise<Result> {
  await other.query('begin; lock table audit_event in access exclusive mode');
  try {
    const result = work();
    await until(async () => (await waitingForLock()).length > 0);
    await meanwhile();
    await other.query('commit');
    return await result;
  } finally {
    await other.query('rollback');
  }
}
const waitingForLock = async () => (await watcher.query(WAITING_FOR_LOCK)).rows;
const cutConnections = async () => {
  for (const { pid } of await waitingForLock()) await other.query('select pg_terminate_backend($1::int)', [pid]);
};

/** Form fields with which a backend app authenticates. */
async function assertionOf({ client_id }: TestApp, key?: GenerateKeyPairResult['privateKey']): Promise<Fields> {
  const privateKey = key ?? (await generateKeyPair('ES384')).privateKey;
  const assertion = new SignJWT({ iss: client_id, sub: client_id, jti: crypto.randomUUID() })
    .setAudience(`http://localhost:8080${OAUTH}/token`)
    .setProtectedHeader({ alg: 'ES384', kid: 'one', typ: 'JWT' })
    .setExpirationTime(Math.floor(server.clock.now().getTime() / 1000) + 240);
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion.sign(privateKey),
  };
}

async function backendApp() {
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES384', use: 'sig' }] };
  const practiceIds = [1 as PracticeId];
  const scope = 'system/*.rs';
  const added = await addApp(server, { kind: 'backend', auth: 'private_key_jwt', jwks, practiceIds, scope });
  return async (): Promise<Fields> => ({
    grant_type: 'client_credentials',
    scope,
    ...(await assertionOf(added, privateKey)),
  });
}

describe('a token and its audit row are one transaction', () => {
  it('a refresh that cannot be recorded rotates nothing: the same token works when it is sent again, however late', async () => {
    const first = await connectApp(server.app, app);
    const failed = await withoutRoomForAudit(() => refresh(first.refresh_token));
    expect({ status: failed.statusCode, error: failed.json().error }).toEqual({
      status: 503,
      error: 'temporarily_unavailable',
    });
    expect(failed.headers['retry-after']).toBeDefined();
    server.clock.advance(600 * SECOND);
    const again = await refresh(first.refresh_token);
    expect(again.statusCode).toBe(200);
    expect((await refresh(again.json().refresh_token)).statusCode).toBe(200);
    expect(await unrecordedTokens(server.db)).toBe(0);
  });

  it('a code that cannot be recorded stays unused', async () => {
    const fields = { grant_type: 'authorization_code', code: await newCode(), ...app };
    expect((await withoutRoomForAudit(() => post(fields))).statusCode).toBe(503);
    expect((await post(fields)).statusCode).toBe(200);
    expect(await unrecordedTokens(server.db)).toBe(0);
  });

  it('a backend app gets no token that cannot be recorded', async () => {
    const fieldsOf = await backendApp();
    const count = async () => (await other.query("select from token where kind = 'access'")).rowCount;
    const before = await count();
    const failed = await withoutRoomForAudit(async () => post(await fieldsOf()));
    expect({ status: failed.statusCode, count: await count() }).toEqual({ status: 503, count: before });
    expect((await post(await fieldsOf())).statusCode).toBe(200);
    expect(await unrecordedTokens(server.db)).toBe(0);
  });

  it('a refresh that is cut off while it waits for its audit row has rotated nothing', async () => {
    const first = await connectApp(server.app, app);
    const cut = await withAuditLocked(() => refresh(first.refresh_token), cutConnections);
    expect(cut.statusCode).toBe(503);
    server.clock.advance(600 * SECOND);
    expect((await refresh(first.refresh_token)).statusCode).toBe(200);
    expect(await unrecordedTokens(server.db)).toBe(0);
  });

  it('a client that retries meanwhile gets the successor from either request, however long the wait was', async () => {
    const first = await connectApp(server.app, app);
    const lost = await withAuditLocked(
      () => refresh(first.refresh_token),
      async () => server.clock.advance(20 * SECOND),
    );
    const [one, two] = [lost, await refresh(first.refresh_token)].map((answer) => answer.json());
    expect(two.refresh_token).toBe(one.refresh_token);
    expect(await unrecordedTokens(server.db)).toBe(0);
  });
});

describe('a response that was lost because the server was killed', () => {
  const restarted = async () => {
    const { app: next } = await createApp(server.config, server.db, { clock: server.clock, logTo: { write() {} } });
    onTestFinished(() => next.close());
    return next;
  };

  it('is repeated by the next server, for a minute', async () => {
    const first = await connectApp(server.app, app);
    const lost = (await refresh(first.refresh_token)).json();
    server.clock.advance(30 * SECOND);
    const next = await restarted();
    server.clock.advance(30 * SECOND);
    const again = await refresh(first.refresh_token, next);
    expect({ status: again.statusCode, refresh_token: again.json().refresh_token }).toEqual({
      status: 200,
      refresh_token: lost.refresh_token,
    });
    server.clock.advance(31 * SECOND);
    const late = await refresh(first.refresh_token, next);
    expect({ status: late.statusCode, error: late.json().error }).toEqual({ status: 400, error: 'invalid_grant' });
  });

  it('is not repeated once its refresh token was used: that is reuse (RFC 9700 §4.14.2)', async () => {
    const first = await connectApp(server.app, app);
    const second = (await refresh(first.refresh_token)).json();
    await refresh(second.refresh_token);
    server.clock.advance(15 * SECOND);
    const next = await restarted();
    expect((await refresh(first.refresh_token, next)).json().error).toBe('invalid_grant');
  });

  it('does not include a request that waits long for the key set of its app', async () => {
    const first = await connectApp(server.app, app);
    await refresh(first.refresh_token);
    const keys = createServer((_request, response) => {
      server.clock.advance(11 * SECOND);
      response.end('{"keys":[]}');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void keys.close());
    await once(keys, 'listening');
    const jwksUri = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks`;
    const slow = await addApp(server, { auth: 'private_key_jwt', jwksUri });
    const startedAt = server.clock.now();
    expect(
      (await post({ ...(await assertionOf(slow)), grant_type: 'refresh_token', refresh_token: 'x' })).statusCode,
    ).toBe(401);
    expect(server.clock.now().getTime() - startedAt.getTime()).toBeGreaterThan(10 * SECOND);
    expect((await refresh(first.refresh_token)).json().error).toBe('invalid_grant');
  });

  it('does not include exchanges after the restart', async () => {
    const next = await restarted();
    server.clock.advance(SECOND);
    const first = await connectApp(server.app, app);
    await refresh(first.refresh_token);
    server.clock.advance(11 * SECOND);
    expect((await refresh(first.refresh_token, next)).json().error).toBe('invalid_grant');
  });
});

describe('a refresh that is repeated within its retry window', () => {
  const repeatedly = async (times: number, changes: (i: number) => Fields = () => ({})) => {
    const first = await connectApp(server.app, app);
    const answers = await Promise.all(
      Array.from({ length: times }, (_, i) => refresh(first.refresh_token, server.app, changes(i))),
    );
    return answers.map((answer) => ({ status: answer.statusCode, ...answer.json() }));
  };

  it('yields at most five access tokens, always with the one refresh token', async () => {
    const answers = await repeatedly(20);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(new Set(answers.map(({ access_token }) => access_token)).size).toBeLessThanOrEqual(5);
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    const family = answers[0]?.access_token.split('.')[0];
    const { rowCount } = await other.query(
      "select from token where family_id = $1 and kind = 'access' and issued_at > (select min(used_at) from token where family_id = $1 and kind = 'refresh') - interval '1 ms'",
      [family],
    );
    expect(rowCount).toBeLessThanOrEqual(5);
    expect((await refresh(answers[0]?.refresh_token)).statusCode).toBe(200);
  });

  it('with different scopes yields no more tokens, and revokes nothing', async () => {
    const scope = (i: number): Fields => ({ scope: `patient/${i % 2 ? 'Condition' : 'Observation'}.rs` });
    const answers = await repeatedly(20, scope);
    const issued = answers.filter(({ status }) => status === 200);
    expect(new Set(issued.map(({ access_token }) => access_token)).size).toBeLessThanOrEqual(5);
    const rejected = answers.filter(({ status }) => status !== 200);
    expect(rejected.length).toBeGreaterThan(0);
    for (const { status, error, error_description } of rejected)
      expect({ status, error, error_description }).toEqual({
        status: 400,
        error: 'invalid_grant',
        error_description: expect.stringMatching(/too often/),
      });
    expect((await refresh(issued[0]?.refresh_token)).statusCode).toBe(200);
  });
});
