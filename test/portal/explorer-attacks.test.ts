import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes } from '../../src/kernel/index.ts';
import { administrator } from '../support/desk.ts';
import { EXPLORER } from '../support/explorer.ts';
import { encodeForm, FORM, PatientBrowser } from '../support/patient.ts';
import { apiCaller, type Developer, developer } from '../support/portal.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let browser: PatientBrowser;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
/** A developer has gone to sign in as a test patient, at a computer that others use too. */
beforeEach(async () => {
  dev = await developer(server);
  browser = new PatientBrowser(server.app);
  browser.keepCookie('session', dev.session);
  await change('leave');
});

const NAMES = ['session', 'browser', 'known', 'waiting'];
const cookies = (): string =>
  NAMES.map((name) => [name, browser.cookie(name) ?? ''])
    .filter(([, value]) => value !== '')
    .map((pair) => pair.join('='))
    .join('; ');

async function send(method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}, payload?: string) {
  const cookie = cookies();
  const sent = cookie === '' ? headers : { cookie, ...headers };
  const answer = await server.app.inject({ method, url, headers: sent, ...(payload === undefined ? {} : { payload }) });
  for (const { name, value } of answer.cookies) browser.keepCookie(name, value);
  return answer;
}
const csrf = async (): Promise<string> => (await send('GET', '/api/session')).json().csrf;
const change = async (what: 'leave' | 'return') =>
  send('POST', `/api/developer/explorer/${what}`, { 'x-csrf-token': await csrf() });
const signOut = async () => send('POST', '/sign-out', FORM, encodeForm({ csrf: await csrf() }));
const whoIs = async (): Promise<string | undefined> => (await send('GET', '/api/session')).json().person?.name;
/** Signs in as the test patient, as the explorer asks for it. */
const asTestPatient = () =>
  browser.authorize({ response_type: 'code', ...EXPLORER.client(server), ...EXPLORER.ask({ prompt: 'login' }) });
/** Somebody else signs in at this computer, with an account of their own. */
const signInAs = (session: string): void => browser.keepCookie('session', session);
const isGood = async (session: string): Promise<boolean> =>
  (await apiCaller(server, session).call('GET', '/session')).body.person !== null;

describe('a session that was put aside', () => {
  it('is over when its browser signs out: nobody brings it back afterwards', async () => {
    await asTestPatient();
    await signOut();
    expect(browser.cookie('waiting') ?? '').toBe('');
    expect(await isGood(dev.session)).toBe(false);
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await whoIs()).toBeUndefined();
  });

  it('is over too when somebody signs out who had not signed in as a test patient yet', async () => {
    await signOut();
    expect(await isGood(dev.session)).toBe(false);
  });

  it('can’t be ended by another site', async () => {
    const answer = await send('POST', '/sign-out', FORM, encodeForm({ csrf: 'guessed' }));
    expect(answer.statusCode).toBe(403);
    expect(await isGood(dev.session)).toBe(true);
  });

  it('does not come back to somebody who signed in with an account of their own: it is over, they stay', async () => {
    const { browser: other } = await administrator(server, 'Ada Min');
    signInAs(other.cookie('session') ?? '');
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await whoIs()).toBe('Ada Min');
    expect(await isGood(dev.session)).toBe(false);
  });

  it('gives its place to that of the next person, and is over', async () => {
    const { browser: other } = await administrator(server, 'Ada Min');
    signInAs(other.cookie('session') ?? '');
    await change('leave');
    await asTestPatient();
    expect((await change('return')).json()).toEqual({ returned: true });
    expect(await whoIs()).toBe('Ada Min');
    expect(await isGood(dev.session)).toBe(false);
  });

  it('is forgotten when the browser is closed, as a session is', async () => {
    const other = await developer(server);
    const { body } = await apiCaller(server, other.session).call('GET', '/session');
    const headers = { cookie: `session=${other.session}`, 'x-csrf-token': body.csrf };
    const left = await server.app.inject({ method: 'POST', url: '/api/developer/explorer/leave', headers });
    const kept = left.cookies.find(({ name }) => name === 'waiting');
    expect(kept).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(kept).not.toHaveProperty('maxAge');
    expect(kept).not.toHaveProperty('expires');
  });

  it('waits 20 minutes by the server’s clock, though a page asks for it all the time', async () => {
    for (let asked = 0; asked < 3; asked += 1) {
      server.clock.advance(minutes(7));
      await send('GET', '/api/developer/explorer');
    }
    expect((await send('GET', '/api/developer/explorer')).json().waiting).toBe(false);
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await whoIs()).toBeUndefined();
  });
});

it('somebody who signs in after nobody went aside is themselves again afterwards', async () => {
  browser = new PatientBrowser(server.app);
  await change('leave');
  signInAs((await developer(server, { name: 'Late Comer' })).session);
  await change('leave');
  await asTestPatient();
  await change('return');
  expect(await whoIs()).toBe('Late Comer');
});
