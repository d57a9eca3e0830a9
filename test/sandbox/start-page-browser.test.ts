import { expect, it } from 'vitest';
import { expectNoProblemsAnywhere, openPortal, pressButton } from '../support/browser/portal-browser.ts';

// Its own server, because visitors can sign up only while there is no live practice.
const portal = openPortal(undefined, {});

it('shows a visitor who signs up the made-up address on one line, and copies it', async () => {
  const page = await portal.newPage({ permissions: ['clipboard-read', 'clipboard-write'] });
  await portal.open(page, '/sandbox');
  await pressButton(page, 'Create developer account');
  await page.getByText('You need this address to sign in again.').waitFor();
  await expectNoProblemsAnywhere(page, 'account of a visitor', ['light']);
  const address = page.locator('#address');
  await page.getByRole('button', { name: 'Copy the address' }).click();
  await page.getByRole('status').getByText('Copied').waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await address.textContent());
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await address.evaluate((element) => element.getClientRects().length)).toBe(1);
});
