import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expectNoProblems,
  expectNoProblemsAnywhere,
  navigateInPortal,
  openPortal,
  type WindowOptions,
} from '../../support/browser/portal-browser.ts';
import { signInReviewer } from '../../support/people/developer-portal.ts';
import { OAUTH } from '../../support/people/patient.ts';
import type { TestServer } from '../../support/servers/server.ts';

let clientId = '';
const portal = openPortal(
  async (server) => {
    clientId = await register(server, 'Step counter');
  },
  { DYNAMIC_REGISTRATION: 'sandbox' },
);

async function register({ app }: Pick<TestServer, 'app'>, name: string): Promise<string> {
  const response = await app.inject({
    method: 'POST',
    url: `${OAUTH}/register`,
    payload: {
      client_name: name,
      redirect_uris: ['https://steps.example/callback', 'com.steps.app:/callback'],
      policy_uri: 'https://steps.example/privacy',
    },
  });
  return response.json().client_id;
}

const signedIn = async (reader: WindowOptions = {}): Promise<Page> =>
  portal.newPage({ ...reader, session: (await signInReviewer(portal.server, 'Rita')).session });
const WAIT = { timeout: 15_000 };

describe('a self-registered app', () => {
  let page: Page;
  beforeAll(async () => {
    page = await signedIn();
    await portal.open(page, '/review/settings');
  });

  it.each([
    ['queue', () => '/review'],
    ['page', () => `/review/apps/${clientId}`],
    ['question', () => `/review/apps/${clientId}?decide=ask`],
  ])('%s: no accessibility violations, at both widths, light and dark', { timeout: 90_000 }, async (name, path) => {
    await navigateInPortal(page, path());
    await page.getByText('the app registered itself').first().waitFor(WAIT);
    await expectNoProblemsAnywhere(page, `self-registered ${name}`);
  });

  it('is in the queue without an organization, and its page says how it was registered and what is unknown', async () => {
    await navigateInPortal(page, '/review');
    await page.getByText('No organization (the app registered itself)').filter({ visible: true }).waitFor(WAIT);
    await page.getByRole('link', { name: 'Step counter' }).filter({ visible: true }).click();
    await page.getByText('Its network address is not stored').waitFor(WAIT);
    await page.getByText('The developer gave no answers.').waitFor(WAIT);
    await page.getByText('Submitted by the app itself').waitFor(WAIT);
  });

  it('has a link with enough contrast in the row under the pointer', async () => {
    await navigateInPortal(page, '/review');
    await page.getByRole('link', { name: 'Step counter' }).filter({ visible: true }).hover();
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await expectNoProblems(page, `the row under the pointer, ${colorScheme}`);
    }
  });

  it('can be questioned and approved, and the page promises no email', async () => {
    const other = await register(portal.server, 'Sleep diary');
    await navigateInPortal(page, `/review/apps/${other}`);
    await page.getByRole('button', { name: 'Ask a question' }).click();
    const asking = page.getByRole('dialog');
    await asking.getByText('No email is sent.').waitFor(WAIT);
    expect(await asking.getByText('developers get').count()).toBe(0);
    await asking.getByLabel('Question').fill('Who makes this app?');
    await asking.getByRole('button', { name: 'Send question' }).click();
    await page.getByText('Question without an answer').waitFor(WAIT);
    await page.getByRole('button', { name: 'Approve version', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve version', exact: true }).click();
    await page.getByText('Version approved. It works now.').waitFor(WAIT);
  });

  it('is in Spanish for a Spanish reader', async () => {
    const spanish = await signedIn({ locale: 'es-US' });
    await spanish.goto(`${portal.server.origin}/review/apps/${clientId}`);
    await spanish.getByText('Sin organización (la aplicación se registró sola)').first().waitFor(WAIT);
  });
});
