import { describe, expect, it } from 'vitest';
import { addApp } from '../support/apps/apps.ts';
import { attributesOf, hasElement, textsOf } from '../support/browser/html.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { PatientBrowser, type TestUser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

/** Runs a test on a server without apps. */
async function withServer(settings: Record<string, string>, run: (server: TestServer) => Promise<void>): Promise<void> {
  const server = await startServer(settings);
  try {
    await server.db.queryText('delete from app', []);
    await run(server);
  } finally {
    await server.close();
  }
}

const BOTH = ['/sandbox/apps', '/demo'];

async function openGallery(server: TestServer, user?: TestUser | 'shared account') {
  const browser = new PatientBrowser(server.app);
  if (user !== undefined) await browser.signIn('/sign-in', user === 'shared account' ? undefined : user);
  return browser.get('/apps');
}
const linksFor = async (server: TestServer, user?: TestUser | 'shared account') =>
  attributesOf(await openGallery(server, user), '.empty-state a', 'href');

describe('the gallery without apps', () => {
  it('leads visitors and shared accounts to the example apps and the demo app, until an app is listed', () =>
    withServer({}, async (server) => {
      expect(await linksFor(server)).toEqual(BOTH);
      expect(await linksFor(server, 'shared account')).toEqual(BOTH);
      const page = await openGallery(server);
      expect(textsOf(page, '.empty-state a')).toEqual(['See example apps', 'Try the demo app']);
      await addApp(server, { name: 'Diary', listed: true });
      expect(hasElement(await openGallery(server), '.empty-state')).toBe(false);
    }));

  it('never leads a live patient to the sandbox, signed in or not', () =>
    withServer({}, async (server) => {
      const person = await addLivePatient(server);
      expect(await linksFor(server, person)).toEqual([]);
      expect(await linksFor(server)).toEqual([]);
      expect(await linksFor(server, 'shared account')).toEqual(BOTH);
    }));

  it.each([
    ['without a demo app', { PROVISIONAL_APPS: 'inactive' }, ['/sandbox/apps']],
    ['without a sandbox', { SANDBOX: 'off' }, []],
  ])('links only to what a server has: %s', (_what, settings, expected) =>
    withServer(settings, async (server) => expect(await linksFor(server)).toEqual(expected)),
  );
});
