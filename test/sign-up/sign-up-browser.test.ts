import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  expectNoProblemsAnywhere,
  followLink,
  navigateInPortal,
  openPortal,
  pressButton,
  type WindowOptions,
  waitForTitle,
} from '../support/browser/portal-browser.ts';
import { emailLink, listEmailsTo } from '../support/people/account-security.ts';
import { apiCaller } from '../support/people/developer-portal.ts';
import { PASSWORD, requestSignUpLink, SIGN_UP, signUp } from '../support/people/sign-up.ts';

const portal = openPortal();
const { open } = portal;

/** Time limit in milliseconds, enough for a browser on a busy machine. */
const PATIENCE = 120_000;

const newPage = (reader: WindowOptions = {}): Promise<Page> => portal.newPage({ ...reader, timeout: PATIENCE / 2 });

/** Checks the page in the window's current color scheme. */
const checkPage = (page: Page, what: string, colorScheme: 'light' | 'dark' = 'light'): Promise<void> =>
  expectNoProblemsAnywhere(page, what, [colorScheme]);

describe('sign-up', () => {
  it(
    'takes five steps: the portal introduces itself, the email leads on, the first page explains what comes next',
    async () => {
      const page = await newPage();
      await open(page, '/developer');
      await checkPage(page, 'landing');
      await followLink(page, 'Sign up');
      await checkPage(page, 'sign-up');
      await page.getByLabel('Your work email address').fill('no address');
      await pressButton(page, 'Send me the link');
      await checkPage(page, 'sign-up with a fault');
      await page.getByLabel('Your work email address').fill('ada@first.example');
      await pressButton(page, 'Send me the link');
      await waitForTitle(page, 'Check your email');
      await checkPage(page, 'sent');
      await page.getByRole('link', { name: 'Outbox' }).click();
      await page.getByRole('article').getByRole('link').first().click();
      await checkPage(page, 'account');
      await pressButton(page, 'Create account');
      await checkPage(page, 'account with faults');
      await page.getByLabel('Your name').fill('Ada Lovelace');
      await page.getByLabel('Choose a password').fill(PASSWORD);
      await pressButton(page, 'Create account');
      await waitForTitle(page, 'Add app');
      await page.getByText(/^Your account is ready\. Add your first app/).waitFor();
      await open(page, '/developer');
      await waitForTitle(page, 'Hello, Ada Lovelace');
      await page.getByRole('link', { name: 'Add app' }).waitFor();
      await checkPage(page, 'first page');
      await open(page, '/account/security');
      await checkPage(page, 'security');
      await page.getByRole('link', { name: 'Developer portal' }).click();
      await waitForTitle(page, 'Hello, Ada Lovelace');
    },
    PATIENCE,
  );

  it(
    'works with a passkey and without a password',
    async () => {
      const page = await newPage();
      const devtools = await page.context().newCDPSession(page);
      onTestFinished(() => devtools.detach());
      await devtools.send('WebAuthn.enable');
      const options = {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
      } as const;
      await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
      });
      await open(page, await requestSignUpLink(portal.server, 'key@key.example'));
      await page.getByLabel('Your name').fill('Kay Ey');
      await pressButton(page, 'Use a passkey instead');
      await checkPage(page, 'passkey');
      await pressButton(page, 'Create passkey and account');
      await waitForTitle(page, 'Add app');
      await open(page, '/developer');
      await waitForTitle(page, 'Hello, Kay Ey');
      expect(await page.getByText('Make your account more secure').count()).toBe(0);
    },
    PATIENCE,
  );

  it('explains what to do when a link has expired', async () => {
    const page = await newPage();
    await open(page, `${SIGN_UP}/nothing`);
    await checkPage(page, 'over');
  });
});

describe('an organization', () => {
  it(
    'accepts a request, invites others, and is displayed correctly to a person who waits',
    async () => {
      const boss = await signUp(portal.server, 'boss@maker.example', { name: 'Bo Ss', organisation: 'Maker' });
      const asking = await signUp(portal.server, 'grace@maker.example', { name: 'Grace Hopper' });
      const page = await newPage({ session: asking.browser.cookie('session') });
      await open(page, '/developer');
      await page.getByText('Waiting for Maker’s administrators').waitFor();
      await checkPage(page, 'waiting');
      await navigateInPortal(page, '/developer/organisation');
      await page.getByRole('heading', { name: 'You don’t belong to an organization' }).waitFor();
      await checkPage(page, 'nowhere');

      await portal.switchSession(page, boss.browser.cookie('session'));
      await open(page, '/developer');
      await page.getByText('1 person asks to join Maker.').waitFor();
      await page.getByRole('link', { name: 'Review requests' }).click();
      await page.getByRole('heading', { name: 'Requests to join' }).waitFor();
      await page.getByLabel('Email address').fill('nobody');
      await page.getByLabel('Email address').evaluate((input: { form: { noValidate: boolean } }) => {
        input.form.noValidate = true;
      });
      await pressButton(page, 'Send invitation');
      await page.getByText('Enter an email address, such as').first().waitFor();
      await page.getByLabel('Email address').fill('guest@elsewhere.example');
      await pressButton(page, 'Send invitation');
      await page.getByText('The invitation to guest@elsewhere.example is on its way.').waitFor();
      await checkPage(page, 'organization');
      await pressButton(page, 'Approve Grace Hopper');
      await page.getByText('Grace Hopper joined the organization. We let them know by email.').waitFor();
      await page.getByRole('button', { name: 'Remove Grace Hopper' }).waitFor();
      await pressButton(page, 'Edit name or website');
      await page.getByRole('dialog').waitFor();
      await checkPage(page, 'dialog');
      await page.getByRole('dialog').getByLabel('Website').fill('https://maker.example');
      await pressButton(page, 'Save');
      await page.getByRole('link', { name: 'https://maker.example' }).waitFor();

      await portal.switchSession(page, asking.browser.cookie('session'));
      await open(page, '/developer/organisation');
      await page.getByText('Can do everything').or(page.getByText('Can add and change apps')).first().waitFor();
      expect(await page.getByRole('button', { name: 'Send invitation' }).count()).toBe(0);

      await portal.switchSession(page, undefined);
      await open(page, emailLink((await listEmailsTo(portal.server, 'guest@elsewhere.example'))[0], portal.server));
      await page.getByRole('heading', { name: 'Join Maker' }).waitFor();
      await checkPage(page, 'invited');
    },
    PATIENCE,
  );

  it(
    'invites an existing account, which signs in and accepts with one click',
    async () => {
      const boss = await signUp(portal.server, 'boss@two.example', { organisation: 'Two' });
      const guest = await signUp(portal.server, 'guest@three.example', { organisation: 'Three' });
      const api = apiCaller(portal.server, boss.browser.cookie('session'));
      const [{ organisationId }] = (await api.call('GET', '/developer/organisations')).body.organisations;
      const invitation = { email: 'guest@three.example', role: 'reader' };
      await api.call('POST', `/developer/organisations/${organisationId}/invitations`, invitation);
      const link = emailLink((await listEmailsTo(portal.server, 'guest@three.example'))[0], portal.server);
      const page = await newPage();
      await open(page, link);
      await checkPage(page, 'take on, signed out');
      await portal.switchSession(page, guest.browser.cookie('session'));
      await open(page, link);
      await checkPage(page, 'take on');
      await pressButton(page, 'Join Two');
      await page.getByRole('heading', { name: 'Two', exact: true }).waitFor();
      await checkPage(page, 'as a reader, of two organizations');
    },
    PATIENCE,
  );

  it(
    'is displayed in Spanish and in dark colors too',
    async () => {
      const boss = await signUp(portal.server, 'jefa@tres.example', { name: 'Je Fa', organisation: 'Tres' });
      await signUp(portal.server, 'otra@tres.example', { name: 'O Tra' });
      const page = await newPage({ session: boss.browser.cookie('session'), locale: 'es', colorScheme: 'dark' });
      await open(page, '/developer');
      await page.getByRole('heading', { name: 'Hola, Je Fa' }).waitFor();
      await page.getByRole('link', { name: 'Revisar las solicitudes' }).waitFor();
      await checkPage(page, 'first page', 'dark');
      await navigateInPortal(page, '/developer/organisation');
      await page.getByRole('heading', { name: 'Solicitudes para unirse' }).waitFor();
      await checkPage(page, 'organization', 'dark');
      await portal.switchSession(page, undefined);
      await open(page, '/developer');
      await page.getByRole('heading', { name: 'Cree con los datos de los pacientes' }).waitFor();
      await checkPage(page, 'landing', 'dark');
      await navigateInPortal(page, '/developer/organisation');
      await checkPage(page, 'organization, signed out', 'dark');
    },
    PATIENCE,
  );
});
