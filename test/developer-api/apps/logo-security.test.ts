import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findAppLogo } from '../../../src/apps/index.ts';
import { sha256 } from '../../../src/kernel/index.ts';
import { pngImage, putLogo, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

/** Two images whose SHA-256 begin with the same 48 bits. Half a minute of search finds such a pair. */
const [shown, twin] = ['9ae3297a8aac', '3678c8b97948'].map((end) => pngImage(64, 64, Buffer.from(end, 'hex'))) as [
  Buffer,
  Buffer,
];

let server: TestServer;
let ada: ApiCaller & { readonly session: string };
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  ada = await signInReviewer(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  dev = await signInDeveloper(server);
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

it('the two images differ, and have the same first 48 bits', () => {
  expect(shown.equals(twin)).toBe(false);
  expect(sha256(shown).toString('hex', 0, 6)).toBe(sha256(twin).toString('hex', 0, 6));
});

it('a logo that replaced the reviewed one is not approved', async () => {
  const { clientId } = await registerDraft(dev);
  await putLogo(dev, clientId, shown);
  const seen = await review(clientId);
  await putLogo(dev, clientId, twin);
  const { status, body } = await approve(clientId, seen);
  expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' });
});

it('another logo of a live app is listed among the changes', async () => {
  const { clientId } = await registerDraft(dev);
  await putLogo(dev, clientId, shown);
  expect((await approve(clientId, await review(clientId))).status).toBe(200);
  await submitVersion(dev, clientId, { name: 'Pillbox Two' });
  await putLogo(dev, clientId, twin);
  const seen = await review(clientId);
  expect(seen.differences.map(({ field }: { field: string }) => field)).toContain('logo');
  expect((await findAppLogo(server.db, clientId))?.bytes.equals(shown)).toBe(true);
});

describe('the logo of an app that can no longer request access', () => {
  const get = (url: string, session?: string) =>
    server.app.inject({ url, headers: session === undefined ? {} : { cookie: `session=${session}` } });

  it.each(['rejected', 'suspended', 'retired'])(
    'is visible to its developers and to administrators: %s',
    async (state) => {
      const { clientId } = await registerDraft(dev);
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
      expect((await get(logo, (await signInDeveloper(server)).session)).statusCode).toBe(404);
      await server.db.queryText("update app set state = 'active' where client_id = $1", [clientId]);
      expect((await get(logo)).statusCode).toBe(200);
    },
  );
});
