import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { listAppLog } from '../../../src/apps/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { encodeForm, type Fields, FORM, OAUTH } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

const MINUTE = 60_000;

let server: TestServer | undefined;
let app: TestApp & { client_secret: string };
beforeEach(async () => {
  server ??= await startServer({ TRUST_PROXY: 'loopback' });
  app = await addApp(server);
  running().clock.advance(10 * MINUTE - (running().clock.now().getTime() % MINUTE));
  await running().runMaintenance();
  await running().db.queryText('delete from audit_event', []);
});
afterAll(() => running().close());
function running(): TestServer {
  if (server === undefined) throw new Error('not started');
  return server;
}

const post = (path: string, fields: Fields, from = '203.0.113.7', headers: Record<string, string> = {}) =>
  running().app.inject({
    method: 'POST',
    url: `${OAUTH}${path}`,
    headers: { ...FORM, 'x-forwarded-for': from, ...headers },
    payload: encodeForm(fields),
  });
const guess = (from?: string, headers?: Record<string, string>) =>
  post('/token', { grant_type: 'refresh_token', refresh_token: 'x', ...app, client_secret: 'guessed' }, from, headers);

interface Failure {
  readonly kind: string;
  readonly client_id: string | null;
  readonly detail: {
    readonly problem: string;
    readonly network: string;
    readonly more?: number;
    readonly since?: string;
  };
}
const failures = () =>
  running().db.queryText<Failure>(
    "select kind, client_id, detail from audit_event where outcome = 'failure' order by at, detail ? 'more'",
    [],
  );
async function times(count: number, work: () => Promise<{ readonly statusCode: number }>): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i += 1) statuses.push((await work()).statusCode);
  return statuses;
}

describe('failed requests of unauthenticated senders', () => {
  it('are counted in the audit log by minute, network, client and reason: the first immediately, the others after the minute', async () => {
    await times(50, () => guess());
    await times(20, () => guess('198.51.100.9'));
    await times(10, () => post('/token/revoke', { token: 'x', client_id: 'nobody' }));
    const first = await failures();
    expect(first.map(({ kind, client_id, detail }) => [kind, client_id, detail])).toEqual([
      ['token', app.client_id, { problem: 'invalid_client', network: '203.0.113.7' }],
      ['token', app.client_id, { problem: 'invalid_client', network: '198.51.100.9' }],
      ['revocation', null, { problem: 'invalid_client', network: '203.0.113.7' }],
    ]);
    await running().runMaintenance();
    expect(await failures()).toEqual(first);
    running().clock.advance(MINUTE);
    await running().runMaintenance();
    const counted = (await failures()).filter(({ detail }) => detail.more !== undefined);
    expect(counted.map(({ detail }) => detail.more).sort()).toEqual([19, 49, 9].sort());
    expect(counted.every(({ detail }) => /:00\.000Z$/.test(detail.since ?? ''))).toBe(true);
    await running().runMaintenance();
    expect(await failures()).toHaveLength(6);
  });

  it('with an invalid DPoP proof are counted in the same way', async () => {
    const open = await addApp(running(), { auth: 'none' });
    const fields = { grant_type: 'refresh_token', refresh_token: 'x', client_id: open.client_id };
    await times(30, () => post('/token', fields, '203.0.113.7', { dpop: 'a.b.c' }));
    expect(await failures()).toMatchObject([{ client_id: open.client_id, detail: { problem: 'invalid_dpop_proof' } }]);
  });

  it('from too many networks to distinguish are counted together', async () => {
    await times(1010, () =>
      guess(
        `10.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}`,
      ),
    );
    const found = await failures();
    expect(found.length).toBeLessThanOrEqual(1001);
    expect(found.at(-1)?.detail.network).toBe('others');
  });

  it('are limited for each network, without affecting other networks or authenticated apps of that network', async () => {
    const statuses = await times(610, () => guess());
    expect(statuses.slice(0, 600)).toEqual(Array(600).fill(401));
    expect(statuses.slice(600)).toEqual(Array(10).fill(429));
    const limited = await guess();
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
    const proved = await post('/token', { grant_type: 'refresh_token', refresh_token: 'x', ...app });
    expect({ status: proved.statusCode, error: proved.json().error }).toEqual({ status: 400, error: 'invalid_grant' });
    expect((await failures()).at(-1)).toMatchObject({ client_id: app.client_id, detail: { problem: 'invalid_grant' } });
    expect((await guess('198.51.100.9')).statusCode).toBe(401);
    running().clock.advance(MINUTE);
    expect((await guess()).statusCode).toBe(401);
    await running().runMaintenance();
    expect((await failures()).length).toBeLessThanOrEqual(7);
  });

  it('are written, if still counted in memory, when the server stops', async () => {
    const own = await startServer();
    const { app: stopping, db } = own;
    const payload = encodeForm({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'nobody' });
    for (let i = 0; i < 5; i += 1)
      await stopping.inject({ method: 'POST', url: `${OAUTH}/token`, headers: FORM, payload });
    await stopping.close();
    const rows = await db.queryText<Failure>("select detail from audit_event where outcome = 'failure'", []);
    expect(rows.map(({ detail }) => detail.more ?? 1).sort()).toEqual([1, 4]);
    await own.close();
  });

  it('are listed one by one in the developer’s log of the app', async () => {
    await times(5, () => guess());
    await running().purgeExpired();
    const logged = await listAppLog(running().db, app.client_id, { limit: 100 });
    expect(logged).toHaveLength(5);
  });
});
