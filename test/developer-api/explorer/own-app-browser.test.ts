import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { changeAppState } from '../../../src/apps/index.ts';
import { getDeveloperApp, registerDraft } from '../../support/apps/app-drafts.ts';
import { openConnectedExplorer } from '../../support/apps/explorer.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import { expectNoProblemsAnywhere, navigateInPortal, openPortal } from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { until } from '../../support/runs/until.ts';

// Some tests sign in, consent and return several times, which takes long.
vi.setConfig({ testTimeout: 90_000 });

let dev: Developer;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
}, {});

const callback = (): string => `${portal.server.origin}/developer/explorer/callback`;

async function opened(path: string): Promise<Page> {
  const page = await portal.newPage({ session: dev.session, timeout: 20_000 });
  await portal.open(page, path);
  return page;
}

const asExplorer = (clientId: string): string => `/developer/explorer?client=${clientId}`;
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const answered = (page: Page) => page.getByRole('region', { name: 'FHIR R4' }).getByText('200 OK').waitFor();

async function signInAndAllow(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill('Password1!');
  await press(page, 'Sign in');
  await page.getByRole('button', { name: 'Allow' }).click();
}

describe('trying a developer’s own app', () => {
  it('adds the explorer’s redirect URI to a provisional app immediately, requests all its scopes, reads as that app, and refreshes tokens', async () => {
    const scope = 'launch/patient offline_access patient/Patient.rs patient/MedicationRequest.rs';
    const app = await registerDraft(dev, { name: 'Pocket', auth: 'none', scope });
    const { open } = await getDeveloperApp(dev, app.clientId);
    portal.server.clock.advance(60_000);
    const page = await opened(`/developer/apps/${app.clientId}`);
    await page.getByRole('link', { name: 'Try it in the explorer' }).click();
    expect(await page.getByLabel('App', { exact: true }).inputValue()).toBe(app.clientId);
    await page.getByText(/This doesn’t affect the review or its deadlines/).waitFor();
    expect(await page.getByLabel('Scopes', { exact: true }).inputValue()).toBe(scope);
    await press(page, 'Add URI and authorize');
    await signInAndAllow(page);
    await answered(page);
    await page.getByRole('region', { name: 'Tokens' }).getByRole('link', { name: 'Pocket' }).waitFor();
    expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
      terms: { redirectUris: [app.redirect_uri, callback()] },
      open: { version: 1, submittedAt: open?.submittedAt, verifyBy: open?.verifyBy },
    });
    await until(async () => (await getDeveloperApp(dev, app.clientId)).firstCallAt !== null);
    await page.getByLabel('Type', { exact: true }).selectOption('MedicationRequest');
    await page.getByRole('region', { name: 'Request' }).getByRole('button', { name: 'Send' }).click();
    await page.waitForURL(/resource=MedicationRequest/);
    expect(new URL(page.url()).searchParams.get('client')).toBe(app.clientId);
    await press(page, 'Refresh tokens');
    await page.getByText(/Refreshed. There are a new access token/).waitFor();
  });

  it('asks first which data the app may read', async () => {
    const scope = 'launch/patient patient/Observation.rs';
    const app = await registerDraft(dev, { auth: 'none', scope, redirectUris: [callback()] });
    const page = await portal.newPage({ session: dev.session, timeout: 20_000 });
    const client = { client_id: app.client_id, redirect_uri: callback() };
    await openConnectedExplorer(page, portal.server, asExplorer(app.clientId), { client, scope });
    await answered(page);
    expect(await page.getByLabel('Path of the R4 request').inputValue()).toBe('/Observation');
  });

  it('asks for the secret of a confidential app, and keeps it only in memory (RFC 6749 §2.3.1)', async () => {
    const scope = 'launch/patient online_access patient/Patient.rs';
    const app = await registerDraft(dev, { name: 'Vault', scope, redirectUris: [callback()] });
    const page = await opened(asExplorer(app.clientId));
    await page.getByText(/you enter it when you come back/).waitFor();
    await press(page, 'Sign in and authorize');
    await signInAndAllow(page);
    const field = page.getByLabel('Secret of Vault (client_secret)');
    await field.fill('wrong');
    await press(page, 'Exchange code');
    await page
      .getByRole('alert')
      .getByText(/401 invalid_client/)
      .waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await field.fill(app.client_secret);
    await press(page, 'Exchange code');
    await answered(page);
    const stored = 'JSON.stringify([{ ...sessionStorage }, { ...localStorage }, location.href, history.state])';
    expect(await page.evaluate<string>(stored)).not.toContain(app.client_secret);
    await press(page, 'Refresh tokens');
    await page.getByText(/Refreshed. There are a new access token/).waitFor();
    await page.getByText(/^Details: scopes/).click();
    await page.getByText('Token introspection').click();
    await page.getByText('"active"').first().waitFor();

    await page.reload();
    await answered(page);
    expect(await page.getByRole('button', { name: 'Revoke' }).isDisabled()).toBe(true);
    await field.fill(app.client_secret);
    await press(page, 'Use secret');
    await press(page, 'Revoke tokens');
    await page.getByText(/Revoked. All tokens of this sign-in are no longer valid/).waitFor();
  });

  it('says that a live app’s new redirect URI needs review, and submits it only on request', async () => {
    const app = await registerDraft(dev, { name: 'Alive', auth: 'none' });
    await changeAppState(portal.server.db, portal.server.clock, app.clientId, 'active');
    await dev.call('POST', `/developer/apps/${app.clientId}/withdraw`);
    const page = await opened(asExplorer(app.clientId));
    await page.getByText(/Adding it is a change that needs review/).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in and authorize' }).isDisabled()).toBe(true);
    await press(page, 'Submit change');
    await page.getByText(/The explorer’s redirect URI is waiting for review as a change of Alive/).waitFor();
    await page.getByText(/Step 1: developer verification by .*left/).waitFor();
    expect(await getDeveloperApp(dev, app.clientId)).toMatchObject({
      terms: { redirectUris: [app.redirect_uri] },
      open: { terms: { redirectUris: [app.redirect_uri, callback()] } },
    });
    await page.getByLabel('App', { exact: true }).selectOption('');
    await press(page, 'Sign in and authorize');
    await page.getByLabel('Password', { exact: true }).waitFor();
  });

  it('says why an app with keys, a stopped app or an app with DPoP (RFC 9449) cannot be used', async () => {
    const bound = await registerDraft(dev, { name: 'Bound', auth: 'none', dpopBound: true });
    const stopped = await registerDraft(dev, { name: 'Stopped' });
    for (const state of ['active', 'suspended'])
      await changeAppState(portal.server.db, portal.server.clock, stopped.clientId, state);
    const page = await opened(asExplorer(bound.clientId));
    await page.getByText(/need proof of possession/).waitFor();
    await page.getByLabel('App', { exact: true }).selectOption(stopped.clientId);
    await page.getByText(/No one can sign in to Stopped now/).waitFor();
    expect(await page.getByRole('button', { name: 'Sign in and authorize' }).isDisabled()).toBe(true);
  });

  it('displays no tokens of another app than the one it was opened for', async () => {
    const page = await portal.newPage({ session: dev.session, timeout: 20_000 });
    await openConnectedExplorer(page, portal.server, '/developer/explorer');
    await answered(page);
    const app = await registerDraft(dev, { name: 'Later', auth: 'none' });
    await page.goto(`${portal.server.origin}${asExplorer(app.clientId)}`);
    await page.getByRole('button', { name: 'Add URI and authorize' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Tokens' }).count()).toBe(0);
  });

  it('signs a clinician in for a staff app', async () => {
    const app = await registerDraft(dev, {
      name: 'Ward',
      kind: 'staff',
      auth: 'none',
      scope: 'openid user/Patient.rs',
    });
    const page = await opened(asExplorer(app.clientId));
    await page.getByRole('heading', { name: 'Sign in as a test clinician' }).waitFor();
    expect(await page.getByLabel('Test clinician', { exact: true }).inputValue()).toBe('staffapitest');
    await press(page, 'Add URI and authorize');
    await signInAndAllow(page);
    await answered(page);
  });
});

it('its first screen has no accessibility violations, at both widths, light and dark', async () => {
  const pending = await registerDraft(dev, { name: 'Pending', auth: 'none' });
  const live = await registerDraft(dev, { name: 'Live' });
  await changeAppState(portal.server.db, portal.server.clock, live.clientId, 'active');
  const page = await opened('/developer/explorer');
  for (const { clientId, app } of [pending, live]) {
    await navigateInPortal(page, asExplorer(clientId));
    await expect.poll(() => page.getByLabel('App', { exact: true }).inputValue()).toBe(clientId);
    await page.getByText(/doesn’t have the explorer’s redirect URI/).waitFor();
    await expectNoProblemsAnywhere(page, `the explorer as the app ${app.terms.name}`);
  }
});
