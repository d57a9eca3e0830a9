import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getDeveloperApp, pngImage, putLogo, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import { setAppState } from '../../support/apps/apps.ts';
import { hasElement } from '../../support/browser/html.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
});
afterAll(() => server.close());

const page = async ({ client_id, redirect_uri }: { client_id: string; redirect_uri: string }) =>
  (await new PatientBrowser(server.app).authorize({ response_type: 'code', client_id, redirect_uri })).body;

describe('the logo of an app', () => {
  it('is part of the registration if it is chosen right after it: it is displayed immediately, at a URL that changes with it', async () => {
    const app = await registerDraft(dev);
    expect(await page(app)).not.toContain('/app-logos/');
    const { status, body } = await putLogo(dev, app.clientId, pngImage(64, 64));
    expect({ status, waits: body.waits, applied: body.applied, versions: body.app.versions.length }).toEqual({
      status: 200,
      waits: [],
      applied: ['logo'],
      versions: 1,
    });
    expect(body.app.open.logo).toContain('/versions/1/logo');
    const { logo } = await getDeveloperApp(dev, app.clientId);
    expect(hasElement(await page(app), `img[src="${logo}"][alt=""]`)).toBe(true);
    const shown = await server.app.inject({ url: logo ?? '' });
    expect({
      status: shown.statusCode,
      contentType: shown.headers['content-type'],
      cacheControl: shown.headers['cache-control'],
    }).toEqual({ status: 200, contentType: 'image/png', cacheControl: 'public, max-age=31536000, immutable' });
    expect(shown.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    });
    expect(shown.rawPayload.equals(pngImage(64, 64))).toBe(true);
    const stale = await server.app.inject({ url: `/app-logos/${app.clientId}?v=other` });
    expect(stale.headers['cache-control']).toBe('public, max-age=60');
  });

  it('is a new version if it is chosen later', async () => {
    const app = await registerDraft(dev);
    server.clock.advance(3 * 60_000);
    const { body } = await putLogo(dev, app.clientId, pngImage(32, 32));
    expect(body.app.versions.map(({ state }: { state: string }) => state)).toEqual(['waiting', 'replaced']);
  });

  it('of a live app needs review when it is replaced, and not when it is removed', async () => {
    const app = await registerDraft(dev);
    await putLogo(dev, app.clientId, pngImage(10, 10));
    await setAppState(server, app as never, 'active');
    const before = (await getDeveloperApp(dev, app.clientId)).logo;
    await server.db.queryText("update app_version set state = 'approved' where client_id = $1", [app.clientId]);

    const other = await putLogo(dev, app.clientId, pngImage(20, 20));
    expect({ waits: other.body.waits, applied: other.body.applied, logo: other.body.app.logo }).toEqual({
      waits: ['logo'],
      applied: [],
      logo: before,
    });
    const { open } = await getDeveloperApp(dev, app.clientId);
    expect(open?.waits).toEqual(['logo']);
    const pending = await dev.call('GET', (open?.logo ?? '').replace(/^\/api/, ''));
    expect(pending.headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
    // Other changes are added to the pending version.
    const named = await submitVersion(dev, app.clientId, { name: 'With a new name' });
    expect(named.body.app.open.waits).toEqual(['name', 'logo']);

    const removed = await dev.call('DELETE', `/developer/apps/${app.clientId}/logo`);
    expect({ applied: removed.body.applied, logo: removed.body.app.logo }).toEqual({ applied: ['logo'], logo: null });
    expect(removed.body.app.open.waits).toEqual(['name']);
    expect((await server.app.inject({ url: before ?? '' })).statusCode).toBe(404);
  });

  it.each<[string, Buffer, string, number]>([
    [
      'an SVG labelled as another type',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
      'image/png',
      400,
    ],
    ['an SVG', Buffer.from('<svg/>'), 'image/svg+xml', 415],
    ['an HTML page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'image/jpeg', 400],
    ['an empty image', Buffer.alloc(0), 'image/png', 400],
    ['a decompression bomb', pngImage(60_000, 60_000), 'image/png', 400],
    ['a large file', pngImage(10, 10, Buffer.alloc(250_000)), 'image/png', 400],
    ['a larger file', pngImage(10, 10, Buffer.alloc(300_000)), 'image/png', 413],
    ['JSON', Buffer.from('{"picture":1}'), 'application/json', 415],
  ])('%s is rejected, and nothing is stored', async (_what, bytes, type, status) => {
    const app = await registerDraft(dev);
    const answer = await putLogo(dev, app.clientId, bytes, type);
    expect(answer.status).toBe(status);
    expect((await getDeveloperApp(dev, app.clientId)).logo).toBeNull();
  });

  it('an image that is also a valid HTML page is served only as an image', async () => {
    const app = await registerDraft(dev);
    const both = pngImage(10, 10, Buffer.from('<html><script>alert(1)</script>'));
    expect((await putLogo(dev, app.clientId, both)).status).toBe(200);
    const { headers } = await server.app.inject({ url: (await getDeveloperApp(dev, app.clientId)).logo ?? '' });
    expect({ contentType: headers['content-type'], xContentTypeOptions: headers['x-content-type-options'] }).toEqual({
      contentType: 'image/png',
      xContentTypeOptions: 'nosniff',
    });
  });

  it('an image that is sent to another route is not accepted as its body', async () => {
    const { clientId } = await registerDraft(dev);
    const answer = await dev.call('POST', `/developer/apps/${clientId}/secrets`, pngImage(), {
      'content-type': 'image/png',
    });
    expect(answer.status).toBe(415);
  });

  it.each(['/app-logos/none', '/app-logos/%00', `/app-logos/${'x'.repeat(299)}`, '/app-logos/a%27--'])(
    'there is none at %s',
    async (url) => {
      expect((await server.app.inject({ url })).statusCode).toBe(404);
    },
  );
});
