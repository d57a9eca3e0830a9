import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { getDeveloperApp, pngImage, putLogo, registerDraft } from '../../support/apps/app-drafts.ts';
import { submitApp } from '../../support/apps/review.ts';
import { accessibilityViolations } from '../../support/browser/browser.ts';
import { navigateInPortal, openPortal } from '../../support/browser/portal-browser.ts';
import {
  type Developer,
  signInDeveloper,
  signInReviewer,
  withCookieOf,
} from '../../support/people/developer-portal.ts';
import { DEEP } from '../../support/runs/slice.ts';

let dev: Developer;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
});

async function opened(path: string, session = dev.session): Promise<Page> {
  const page = await portal.newPage({ session, locale: 'es-US' });
  await portal.open(page, path);
  return page;
}

const atStep = (page: Page, title: string) => page.getByRole('heading', { level: 2, name: title }).waitFor();
const continueTo = (page: Page) => page.getByRole('button', { name: 'Continuar' }).click();

/** Completes the wizard with only the required input. */
async function completeWizard(page: Page, kind: string): Promise<void> {
  await page.getByRole('radio', { name: kind }).click();
  await page.getByLabel('Nombre').fill('Diario');
  await page.getByLabel('URI de redirección 1', { exact: true }).fill('https://diario.example/callback');
  for (const title of ['Autenticación y permisos (scopes)', 'Revisar y enviar']) {
    await continueTo(page);
    await atStep(page, title);
  }
}

describe('adding an application in Spanish', () => {
  it('displays an error at its field, selects all data categories at once, and remembers the validity of the secret after a reload', async () => {
    const own = await signInDeveloper(portal.server);
    const page = await opened('/developer/apps/new', own.session);
    await page.getByLabel('Nombre').waitFor();
    await continueTo(page);
    await page.getByText('Escriba un nombre para la aplicación.').waitFor();
    await page.getByLabel('Nombre').fill('x'.repeat(201));
    await page.getByText('Escriba 200 caracteres como máximo.').waitFor();
    await page.getByLabel('Nombre').fill('Diario');
    await page.getByText('Propósito, sitio web, logotipo y galería').click();
    await page.getByLabel('Sitio web').fill('https://127.0.0.1.nip.example/');
    await page.getByText(/^No se pudo leer esta URL\. /).waitFor({ timeout: 15_000 });
    await page.getByLabel('Sitio web').fill('');
    const callback = page.getByLabel('URI de redirección 1', { exact: true });
    await callback.fill('http://diario.example/callback');
    await continueTo(page);
    await page.getByText('http://diario.example/callback debe usar https. http es solo para localhost.').waitFor();
    await callback.fill('https://diario.example/callback');
    await continueTo(page);

    await atStep(page, 'Autenticación y permisos (scopes)');
    const scopes = page.getByLabel('Permisos (scopes) como texto');
    expect(await scopes.inputValue()).toBe('openid fhirUser launch/patient offline_access patient/*.rs');
    await page.getByLabel('Todos los tipos de datos').uncheck();
    await page.getByRole('button', { name: 'No seleccionar nada' }).click();
    expect(await scopes.inputValue()).toBe('openid fhirUser launch/patient offline_access');
    await page.getByRole('button', { name: 'Seleccionar todo' }).click();
    expect(await scopes.inputValue()).toMatch(/patient\/Condition\.rs.*patient\/Observation\.rs/);

    await page.getByText('Vencimiento del secreto', { exact: true }).click();
    const lifetime = page.getByLabel('El secreto vence después de');
    expect(await lifetime.inputValue()).toBe('180');
    await lifetime.selectOption('30');
    await page.reload();
    await atStep(page, 'Autenticación y permisos (scopes)');
    expect(await lifetime.inputValue()).toBe('30');
    await page.getByRole('radio', { name: /^Cliente público \(sin secreto\)/ }).click();
    expect(await lifetime.count()).toBe(0);
    await page.getByRole('radio', { name: 'Secreto del cliente' }).click();
    await continueTo(page);
    await atStep(page, 'Revisar y enviar');
    await page.getByText('El secreto vence después de: 30 días').waitFor();
    await page.getByRole('button', { name: 'Enviar a revisión' }).click();
    await page.getByRole('heading', { level: 1, name: 'Diario está lista' }).waitFor();
    const [{ clientId }] = (await own.call('GET', `/developer/apps?organisation=${own.organisationId}`)).body;
    const [secret] = (await getDeveloperApp(own, clientId)).secrets;
    const left = Date.parse(secret?.expiresAt ?? '') - portal.server.clock.now().getTime();
    expect(Math.round(left / 86_400_000)).toBe(30);
  }, 90_000);

  it('previews the page for staff in both languages', async () => {
    const page = await opened('/developer/apps/new');
    await completeWizard(page, 'Para el personal de un consultorio');
    const frame = page.getByTitle('Vista previa de la página de consentimiento');
    expect(await frame.getAttribute('srcdoc')).toContain('lang="es"');
    await page.getByLabel('Idioma de la vista previa').getByText('English').click();
    await page.locator('iframe[srcdoc*="lang=\\"en\\""]').waitFor();
  }, 60_000);
});

describe('the settings of an app', () => {
  let page: Page;
  beforeAll(async () => {
    page = await opened('/developer/apps');
  });

  it('remove its logo', async () => {
    const { clientId } = await registerDraft(dev);
    await putLogo(dev, clientId, pngImage());
    expect((await getDeveloperApp(dev, clientId)).logo).not.toBeNull();
    await navigateInPortal(page, `/developer/apps/${clientId}/settings`);
    await page.getByRole('button', { name: 'Quitar la imagen' }).click();
    await page.getByText('Se quitó el logotipo.').waitFor();
    expect((await getDeveloperApp(dev, clientId)).logo).toBeNull();
    expect(await page.getByRole('button', { name: 'Quitar la imagen' }).count()).toBe(0);
  }, 60_000);

  it.runIf(DEEP)(
    'change its authentication method after reauthentication, and resume the interrupted change',
    async () => {
      const { clientId } = await registerDraft(dev, { auth: 'none' });
      await navigateInPortal(page, `/developer/apps/${clientId}/settings`);
      await page.getByLabel('Propósito').fill('Otra cosa.');
      await portal.server.db.queryText(
        "update session set proved_at = proved_at - interval '1 hour' where account_id = $1",
        [dev.accountId],
      );
      await page.getByRole('button', { name: 'Cambiar la autenticación…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Cambiar el método de autenticación' });
      expect(await dialog.getByRole('button', { name: 'Cambiar el método ahora' }).isDisabled()).toBe(true);
      await dialog.getByRole('radio', { name: 'Secreto del cliente' }).click();
      await dialog.getByLabel('El secreto vence después de').selectOption('90');
      expect(await accessibilityViolations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Cambiar el método ahora' }).click();
      await dialog.getByRole('link').click();
      await page.locator('input[type=password]').fill('three words and more');
      await page.locator('input[type=password]').press('Enter');
      await dialog.waitFor();
      expect(await dialog.getByLabel('El secreto vence después de').inputValue()).toBe('90');
      dev = await withCookieOf(page, portal.server, dev);
      await dialog.getByRole('button', { name: 'Cambiar el método ahora' }).click();
      const shown = page.getByRole('dialog', { name: 'Secreto nuevo' });
      await shown.getByRole('checkbox').check();
      await shown.getByRole('button', { name: 'Cerrar' }).click();
      const app = await getDeveloperApp(dev, clientId);
      expect({ auth: app.terms.auth, secrets: app.secrets.length }).toEqual({ auth: 'secret', secrets: 1 });
      expect(await page.getByLabel('Propósito').inputValue()).toBe('Otra cosa.');
      await page
        .getByRole('button', { name: 'Guardar cambio' })
        .or(page.getByRole('button', { name: /^Enviar/ }))
        .first()
        .click();
      const saved = async () => (await getDeveloperApp(dev, clientId)).terms.description;
      await expect.poll(saved, { timeout: 15_000 }).toBe('Otra cosa.');
      expect((await getDeveloperApp(dev, clientId)).terms.auth).toBe('secret');
    },
    90_000,
  );

  it('ask for missing keys, in Spanish', async () => {
    const { clientId } = await registerDraft(dev);
    await navigateInPortal(page, `/developer/apps/${clientId}/settings?change=auth`);
    const dialog = page.getByRole('dialog', { name: 'Cambiar el método de autenticación' });
    await dialog.getByRole('radio', { name: 'Clave privada' }).click();
    await dialog.getByText('Los secretos de la aplicación terminan de inmediato').waitFor();
    await dialog.getByRole('button', { name: 'Cambiar el método ahora' }).click();
    await dialog.getByText('Indique las claves públicas de una sola forma').waitFor();
    expect((await getDeveloperApp(dev, clientId)).terms.auth).toBe('secret');
  }, 60_000);
});

it('the review checks explain their results in Spanish', async () => {
  const { clientId } = await submitApp(portal.server, dev, {
    name: 'Comprobada',
    metadata: { policy_uri: 'https://127.0.0.1/policy' },
  });
  const page = await opened(`/review/apps/${clientId}`, (await signInReviewer(portal.server)).session);
  await page.getByRole('button', { name: 'Ejecutar comprobaciones' }).click();
  await page.getByText('La página no responde. La dirección del servidor no es pública.').waitFor({ timeout: 15_000 });
  const found = page.locator('[aria-live]').filter({ hasText: 'La página no responde.' });
  expect(await found.textContent()).not.toMatch(/\b(It|Its|The|address)\b/);
}, 60_000);
