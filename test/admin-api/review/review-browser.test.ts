import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { days, later, minutes } from '../../../src/kernel/index.ts';
import { loadApp, type SubmittedApp, submitApp, submitBackend, submitChange } from '../../support/apps/review.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import {
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  type WindowOptions,
} from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { connectApp } from '../../support/people/patient.ts';

let dev: Developer;
let first: SubmittedApp;
let changed: SubmittedApp;
let backend: SubmittedApp;
const texts = {
  metadata: { policy_uri: 'https://127.0.0.1/policy' },
  dataUse: { sold: 'no', place: 'device' },
} as const;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  changed = await submitApp(server, dev, { name: 'Sleep diary', ...texts });
  const ada = await signInReviewer(server);
  await ada.call('POST', `/review/apps/${changed.clientId}/approve`, { version: 1 });
  const redirectUris = ['https://app.example/second', 'com.sleep.diary:/callback'];
  await submitChange(server, dev, changed.clientId, {
    redirectUris,
    scope: 'launch/patient patient/*.rs openid fhirUser',
  });
  server.clock.advance(days(12));
  backend = await submitBackend(server, dev, { name: 'Quality reports' });
  first = await submitApp(server, dev, { name: 'Pillbox', ...texts });
  const { call } = await signInReviewer(server);
  await call('POST', `/review/apps/${backend.clientId}/ask`, { version: 1, question: 'Who runs your servers?' });
  await call('POST', `/review/apps/${changed.clientId}/notes`, { content: 'Called <b>them</b> on Monday.' });
}, {});

/** Signs in as a new administrator, who has no decisions in their history. */
const signedIn = async (reader: WindowOptions = {}): Promise<Page> =>
  portal.newPage({ ...reader, session: (await signInReviewer(portal.server, 'Rita')).session });

const { open } = portal;

const WAIT = { timeout: 15_000 };
const placeOf = ({ clientId }: SubmittedApp): string => `/review/apps/${clientId}`;
const PAGES: readonly (readonly [string, () => string, string, string])[] = [
  ['queue', () => '/review', 'Review queue', 'Cola de revisión'],
  ['nothing found', () => '/review?text=nothing+like+it', 'Review queue', 'Cola de revisión'],
  ['all apps', () => '/review/apps', 'All apps', 'Todas las aplicaciones'],
  ['organizations', () => '/review/organisations', 'Organizations', 'Organizaciones'],
  ['first version', () => placeOf(first), 'Pillbox', 'Pillbox'],
  ['change', () => placeOf(changed), 'Sleep diary', 'Sleep diary'],
  ['backend app', () => placeOf(backend), 'Quality reports', 'Quality reports'],
  ['rejecting', () => `${placeOf(first)}?decide=reject`, 'Pillbox', 'Pillbox'],
  ['approving a backend app', () => `${placeOf(backend)}?decide=approve`, 'Quality reports', 'Quality reports'],
  ['changing the request limit', () => `${placeOf(backend)}?limit=change`, 'Quality reports', 'Quality reports'],
];

describe('pages of an administrator', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn();
    await open(page, '/review/settings');
  });

  it.each(PAGES)('%s: have no accessibility violations, at both widths, light and dark', async (name, path, title) => {
    await navigateInPortal(page, path());
    await page.getByRole('heading', { level: 1, name: title, includeHidden: true }).waitFor();
    await page.getByRole('dialog').waitFor({ state: /(decide|limit)=/.test(path()) ? 'visible' : 'hidden' });
    await expectNoProblemsAnywhere(page, name);
  });

  it('set the request limit of an app', async () => {
    await navigateInPortal(page, placeOf(changed));
    await page.getByText('1,000,000 per minute, the default of this server.').waitFor();
    await page.getByRole('button', { name: 'Change limit…' }).click();
    await page.getByLabel('Requests per minute').fill('60000');
    await page.getByRole('button', { name: 'Save limit' }).click();
    await page.getByText('60,000 per minute, set for this app.').waitFor(WAIT);
  });

  it('display notes as they were written', async () => {
    await navigateInPortal(page, placeOf(changed));
    await page.getByText('Called <b>them</b> on Monday.').waitFor();
  });

  it('warn about an app that only uses localhost, on the page and again before approval', async () => {
    const local = await submitApp(portal.server, dev, { name: 'Home lab', redirectUris: ['http://127.0.0.1:3000/cb'] });
    await navigateInPortal(page, placeOf(local));
    await page.getByRole('heading', { level: 1, name: 'Home lab' }).waitFor();
    const warning = 'All redirect URIs of this app are on localhost';
    await page.getByText(warning).waitFor();
    await page.getByRole('button', { name: 'Approve version', exact: true }).press('Enter');
    await page.getByRole('dialog').getByText(warning).waitFor();
    await expectNoProblemsAnywhere(page, 'app on localhost');
  });
});

describe('pages of a Spanish administrator', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn({ locale: 'es-US' });
    await open(page, '/review/settings');
  });

  it.each(PAGES)('%s: are in Spanish', async (_name, path, _title, spanish) => {
    await navigateInPortal(page, path());
    await page.getByRole('heading', { level: 1, name: spanish, includeHidden: true }).waitFor();
    expect(await page.evaluate('document.documentElement.lang')).toBe('es');
  });
});

it('the queue is filtered by the URL, and says if nothing matches', async () => {
  const page = await signedIn();
  await open(page, '/review', 'Review queue');
  const shown = page.getByRole('table').getByRole('link');
  const inOrder = ['Sleep diary', 'Quality reports', 'Pillbox'];
  const listed = async () => (await shown.allTextContents()).filter((name) => inOrder.includes(name));
  await expect.poll(listed, WAIT).toEqual(inOrder);
  await page.getByRole('button', { name: 'Question asked' }).press('Enter');
  await expect.poll(() => shown.allTextContents(), WAIT).toEqual(['Quality reports']);
  expect(page.url()).toContain('state=asked');
  await page.getByRole('main').getByLabel('Search').fill('diary');
  await page.getByText('No matching apps').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).first().click();
  await expect.poll(listed, WAIT).toEqual(inOrder);
});

it('an app can be approved from the queue by keyboard, with the effects explained before and the result after', async () => {
  const submitted = await submitApp(portal.server, await signInDeveloper(portal.server), {
    name: 'Night Light',
    ...texts,
  });
  const page = await signedIn();
  await open(page, '/review', 'Review queue');
  await page.getByRole('link', { name: 'Night Light' }).press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Night Light' }).waitFor();
  await page.getByText('judge the app on its merits').waitFor();
  await page.getByRole('button', { name: 'Run checks' }).press('Enter');
  await page.getByText(/\d passed, \d failed/).waitFor();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Approve version', exact: true }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('works with live practices immediately').waitFor();
  await dialog.getByRole('checkbox', { name: /Verify the organization/ }).press('Space');
  await dialog.getByRole('button', { name: 'Approve version' }).press('Enter');
  await page.getByText('Version approved. It works now.').waitFor();
  const app = await loadApp(portal.server, submitted.clientId);
  expect({ state: app.state, verifiedAt: app.verifiedAt }).toEqual({ state: 'active', verifiedAt: expect.any(Date) });
  expect(await page.getByRole('button', { name: 'Approve version', exact: true }).count()).toBe(0);
});

it('suspending reports how many tokens ended', async () => {
  const submitted = await submitApp(portal.server, await signInDeveloper(portal.server), {
    name: 'Step Counter',
    ...texts,
  });
  await (await signInReviewer(portal.server)).call('POST', `${placeOf(submitted)}/approve`, { version: 1 });
  const client = { client_id: submitted.clientId, client_secret: submitted.clientSecret };
  await connectApp(
    portal.server.app,
    { ...client, redirect_uri: 'https://app.example/callback' },
    {},
    { offline: 'yes' },
  );
  const page = await signedIn({ width: 390 });
  await open(page, placeOf(submitted), 'Step Counter');
  await page.getByRole('button', { name: 'Suspend app…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio').first().waitFor();
  expect(await dialog.getByRole('radio').count()).toBe(2);
  await dialog.getByLabel('Documented security risk').check();
  await dialog.getByLabel(/Message to the developers/).fill('Its server leaks tokens.');
  await dialog.getByRole('button', { name: 'Suspend app' }).click();
  await page.getByText('App suspended. 2 tokens revoked.').waitFor();
  expect((await loadApp(portal.server, submitted.clientId)).state).toBe('suspended');
});

describe('a decision needs a recent authentication', () => {
  const authenticatedAgo = (age: number) =>
    portal.server.db.queryText('update session set proved_at = $1', [later(portal.server.clock.now(), -age)]);

  it('asks for it before the form is shown', async () => {
    const page = await signedIn();
    await authenticatedAgo(minutes(10));
    await page.goto(`${portal.server.origin}${placeOf(backend)}?decide=ask`);
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('link', { name: 'Confirm it’s you' });
    expect(await confirm.getAttribute('href')).toContain(encodeURIComponent('?decide=ask'));
    expect(await dialog.getByLabel('Question').count()).toBe(0);
    expect(await accessibilityViolations(page)).toEqual([]);
    await authenticatedAgo(0);
    await page.reload();
    await dialog.getByLabel('Question').waitFor();
  });

  it('keeps what was typed if it expires meanwhile', async () => {
    const page = await signedIn();
    await authenticatedAgo(0);
    await page.goto(`${portal.server.origin}${placeOf(backend)}?decide=ask`);
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Question').fill('Where are they?');
    await authenticatedAgo(minutes(10));
    await dialog.getByRole('button', { name: 'Send question' }).click();
    await dialog.getByText('Confirm it’s you to continue').waitFor();
    await authenticatedAgo(0);
    await page.reload();
    expect(await dialog.getByLabel('Question').inputValue()).toBe('Where are they?');
  });
});
