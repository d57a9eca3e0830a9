import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { addApp } from '../support/apps.ts';
import { accessibilityFaults } from '../support/browser.ts';
import { tokenOf } from '../support/patient.ts';
import { reviewer } from '../support/portal.ts';
import { expectFineEverywhere, openPortal, type Reader } from '../support/portal-browser.ts';

/** So that the trail has something that was refused. */
const portal = openPortal(async (server) => {
  const { client_id, client_secret } = await addApp(server);
  await tokenOf(server.app, { grant_type: 'authorization_code', code: 'x', client_id, client_secret });
}, {});
const { newPage, open } = portal;

/** As an administrator. */
const signedIn = async (reader: Reader = {}): Promise<Page> =>
  newPage({ ...reader, session: (await reviewer(portal.server)).session });

const PAGES = [
  ['/review/audit', 'Audit trail', 'Registro de auditoría'],
  ['/review/keys', 'Signing keys', 'Claves de firma'],
  ['/review/settings', 'Settings', 'Configuración'],
] as const;

describe.each(PAGES)('%s', (path, english, spanish) => {
  it('has nothing that a checker finds, at both widths, light and dark', async () => {
    const page = await signedIn();
    await open(page, path, english);
    await expectFineEverywhere(page, path);
  });

  it('is in Spanish for who reads it', async () => {
    const page = await signedIn({ locale: 'es-US' });
    await open(page, path, spanish);
    expect(await page.evaluate('document.documentElement.lang')).toBe('es');
  });
});

it('a rotation says what will come of it, asks, and tells what was done; by keyboard', async () => {
  const page = await signedIn();
  await open(page, '/review/keys');
  await page.getByRole('button', { name: 'Make new keys' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('sign in ten minutes').waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Make new keys' }).press('Enter');
  await page.getByText('2 new keys are made.').waitFor();
  await page.getByText('Signs next').first().waitFor();
});

it('filters of the trail stand in the address, and an event opens', async () => {
  const page = await signedIn({ width: 390 });
  await open(page, '/review/audit?kind=audit-query');
  await page
    .getByRole('button', { name: /audit-query/i })
    .first()
    .press('Enter');
  await page.getByText('"request_id"').first().waitFor();
  await page.getByLabel('Request id').fill('nothing-has-this');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('No events').waitFor();
  expect(new URL(page.url()).searchParams.get('request')).toBe('nothing-has-this');
});

it('who is not signed in is asked to sign in, and comes back', async () => {
  const page = await newPage();
  await page.goto(`${portal.server.origin}/review/keys`);
  expect(page.url()).toBe(`${portal.server.origin}/sign-in?return_to=%2Freview%2Fkeys`);
});
