import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/kernel/index.ts';
import { findAppLogo } from '../../src/registry/index.ts';
import { handIn, png, putLogo, register } from '../support/drafts.ts';
import { type ApiCaller, type Developer, developer, reviewer } from '../support/portal.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Two pictures whose SHA-256 begin with the same 48 bits: half a minute of trying finds such a pair. */
const [shown, twin] = ['9ae3297a8aac', '3678c8b97948'].map((end) => png(64, 64, Buffer.from(end, 'hex'))) as [
  Buffer,
  Buffer,
];

let server: TestServer;
let ada: ApiCaller & { readonly session: string };
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  ada = await reviewer(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  dev = await developer(server);
});

const review = async (clientId: string) => (await ada.call('GET', `/review/apps/${clientId}`)).body;
const approve = async (
  clientId: string,
  seen: { app: { open: { version: number }; openLogoVersion: string | null } },
) =>
  ada.call('POST', `/review/apps/${clientId}/approve`, {
    version: seen.app.open.version,
    logoVersion: seen.app.openLogoVersion,
  });

it('the pictures are two, and look like one to whoever compares 48 bits', () => {
  expect(shown.equals(twin)).toBe(false);
  expect(sha256(shown).toString('hex', 0, 6)).toBe(sha256(twin).toString('hex', 0, 6));
});

it('a picture that takes the place of the one that was looked at is not approved', async () => {
  const { clientId } = await register(dev);
  await putLogo(dev, clientId, shown);
  const seen = await review(clientId);
  await putLogo(dev, clientId, twin);
  const { status, body } = await approve(clientId, seen);
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' });
});

it('another picture of an app that works is told among what would change', async () => {
  const { clientId } = await register(dev);
  await putLogo(dev, clientId, shown);
  expect((await approve(clientId, await review(clientId))).status).toBe(200);
  await handIn(dev, clientId, { name: 'Pillbox Two' });
  await putLogo(dev, clientId, twin);
  const seen = await review(clientId);
  expect(seen.differences.map(({ field }: { field: string }) => field)).toContain('logo');
  expect((await findAppLogo(server.db, clientId))?.bytes.equals(shown)).toBe(true);
});

describe('the picture of an app that people can’t be asked for any more', () => {
  const get = (url: string, session?: string) =>
    server.app.inject({ url, headers: session === undefined ? {} : { cookie: `session=${session}` } });

  it.each(['rejected', 'suspended', 'retired'])('is for its developers and for administrators: %s', async (state) => {
    const { clientId } = await register(dev);
    await putLogo(dev, clientId, shown);
    const { logo } = (await dev.call('GET', `/developer/apps/${clientId}`)).body;
    expect((await get(logo)).headers['cache-control']).toContain('public');
    await server.db.queryText('update app set state = $2 where client_id = $1', [clientId, state]);
    expect((await get(logo)).statusCode).toBe(404);
    expect((await get(logo.replace(/\?.*/, ''))).statusCode).toBe(404);
    for (const session of [dev.session, ada.session]) {
      const { statusCode, headers } = await get(logo, session);
      expect({ statusCode, cacheControl: headers['cache-control'] }).toEqual({
        statusCode: 200,
        cacheControl: 'private, no-store',
      });
    }
    expect((await get(logo, (await developer(server)).session)).statusCode).toBe(404);
    await server.db.queryText("update app set state = 'active' where client_id = $1", [clientId]);
    expect((await get(logo)).statusCode).toBe(200);
  });
});
