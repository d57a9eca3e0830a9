import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { addApp, type TestApp } from '../support/apps.ts';
import { accessibilityFaults } from '../support/browser.ts';
import { tokenOf } from '../support/patient.ts';
import { type Developer, developer } from '../support/portal.ts';
import { openPortal } from '../support/portal-browser.ts';
import { DEEP } from '../support/slice.ts';

vi.setConfig({ testTimeout: 60_000 });

let dev: Developer;
let app: TestApp & { readonly client_secret: string };
const portal = openPortal(async (server) => {
  dev = await developer(server, { role: 'reader' });
  app = await addApp(server, { organisationId: dev.organisationId });
  const byCode = { grant_type: 'authorization_code', code: 'x', redirect_uri: app.redirect_uri };
  await tokenOf(server.app, { ...byCode, client_id: app.client_id, client_secret: app.client_secret });
  await tokenOf(server.app, { ...byCode, client_id: app.client_id, client_secret: 'guess' });
  await server.sweep();
});
const visible = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true });

it.each([
  ['en', 'Not proved to be your app: anybody who knows its client_id can cause this.', '1 refusal is of callers'],
  ['es-US', 'Nadie demostró ser su aplicación', '1 rechazo es de quienes no demostraron'],
] as const)(
  'the pages distinguish authenticated requests of the app from requests anyone can send, in %s',
  async (locale, entry, sum) => {
    const reader = { session: dev.session, locale };
    const page = await portal.opened(`/developer/apps/${app.client_id}/log`, reader);
    await visible(page, entry).first().waitFor();
    await visible(page, 'This is no code of this server.').first().waitFor();
    expect(await visible(page, entry).count()).toBe(1);
    if (DEEP || locale === 'en') expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('main a[href$="/usage"]').click();
    await visible(page, new RegExp(sum)).first().waitFor();
    if (DEEP || locale === 'en') expect(await accessibilityFaults(page)).toEqual([]);
  },
);
