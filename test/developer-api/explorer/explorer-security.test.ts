import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes } from '../../../src/kernel/index.ts';
import { EXPLORER_APP } from '../../support/apps/explorer.ts';
import { apiCaller, type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { encodeForm, FORM, PatientBrowser } from '../../support/people/patient.ts';
import { signInAdministrator } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let browser: PatientBrowser;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
/** A developer has started to sign in as a test patient, on a shared computer. */
beforeEach(async () => {
  dev = await signInDeveloper(server);
  browser = new PatientBrowser(server.app);
  browser.setCookie('session', dev.session);
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
  for (const { name, value } of answer.cookies) browser.setCookie(name, value);
  return answer;
}
const csrf = async (): Promise<string> => (await send('GET', '/api/session')).json().csrf;
const change = async (what: 'leave' | 'return') =>
  send('POST', `/api/developer/explorer/${what}`, { 'x-csrf-token': await csrf() });
const signOut = async () => send('POST', '/sign-out', FORM, encodeForm({ csrf: await csrf() }));
const signedInPerson = async (): Promise<string | undefined> => (await send('GET', '/api/session')).json().person?.name;
/** Signs in as the test patient, as the explorer requests it. */
const asTestPatient = () =>
  browser.authorize({
    response_type: 'code',
    ...EXPLORER_APP.client(server),
    ...EXPLORER_APP.ask({ prompt: 'login' }),
  });
/** Another person signs in on this computer with their own account. */
const signInAs = (session: string): void => browser.setCookie('session', session);
const isActive = async (session: string): Promise<boolean> =>
  (await apiCaller(server, session).call('GET', '/session')).body.person !== null;

describe('a suspended developer session', () => {
  it('ends when its browser signs out, and cannot be restored', async () => {
    await asTestPatient();
    await signOut();
    expect(browser.cookie('waiting') ?? '').toBe('');
    expect(await isActive(dev.session)).toBe(false);
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await signedInPerson()).toBeUndefined();
  });

  it('ends when its browser signs out before the test patient’s sign-in', async () => {
    await signOut();
    expect(await isActive(dev.session)).toBe(false);
  });

  it('cannot be ended by another site', async () => {
    const answer = await send('POST', '/sign-out', FORM, encodeForm({ csrf: 'guessed' }));
    expect(answer.statusCode).toBe(403);
    expect(await isActive(dev.session)).toBe(true);
  });

  it('is not restored for someone who signed in with their own account: it ends, and they stay signed in', async () => {
    const { browser: other } = await signInAdministrator(server, 'Ada Min');
    signInAs(other.cookie('session') ?? '');
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await signedInPerson()).toBe('Ada Min');
    expect(await isActive(dev.session)).toBe(false);
  });

  it('ends when the next person suspends their own session', async () => {
    const { browser: other } = await signInAdministrator(server, 'Ada Min');
    signInAs(other.cookie('session') ?? '');
    await change('leave');
    await asTestPatient();
    expect((await change('return')).json()).toEqual({ returned: true });
    expect(await signedInPerson()).toBe('Ada Min');
    expect(await isActive(dev.session)).toBe(false);
  });

  it('is forgotten when the browser is closed, like any session', async () => {
    const other = await signInDeveloper(server);
    const { body } = await apiCaller(server, other.session).call('GET', '/session');
    const headers = { cookie: `session=${other.session}`, 'x-csrf-token': body.csrf };
    const left = await server.app.inject({ method: 'POST', url: '/api/developer/explorer/leave', headers });
    const waitingCookie = left.cookies.find(({ name }) => name === 'waiting');
    expect(waitingCookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(waitingCookie).not.toHaveProperty('maxAge');
    expect(waitingCookie).not.toHaveProperty('expires');
  });

  it('lasts 20 minutes by the server’s clock, even if a page polls for it all the time', async () => {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      server.clock.advance(minutes(7));
      await send('GET', '/api/developer/explorer');
    }
    expect((await send('GET', '/api/developer/explorer')).json().waiting).toBe(false);
    expect((await change('return')).json()).toEqual({ returned: false });
    expect(await signedInPerson()).toBeUndefined();
  });
});

it('that never existed changes nothing for someone who signs in afterwards', async () => {
  browser = new PatientBrowser(server.app);
  await change('leave');
  signInAs((await signInDeveloper(server, { name: 'Late Comer' })).session);
  await change('leave');
  await asTestPatient();
  await change('return');
  expect(await signedInPerson()).toBe('Late Comer');
});
