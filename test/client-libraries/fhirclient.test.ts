import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { AppRegistration } from '../../src/apps/index.ts';
import { minutes } from '../../src/kernel/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { createSigningKeys } from '../support/apps/signing-keys.ts';
import { openPortal } from '../support/browser/portal-browser.ts';
import { DSTU2, R4, SANDBOX_PATIENT } from '../support/people/patient.ts';
import { SANDBOX_STAFF, startSandboxSession } from '../support/people/staff.ts';
import { fhirclientApp } from '../support/servers/fhirclient-app.ts';
import { type PageServer, servePages } from '../support/servers/page-server.ts';

const { files, startWith: beginWith, startSinglePageWith: onePageWith } = fhirclientApp();

let site: PageServer;
const portal = openPortal(async () => {
  site = await servePages(files);
}, {});
afterAll(() => site?.close());

/**
 * Opens a page in a browser with the server's clock.
 * @param who the user who is signed in at the server
 */
async function newPage(who?: { readonly username: string }): Promise<Page> {
  const session = who === undefined ? undefined : await startSandboxSession(portal.server, who);
  const page = await portal.newPage({ session, isDisposable: true });
  await page.context().clock.setSystemTime(portal.server.clock.now());
  return page;
}

const addSiteApp = (options: Partial<AppRegistration> = {}) =>
  addApp(portal.server, { auth: 'none', redirectUris: [`${site.origin}/app`], ...options });

async function signIn(on: Page, { username, password } = SANDBOX_PATIENT): Promise<void> {
  await on.getByLabel('Username').fill(username);
  await on.getByLabel('Password', { exact: true }).fill(password);
  await on.getByRole('button', { name: 'Sign in' }).click();
}

const allow = (on: Page) => on.getByRole('button', { name: 'Allow' }).click();

/** Returns the text of the app, which says that it is connected or why it isn't. */
const outcome = (on: Page) => on.locator('#app', { hasText: /./ }).textContent();
const connected = async (on: Page) => expect(await outcome(on)).toBe('Connected');

const SCOPE = 'launch/patient openid fhirUser offline_access patient/*.rs';

async function open(on: Page, settings: object): Promise<void> {
  beginWith({ scope: SCOPE, ...settings });
  await on.goto(`${site.origin}/launch`);
}

/** Evaluates an expression in the connected app, where `client` is the client object of the library. */
const run = <Result>(on: Page, expression: string): Promise<Result> => on.evaluate<Result>(expression);

describe.each([
  ['R4', R4, 'MedicationRequest'],
  ['DSTU2', DSTU2, 'MedicationOrder'],
])('fhirclient, standalone launch over %s', (_, path, medication) => {
  it('works as a public app: PKCE, the patient, the user, pages of a search, and automatic refresh', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const { client_id } = await addSiteApp();
    await open(on, { iss: `${portal.server.origin}${path}`, clientId: client_id });
    await allow(on);
    await connected(on);
    expect(await run(on, 'client.state.codeChallenge')).toMatch(/^[\w-]{43}$/);

    const patient = await run<{ resourceType: string; id: string }>(on, 'client.patient.read()');
    expect(patient).toMatchObject({ resourceType: 'Patient', id: await run(on, 'client.patient.id') });
    expect(await run(on, 'client.user.fhirUser')).toBe(`Patient/${patient.id}`);
    expect(await run(on, 'client.user.read().then(({ id }) => id)')).toBe(patient.id);

    const search = `client.request('Observation?_count=20&patient=' + client.patient.id`;
    const total = await run<number>(on, `${search}).then(({ total }) => total)`);
    expect(total).toBeGreaterThan(20);
    expect(await run(on, `${search}, { pageLimit: 0, flat: true }).then((all) => all.length)`)).toBe(total);
    // The library finds the search parameter for the patient in the conformance statement.
    const medicines = `client.patient.request('${medication}').then(({ entry }) => entry[0].resource.resourceType)`;
    expect(await run(on, medicines)).toBe(medication);

    const token = () => run<string>(on, 'client.getState("tokenResponse.access_token")');
    const before = await token();
    portal.server.clock.advance(minutes(61));
    await on.clock.setSystemTime(portal.server.clock.now());
    expect(await run(on, 'client.patient.read().then(({ id }) => id)')).toBe(patient.id);
    expect(await token()).not.toBe(before);
    expect(await run(on, 'client.patient.id')).toBe(patient.id);
  });
});

describe('fhirclient', () => {
  it('continues after a reload, without any prompt', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const { client_id } = await addSiteApp();
    await open(on, { iss: `${portal.server.origin}${R4}`, clientId: client_id });
    await allow(on);
    await connected(on);
    const id = await run(on, 'client.patient.id');
    await on.reload();
    await connected(on);
    expect(await run(on, 'client.patient.read().then(({ id }) => id)')).toBe(id);
  });

  it('works as a single-page app: signs in, opens the same URL in another tab, and signs in again', async () => {
    const on = await newPage();
    const { client_id } = await addSiteApp({ redirectUris: [`${site.origin}/one-page`] });
    onePageWith({ iss: `${portal.server.origin}${R4}`, clientId: client_id, scope: SCOPE });
    await on.goto(`${site.origin}/one-page`);
    await signIn(on);
    await allow(on);
    await connected(on);
    const patient = await run(on, 'client.patient.id');

    // A tab has its own session, so the app starts again, at the URL where the first sign-in ended.
    const tab = await on.context().newPage();
    await tab.goto(on.url());
    await allow(tab);
    await connected(tab);
    expect(await run(tab, 'client.patient.read().then(({ id }) => id)')).toBe(patient);

    // The library keeps its session in the tab and ours is in cookies, so this signs the patient out of both.
    await tab.evaluate('sessionStorage.clear()');
    await tab.context().clearCookies();
    await tab.reload();
    await signIn(tab);
    await allow(tab);
    await connected(tab);
    expect(await run(tab, 'client.patient.read().then(({ id }) => id)')).toBe(patient);
  });

  it('gets the error when the patient denied access', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const { client_id } = await addSiteApp();
    await open(on, { iss: `${portal.server.origin}${R4}`, clientId: client_id });
    await on.getByRole('button', { name: 'Deny' }).click();
    expect(await outcome(on)).toMatch(/^access_denied: /);
  });

  it('may open authorize in a separate window', async () => {
    const on = await newPage(SANDBOX_PATIENT);
    const { client_id } = await addSiteApp();
    const opened = on.waitForEvent('popup');
    await open(on, {
      iss: `${portal.server.origin}${R4}`,
      clientId: client_id,
      target: 'popup',
      completeInTarget: false,
    });
    const popup = await opened;
    await allow(popup);
    await connected(on);
    expect(popup.isClosed()).toBe(true);
    expect(await run(on, 'client.patient.read().then(({ resourceType }) => resourceType)')).toBe('Patient');
  });

  it.each(['ES384', 'RS384'] as const)('works as an app with its own key (%s)', async (alg) => {
    const on = await newPage();
    const { privateJwk, jwks } = await createSigningKeys(alg);
    const { client_id } = await addSiteApp({ auth: 'private_key_jwt', jwks });
    await open(on, { iss: `${portal.server.origin}${R4}`, clientId: client_id, clientPrivateJwk: privateJwk });
    await signIn(on);
    await allow(on);
    await connected(on);
    expect(await run(on, 'client.patient.read().then(({ resourceType }) => resourceType)')).toBe('Patient');
  });
});

describe('fhirclient, EHR launch', () => {
  it('opens from the practice portal with the patient and the visit that staff chose', async () => {
    const on = await newPage(SANDBOX_STAFF);
    const scope = 'launch openid fhirUser offline_access patient/*.rs user/Practitioner.rs';
    const { client_id } = await addSiteApp({ kind: 'staff', launchUri: `${site.origin}/launch`, scope });
    beginWith({ clientId: client_id, scope });

    await on.goto(`${portal.server.origin}/practice/launch`);
    await on.getByLabel('Find a patient').fill('Larkspur');
    await on.getByRole('button', { name: 'Find' }).click();
    await on.getByRole('link', { name: /^Ana Marisol Larkspur/ }).click();
    await on.locator(`[name=app][value="${client_id}"]`).check();
    await on.getByLabel('Visit', { exact: true }).selectOption({ index: 1 });
    const encounter = await on.getByLabel('Visit', { exact: true }).inputValue();
    await on.getByRole('button', { name: 'Open the app' }).click();
    await allow(on);
    await connected(on);

    const family = await run(on, 'client.patient.read().then(({ name }) => name[0].family)');
    expect(family).toBe('Larkspur');
    expect(await run(on, 'client.encounter.read().then(({ id }) => id)')).toBe(encounter);
    expect(await run(on, 'client.user.resourceType')).toBe('Practitioner');
    expect(await run(on, 'client.user.read().then(({ resourceType }) => resourceType)')).toBe('Practitioner');
    expect(await run(on, 'client.getState("tokenResponse.need_patient_banner")')).toBe(true);
    await run(on, 'client.refresh()');
    expect(await run(on, 'client.encounter.id')).toBe(encounter);
  });
});
