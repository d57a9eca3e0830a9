import type { Page } from 'playwright-core';
import { expect, it, vi } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import { openPortal } from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { requestToken } from '../../support/people/patient.ts';
import { DEEP } from '../../support/runs/slice.ts';

vi.setConfig({ testTimeout: 60_000 });

let dev: Developer;
let app: TestApp & { readonly client_secret: string };
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server, { role: 'reader' });
  app = await addApp(server, { organisationId: dev.organisationId });
  const byCode = { grant_type: 'authorization_code', code: 'x', redirect_uri: app.redirect_uri };
  await requestToken(server.app, { ...byCode, client_id: app.client_id, client_secret: app.client_secret });
  await requestToken(server.app, { ...byCode, client_id: app.client_id, client_secret: 'guess' });
  await server.purgeExpired();
});
const visible = (page: Page, text: string | RegExp) => page.getByText(text).filter({ visible: true });

it.each([
  [
    'en',
    'Unauthenticated: anyone who knows your client_id can trigger this.',
    '1 error comes from unauthenticated callers',
  ],
  ['es-US', 'Sin autenticar', '1 error viene de llamadas sin autenticar'],
] as const)(
  'the pages distinguish authenticated requests of the app from requests anyone can send, in %s',
  async (locale, entry, sum) => {
    const reader = { session: dev.session, locale };
    const page = await portal.openInNewPage(`/developer/apps/${app.client_id}/log`, reader);
    await visible(page, entry).first().waitFor();
    await visible(page, 'Unknown authorization code.').first().waitFor();
    expect(await visible(page, entry).count()).toBe(1);
    if (DEEP || locale === 'en') expect(await accessibilityViolations(page)).toEqual([]);
    await page.locator('main a[href$="/usage"]').click();
    await visible(page, new RegExp(sum)).first().waitFor();
    if (DEEP || locale === 'en') expect(await accessibilityViolations(page)).toEqual([]);
  },
);
