import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DAYS_TO_ENABLE, DAYS_TO_VERIFY } from '../../../src/apps/review/business-days.ts';
import { webEn } from '../../../src/i18n/en/web.ts';
import { webEs } from '../../../src/i18n/es/web.ts';
import { formatLongDate } from '../../../src/i18n/index.ts';
import { readGuide } from '../../../src/public-site/docs/guide.ts';
import { listEmails, type SubmittedApp, submitApp } from '../../support/apps/review.ts';
import { openPortal } from '../../support/browser/portal-browser.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';

type Reviewer = ApiCaller & Pick<Developer, 'session'>;

let dev: Developer;
let ada: Reviewer;
let waiting: SubmittedApp;
let verified: SubmittedApp;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  ada = await signInReviewer(server);
  waiting = await submitApp(server, dev, { name: 'Waiting' });
  verified = await submitApp(server, dev, { name: 'Confirmed' });
  const { status } = await ada.call('POST', `/review/apps/${verified.clientId}/verify`, { version: 1 });
  expect(status).toBe(200);
});

/** Opens a page in a browser whose clock is in New Zealand, where most deadlines end on the next day. */
async function openFarAway(path: string, session: string): Promise<Page> {
  const page = await portal.newPage({ session });
  const devTools = await page.context().newCDPSession(page);
  onTestFinished(() => devTools.detach());
  await devTools.send('Emulation.setTimezoneOverride', { timezoneId: 'Pacific/Auckland' });
  await page.goto(`${portal.server.origin}${path}`);
  return page;
}

const DEADLINE = /Step [12]: [a-z ]+? by \w{3}, \w{3} \d{1,2}, \d{4}(?: at the latest)?/g;
/** Returns the deadlines that a part of a page states, each once. */
async function deadlinesOn(page: Page, within: string): Promise<readonly string[]> {
  await page
    .locator(within)
    .getByText(/^Step [12]: /)
    .filter({ visible: true })
    .first()
    .waitFor();
  return [...new Set((await visibleText(page, within)).match(DEADLINE))].sort();
}

const visibleText = async (page: Page, within: string): Promise<string> =>
  (await page.locator(within).filter({ visible: true }).allInnerTexts()).join(' ').replace(/\s+/g, ' ');

const clockFor = async (who: ApiCaller, path: string) => {
  const { body } = await who.call('GET', path);
  return (body.open ?? body.app.open).clock;
};

describe('the days of a review', () => {
  it.each([
    ['before', () => waiting, 2],
    ['after', () => verified, 1],
  ] as const)('are the same for developers and administrators %s the verification', async (_when, app, count) => {
    const { clientId } = app();
    const name = app() === waiting ? 'Waiting' : 'Confirmed';
    const developers = await openFarAway('/developer/apps', dev.session);
    const onCard = await deadlinesOn(developers, `article:has-text("${name}")`);
    const admins = await openFarAway('/review', ada.session);
    await admins.getByText(webEn.reviewDeadline.rule).waitFor();
    const inQueue = await deadlinesOn(admins, `tr:has-text("${name}")`);
    await admins.goto(`${portal.server.origin}/review/apps/${clientId}`);
    const onReview = await deadlinesOn(admins, 'main');
    expect(onCard).toHaveLength(count);
    expect({ inQueue, onReview }).toEqual({ inQueue: onCard, onReview: onCard });
    // The timeline on the developer's page of the app has the steps as headings of their own.
    await developers.goto(`${portal.server.origin}/developer/apps/${clientId}`);
    await developers.locator('.mantine-Timeline-root').waitFor();
    const timeline = await visibleText(developers, '.mantine-Timeline-root');
    await developers.getByText(webEn.reviewDeadline.rule).waitFor();
    for (const deadline of onCard) expect(timeline).toContain(deadline);
  });

  it('are those of the API, for both, and those that emails state', async () => {
    for (const { clientId } of [waiting, verified]) {
      const ofDeveloper = await clockFor(dev, `/developer/apps/${clientId}`);
      expect(ofDeveloper).toMatchObject({ due: expect.any(String), enableBy: expect.any(String) });
      expect(await clockFor(ada, `/review/apps/${clientId}`)).toEqual(ofDeveloper);
      const { body } = await ada.call('GET', '/review/queue');
      const item = body.items.find((one: { clientId: string }) => one.clientId === clientId);
      expect(item.clock).toEqual(ofDeveloper);
    }
    const { due } = await clockFor(dev, `/developer/apps/${verified.clientId}`);
    const day = formatLongDate('en', new Date(due), 'America/New_York');
    const emails = await listEmails(portal.server, dev.email);
    expect(emails.find(({ subject }) => subject === 'Confirmed: we verified your identity')?.text).toContain(
      `activate the app for real patients by ${day} at the latest`,
    );
    await ada.call('POST', `/review/apps/${verified.clientId}/ask`, { version: 1, question: 'Whose server?' });
    const [question] = (await listEmails(portal.server, dev.email)).filter(({ subject }) => /question/.test(subject));
    expect(question?.text).toContain(`Step 2: activation for real patients, by ${day}`);
  });

  it('are as many in the rules for developers as the deadlines have, in both languages and in the guide', () => {
    for (const { reviewDeadline } of [webEn, webEs]) {
      expect(reviewDeadline.rule.match(/\d+(?= (?:more )?(?:business days|días hábiles))/g)?.map(Number)).toEqual([
        DAYS_TO_VERIFY,
        DAYS_TO_ENABLE,
      ]);
    }
    expect(readGuide('faq')).toContain(
      `within ${DAYS_TO_VERIFY + DAYS_TO_ENABLE} business days: ${DAYS_TO_VERIFY} to verify you, and ${DAYS_TO_ENABLE} more to activate the app`,
    );
  });
});
