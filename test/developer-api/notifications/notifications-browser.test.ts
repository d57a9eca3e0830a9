import { describe, expect, it } from 'vitest';
import { submitApp } from '../../support/apps/review.ts';
import { expectNoProblemsAnywhere, openPortal } from '../../support/browser/portal-browser.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';

let dev: Developer;
let clientId: string;
const portal = openPortal(async (server) => {
  dev = await signInDeveloper(server);
  ({ clientId } = await submitApp(server, dev));
  const { call } = await signInReviewer(server);
  await call('POST', `/review/apps/${clientId}/verify`, { version: 1 });
  await call('POST', `/review/apps/${clientId}/ask`, { version: 1, question: 'Whose server is it?' });
});

describe('the notifications of a developer', () => {
  it('are counted in the header, lead to the place to act, and are read there or on their page', async () => {
    const page = await portal.openInNewPage('/developer', { session: dev.session });
    await page.getByRole('link', { name: 'Notifications: 2 unread' }).press('Enter');
    const question = page.getByRole('listitem').filter({ hasText: 'The reviewer has a question about Pillbox' });
    await question.getByRole('link', { name: 'Answer the question' }).press('Enter');
    await page.getByText('Whose server is it?').waitFor();
    await page.getByRole('link', { name: 'Notifications: 1 unread' }).press('Enter');
    await page.getByRole('button', { name: 'Mark as read: The developer of Pillbox (version 1) is verified' }).click();
    await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Mark all as read' }).waitFor({ state: 'detached' });
  });

  it('have checkboxes for their emails, which are saved at once', async () => {
    const page = await portal.openInNewPage('/developer/notifications', { session: dev.session });
    await page.getByLabel('More errors than usual').uncheck();
    await page.getByText('Your choice was saved.').waitFor();
    await page.reload();
    await page.getByLabel('Client secrets that expire within 14 days').waitFor();
    expect(await page.getByLabel('More errors than usual').isChecked()).toBe(false);
  });

  it('say that a made-up address gets no email, and offer no emails', async () => {
    const { session, accountId } = await signInDeveloper(portal.server);
    await portal.server.db.queryText(
      `update account set email = 'visitor-0123456789ab@sandbox.example' where account_id = $1`,
      [accountId],
    );
    const page = await portal.openInNewPage('/developer/notifications', { session });
    await page.getByText('Your made-up address gets no email. Notifications appear only here.').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
  });

  it('are empty for a new organization', async () => {
    const { session } = await signInDeveloper(portal.server);
    const page = await portal.openInNewPage('/developer/notifications', { session });
    await page.getByText('No notifications yet').waitFor();
    await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
  });
});

it('the page fits every width, and meets WCAG 2.2 AA', async () => {
  const page = await portal.openInNewPage('/developer/notifications', { session: dev.session });
  await page.getByText('The reviewer has a question about Pillbox').waitFor();
  await page.getByLabel('More errors than usual').waitFor();
  await expectNoProblemsAnywhere(page, 'notifications');
});
