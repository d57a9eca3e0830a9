import { expect, it } from 'vitest';
import { addApp } from '../support/apps.ts';
import { developer } from '../support/portal.ts';
import { openPortal } from '../support/portal-browser.ts';

const portal = openPortal();

it('two choices in one moment both stand in the address', async () => {
  const { organisationId, session } = await developer(portal.server);
  const { client_id } = await addApp(portal.server, { organisationId });
  const page = await portal.opened(`/developer/apps/${client_id}/log?endpoint=par`, { session });
  await page.evaluate(`
    const select = document.querySelector('select:has(option[value="token"])');
    select.value = 'token';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    document.querySelector('input[type="radio"][value="refused"]').click();
  `);
  await page.waitForURL(/outcome=refused/);
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ endpoint: 'token', outcome: 'refused' });
});
