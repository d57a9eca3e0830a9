import { expect, it } from 'vitest';
import { appDraft, pngImage, putLogo, registerDraft } from '../../support/apps/app-drafts.ts';
import { waitUntilSettled } from '../../support/browser/browser.ts';
import { openPortal } from '../../support/browser/portal-browser.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';

const portal = openPortal();

it('the consent page is previewed in a frame with its style and the app’s logo, and nothing in it is interactive', {
  timeout: 120_000,
}, async () => {
  const dev = await signInDeveloper(portal.server);
  const { clientId } = await registerDraft(dev);
  await putLogo(dev, clientId, pngImage());
  const { body } = await dev.call('POST', '/developer/preview', { draft: appDraft(), language: 'en', clientId });
  const { server } = portal;
  const page = await portal.newPage({ width: 390 });
  const blocked: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && blocked.push(message.text())));
  await portal.open(page, '/developer');
  await waitUntilSettled(page);
  blocked.length = 0;
  // The page may send requests to its own API.
  const requests = () => server.log.splice(0).filter((line) => !line.includes('"/api/'));
  requests();
  await page.evaluate(
    `(html) => {
      const frame = document.createElement('iframe');
      frame.setAttribute('sandbox', '');
      frame.srcdoc = html;
      frame.width = '360';
      frame.height = '800';
      document.body.replaceChildren(frame);
    }`
      .replace(/^/, '(')
      .replace(/$/, `)(${JSON.stringify(body.html)})`),
  );
  const frame = page.frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Share your health record with Pillbox?' }).waitFor();
  // The style of the page moves this element far outside the window.
  const patient = { timeout: 15_000 };
  await expect.poll(async () => (await frame.locator('.skip').boundingBox())?.x ?? 0, patient).toBeLessThan(-1000);
  await expect.poll(() => server.log.join(''), patient).toContain('/app-logos/:clientId');
  expect(blocked).toEqual([]);
  requests();
  await frame.getByRole('button', { name: 'Allow' }).click();
  await frame.getByText('Not you?').click({ force: true });
  await frame.getByText('Read its privacy policy').click({ force: true });
  await waitUntilSettled(page);
  expect(requests()).toEqual([]);
  expect(page.context().pages()).toHaveLength(1);
  await frame.getByRole('heading', { name: 'Share your health record with Pillbox?' }).waitFor();
});
