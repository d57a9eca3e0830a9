import type { Page } from 'playwright-core';
import { describe, expect, it, vi } from 'vitest';
import { type RegisteredApp, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import { submitBackend } from '../../support/apps/review.ts';
import { waitUntilSettled } from '../../support/browser/browser.ts';
import { expectNoProblemsAnywhere, navigateInPortal, openPortal } from '../../support/browser/portal-browser.ts';
import {
  type ApiCaller,
  type Developer,
  makeOnlyAdministrator,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { until } from '../../support/runs/until.ts';

vi.setConfig({ testTimeout: 60_000 });

let dev: Developer;
let ada: ApiCaller;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  const reviewer = await signInReviewer(server);
  await makeOnlyAdministrator(server, reviewer.accountId);
  ada = reviewer;
});

const opened = (clientId: string, tab = '', more: { readonly locale?: string } = {}): Promise<Page> =>
  portal.openInNewPage(`/developer/apps/${clientId}${tab}`, { session: dev.session, ...more });

async function decide(
  clientId: string,
  ...decisions: readonly (readonly [what: string, body: object])[]
): Promise<void> {
  for (const [what, body] of decisions) {
    const { status, body: answer } = await ada.call('POST', `/review/apps/${clientId}/${what}`, body);
    expect(status, JSON.stringify(answer)).toBe(200);
  }
}

const entries = (page: Page): Promise<string[]> =>
  page.locator('.mantine-Timeline-item').filter({ visible: true }).allTextContents();

describe('the history of an app', () => {
  it('has one entry for each action, with the review clock if one is running', async () => {
    const { clientId } = await registerDraft(dev, { name: 'Whole' });
    const page = await opened(clientId, '/history');
    expect(await entries(page)).toEqual([
      expect.stringMatching(
        /^Added and submitted for review.*Dev Eloper · Version 1Step 1: developer verification by .*left/,
      ),
    ]);
    await submitVersion(dev, clientId, { name: 'Whole Again', description: 'Other words.' });
    await page.reload();
    await page.getByText('Took effect immediately: Name, Purpose').waitFor();
    const [change, added, ...more] = await entries(page);
    expect(change).toMatch(/^Submitted for review.*Version 2.*Step 1: developer verification/);
    // The review clock of a version stops when another version replaces it.
    expect(added).not.toContain('Step 1');
    expect(more).toEqual([]);
  });

  it('gives the reason, and says of the first of two approvals that a second is needed', async () => {
    const { clientId } = await submitBackend(portal.server, dev, { name: 'Nightly' });
    await decide(
      clientId,
      ['ask', { version: 1, question: 'For whom?' }],
      ['approve', { version: 1, practiceIds: [1] }],
    );
    const page = await opened(clientId, '/history');
    const [first, verified, asked] = await entries(page);
    expect(first).toMatch(
      /^Approved by the first of two reviewers.*A second reviewer.*Step 2: activation for real patients by .*left/,
    );
    expect(verified).toMatch(/^Your identity was verified/);
    expect(asked).toMatch(/^The reviewer asked a question.*The reviewers · Version 1For whom\?/);
    await decide(clientId, ['reject', { version: 1, ground: 'other', text: 'The practice wants it no more.' }]);
    await page.reload();
    await page.getByText('The practice wants it no more.').first().waitFor();
    const [rejected, before] = await entries(page);
    expect(rejected).toContain('Reason: another reason, as described here.The practice wants it no more.');
    expect(before).not.toContain('Step 2');
  });
});

describe('the page of a stopped app', () => {
  it('says at the top since when, why, and what to do next: suspended', async () => {
    const { clientId } = await registerDraft(dev, { name: 'Leaky' });
    await decide(
      clientId,
      ['approve', { version: 1 }],
      ['suspend', { ground: 'security-risk', text: 'Its server leaks tokens.' }],
    );
    const page = await opened(clientId);
    const notice = page.getByRole('alert').first();
    await notice.getByText('Its server leaks tokens.').waitFor();
    expect(await notice.textContent()).toMatch(/^Suspended on .*Reason: a security risk\..*What to do next: fix/);
    expect((await notice.boundingBox())?.y).toBeLessThan(
      (await page.getByRole('heading', { name: 'What the app can do now' }).boundingBox())?.y ?? 0,
    );
    await expectNoProblemsAnywhere(page, 'suspended');
    await notice.getByRole('link', { name: 'Settings' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Tight');
    await page.getByRole('button', { name: 'Submit change' }).click();
    await page.getByText('A change is waiting for review').waitFor();
    await page.getByRole('navigation').locator('a[href="/developer/apps"]').click();
    await page.getByRole('article', { name: 'Leaky' }).getByRole('link', { name: 'Read the reason' }).click();
    await page.getByText('Its server leaks tokens.').waitFor();
  });

  it('says the same of a rejected app, in Spanish', async () => {
    const { clientId } = await registerDraft(dev);
    await decide(clientId, ['reject', { version: 1, ground: 'authenticity', text: 'Nobody answers there.' }]);
    const page = await opened(clientId, '', { locale: 'es-US' });
    const notice = page.getByRole('alert').first();
    await notice.getByText('Nobody answers there.').waitFor();
    expect(await notice.textContent()).toMatch(/^No se aprobó el .*Motivo: no pudimos/);
    await notice.getByRole('link', { name: 'Corregirla y enviarla de nuevo' }).click();
    await page.waitForURL(/settings$/);
  });

  it('says who retired it, or that an update was rejected while the app keeps working', async () => {
    const [taken, waiting, live] = [
      await registerDraft(dev),
      await registerDraft(dev),
      await registerDraft(dev, { name: 'Lives' }),
    ];
    await decide(
      taken.clientId,
      ['approve', { version: 1 }],
      ['retire', { ground: 'asked-by-developer', text: 'By letter.' }],
    );
    await dev.call('POST', `/developer/apps/${waiting.clientId}/retire`);
    await decide(live.clientId, ['approve', { version: 1 }]);
    await submitVersion(dev, live.clientId, { name: 'Government Health' });
    await decide(live.clientId, ['reject', { version: 2, ground: 'authenticity', text: 'It is no government.' }]);
    const page = await opened(taken.clientId);
    for (const [clientId, text] of [
      [taken.clientId, /^Retired on .*Reason: you asked us to\.By letter\./],
      [waiting.clientId, /^Retired on .*Dev Eloper retired the app\./],
      [live.clientId, /^The change was not approved on .*It is no government\.The approved version keeps working/],
    ] as const) {
      await navigateInPortal(page, `/developer/apps/${clientId}`);
      await page.getByRole('alert').first().filter({ hasText: text }).waitFor();
    }
  });
});

describe('the wait for an app’s first data', () => {
  it('asks less and less often, ends when the step is done, and does not start for a stopped app', async () => {
    const own = await signInDeveloper(portal.server);
    const [one, two] = [await registerDraft(own, { name: 'One' }), await registerDraft(own, { name: 'Two' })];
    const stopped = await registerDraft(own, { name: 'Stopped' });
    await decide(
      stopped.clientId,
      ['approve', { version: 1 }],
      ['suspend', { ground: 'security-risk', text: 'Its server leaks tokens.' }],
    );
    const page = await portal.newPage({ session: own.session, isDisposable: true });
    await page.clock.install();
    const asked: string[] = [];
    page.on('request', (request) => {
      const [, clientId] = /\/api\/developer\/apps\/([\w-]+)$/.exec(request.url()) ?? [];
      if (clientId !== undefined) asked.push(clientId);
    });
    const requestCount = ({ clientId }: RegisteredApp): number => asked.filter((one) => one === clientId).length;
    const pass = async (milliseconds: number): Promise<void> => {
      await page.clock.runFor(milliseconds);
      await waitUntilSettled(page);
    };
    /** The page starts a timer after it has read a response, so the clock is advanced until the timer has fired. */
    const passUntil = (happened: () => boolean | Promise<boolean>): Promise<void> =>
      until(async () => {
        if (await happened()) return true;
        await pass(10_000);
        return false;
      });
    await portal.open(page, '/developer');
    await page.getByRole('link', { name: /^Try (One|Two) in the explorer$/ }).waitFor();
    await passUntil(() => requestCount(one) > 1 && requestCount(two) > 1);
    // Ten minutes in steps that are long enough for one request each. Every ten seconds would be 20 more requests.
    const before = requestCount(one);
    for (let step = 0; step < 20; step += 1) await pass(30_000);
    expect(requestCount(one) - before).toBeGreaterThan(2);
    expect(requestCount(one) - before).toBeLessThan(10);
    expect(requestCount(stopped)).toBe(1);
    await portal.server.db.queryText('update app set first_call_at = $2 where client_id = $1', [
      one.clientId,
      portal.server.clock.now(),
    ]);
    await passUntil(() => page.getByText('Your app has read its first data.').isVisible());
    await waitUntilSettled(page);
    asked.length = 0;
    await pass(300_000);
    expect(asked).toEqual([]);
  });
});
