import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { letterPage } from '../../src/enrollment/index.ts';
import { htmlToString, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { hasOverflow, WIDTHS } from '../support/browser/browser.ts';
import { journeyWidths, pageProblems } from '../support/browser/page-problems.ts';
import { openPortal, type WindowOptions } from '../support/browser/portal-browser.ts';
import { PASSWORD } from './invited-person.ts';
import {
  addUnenrolledPatient,
  FRONT_DESK,
  invitationFor,
  motherAsRecipient,
  type SentInvitation,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

const portal = openPortal(async (server) => {
  await server.db.queryText("update practice set phone = '480-555-0199' where kind = 'live'", []);
}, {});

const newName = (): string => `jane-${random.bytes(5).toString('hex')}`;

/** Opens a page, by default without JavaScript. */
async function open(path: string, reader: WindowOptions = {}): Promise<Page> {
  const page = await portal.newPage({ width: WIDTHS[0], javaScriptEnabled: false, ...reader });
  await portal.open(page, path);
  return page;
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();

/** Titles of pages that axe has already checked. */
const checked = new Set<string>();

async function checkPage(page: Page): Promise<void> {
  expect(await hasOverflow(page)).toBe(false);
  const language = await page.locator('html').getAttribute('lang');
  const name = `${language} ${await page.title()}`;
  if (checked.has(name)) return;
  checked.add(name);
  expect(await pageProblems(page, name, language !== 'en')).toEqual([]);
}

async function prove(page: Page, person: UnenrolledPatient, code: string): Promise<void> {
  const [year = '', month = '', day = ''] = person.birthDate.split('-');
  await page.getByLabel('Month').fill(month);
  await page.getByLabel('Day').fill(day);
  await page.getByLabel('Year').fill(year);
  await page.getByLabel('ZIP code').fill(person.postalCode);
  await page.getByLabel('Six-digit code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForLoadState();
}

async function choose(page: Page, username: string): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Confirm password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Create my account' }).click();
}

const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe.each(journeyWidths(WIDTHS[0]))('at %i pixels, without JavaScript', (width) => {
  it('a patient invited by email fixes mistakes on the way, and is signed in', async () => {
    const person = await addUnenrolledPatient(portal.server);
    const { path, code } = await sendInvitation(portal.server, person);
    const page = await open(path, { width });
    expect(await heading(page)).toBe('See your health record online');
    await checkPage(page);
    await page.getByRole('button', { name: 'Start' }).click();
    expect(await heading(page)).toBe('Confirm it’s you');
    expect(await page.getByText('Step 1 of 3').isVisible()).toBe(true);
    await checkPage(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.title()).toBe('Error: Confirm it’s you – Live practice');
    // A browser without scripts applies autofocus only when it has drawn the page.
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('error-summary');
    await checkPage(page);
    await page.getByRole('link', { name: /Enter the month, day and year of birth/ }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('birth-date');
    await prove(page, person, other(code));
    expect(await page.locator('#error-summary').textContent()).toContain('You have 4 more tries.');
    expect(await page.getByLabel('Year').inputValue()).toBe('1974');
    await page.getByLabel('Six-digit code').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await heading(page)).toBe('Choose a username');
    await checkPage(page);
    const username = newName();
    await page.getByLabel('Username').fill('a');
    await page.getByRole('button', { name: 'Continue' }).click();
    await checkPage(page);
    await page.getByLabel('Username').fill(username);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await heading(page)).toBe('Choose how you sign in');
    expect(await page.getByRole('button', { name: 'Create a passkey' }).isVisible()).toBe(false);
    await checkPage(page);
    await page.getByLabel('Password', { exact: true }).fill('too short');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await checkPage(page);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByLabel('Confirm password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create my account' }).click();
    expect(await heading(page)).toBe('Your account is ready');
    await checkPage(page);
    await page.goto(`${portal.server.origin}${path}`);
    expect(await heading(page)).toBe('Your account is ready');
  });

  it('a patient invited by letter types its code', async () => {
    const person = await addUnenrolledPatient(portal.server);
    const { invitationId, letterCode = '' } = await portal.server.enrollments.invite(
      FRONT_DESK,
      invitationFor(person, { email: undefined }),
    );
    const page = await open('/enroll', { width });
    await checkPage(page);
    await page.getByLabel('Code').fill(letterCode.slice(0, 10));
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await page.locator('#error-summary').textContent()).toContain('you entered 8');
    await checkPage(page);
    await page.getByLabel('Code').fill(letterCode.toLowerCase());
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    expect(await heading(page)).toBe('First, get a six-digit code');
    await checkPage(page);
    const code = (await portal.server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone')) ?? '';
    await page.getByRole('button', { name: 'I have the code now' }).click();
    await prove(page, person, code);
    const username = newName();
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Email address').fill(person.email);
    await page.getByRole('button', { name: 'Continue' }).click();
    expect(await heading(page)).toBe('Choose how you sign in');
    await page.goBack();
    expect(await page.getByLabel('Username').inputValue()).toBe(username);
    expect(await page.getByLabel('Email address').inputValue()).toBe(person.email);
    await choose(page, username);
    expect(await heading(page)).toBe('Your account is ready');
    expect(await page.getByText('We sent you an email.').isVisible()).toBe(true);
  });

  it('a mother creates an account for her first child, and adds the second to it', async () => {
    const birthDate = `${portal.server.clock.now().getUTCFullYear() - 6}-03-02`;
    const [first, second] = [
      await addUnenrolledPatient(portal.server, { patient: { birthDate } }),
      await addUnenrolledPatient(portal.server),
    ];
    const email = `${newName()}@example.org`;
    const one = await sendInvitation(portal.server, first, { ...motherAsRecipient(first), email });
    const page = await open(one.path, { width });
    await checkPage(page);
    await page.getByRole('button', { name: 'Start' }).click();
    await checkPage(page);
    await prove(page, first, one.code);
    const username = newName();
    await choose(page, username);
    const two = await sendInvitation(portal.server, second, { ...motherAsRecipient(second), email });
    await page.context().clearCookies();
    await portal.open(page, two.path);
    await page.getByRole('link', { name: 'I already have an account' }).click();
    await page.getByLabel('Username').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await prove(page, second, two.code);
    expect(await heading(page)).toBe('Add this health record to your account?');
    await checkPage(page);
    await page.getByRole('button', { name: 'Add record' }).click();
    expect(await heading(page)).toBe('The health record was added to your account');
    await checkPage(page);
  });

  it('a patient can decline, and an expired link explains what to do', async () => {
    const person = await addUnenrolledPatient(portal.server);
    const { path, invitationId } = await sendInvitation(portal.server, person);
    const page = await open(path, { width });
    await page.getByRole('link', { name: /I don’t want this/ }).click();
    await checkPage(page);
    await page.getByRole('button', { name: 'Decline invitation' }).click();
    expect(await heading(page)).toBe('You declined this invitation');
    await checkPage(page);
    await page.getByRole('button', { name: 'I want an account after all' }).click();
    expect(await heading(page)).toBe('See your health record online');
    await portal.server.enrollments.cancel(FRONT_DESK, invitationId);
    await page.reload();
    expect(await heading(page)).toBe('This invitation is no longer valid');
    expect(await page.getByText('call Live practice at 480-555-0199').isVisible()).toBe(true);
    await checkPage(page);
  });
});

it('everything works with the keyboard', async () => {
  const person = await addUnenrolledPatient(portal.server);
  const { path, code } = await sendInvitation(portal.server, person);
  const page = await open(`${path}/proof`, { width: 1280 });
  const [year = '', month = '', day = ''] = person.birthDate.split('-');
  await page.getByLabel('Month').focus();
  for (const text of [month, day, year, person.postalCode, code]) {
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/account$/);
  expect(await heading(page)).toBe('Choose a username');
});

it('the pages are in Spanish from the invitation to the last page', async () => {
  const person = await addUnenrolledPatient(portal.server);
  const { path, code } = await sendInvitation(portal.server, person, { language: 'es' });
  const page = await open(path);
  expect(await heading(page)).toBe('Vea su expediente médico en línea');
  await checkPage(page);
  await page.getByRole('button', { name: 'Empezar' }).click();
  for (const [label, text] of [
    ['Día', '04'],
    ['Mes', '07'],
    ['Año', '1974'],
    ['código postal', person.postalCode],
    ['seis números', other(code)],
  ] as const)
    await page.getByLabel(label).fill(text);
  await page.getByRole('button', { name: 'Continuar' }).click();
  expect(await page.locator('#error-summary').textContent()).toContain('Le quedan 4 intentos.');
  await checkPage(page);
  await page.getByLabel('seis números').fill(code);
  await page.getByRole('button', { name: 'Continuar' }).click();
  expect(await page.getByLabel('Español').isChecked()).toBe(true);
  await page.getByLabel('Nombre de usuario').fill(newName());
  await page.getByRole('button', { name: 'Continuar' }).click();
  await checkPage(page);
  await page.getByLabel('Contraseña', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Confirme la contraseña').fill(PASSWORD);
  await page.getByRole('button', { name: 'Crear mi cuenta' }).click();
  expect(await heading(page)).toBe('Su cuenta está lista');
});

it('with JavaScript a passkey can replace the password', async () => {
  const person = await addUnenrolledPatient(portal.server);
  const { path, code }: SentInvitation = await sendInvitation(portal.server, person);
  const page = await open(`${path}/proof`, { javaScriptEnabled: true, isDisposable: true });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await prove(page, person, code);
  const username = newName();
  await page.getByLabel('Username').fill(username);
  await page.getByRole('button', { name: 'Continue' }).click();
  await checkPage(page);
  await page.getByRole('button', { name: 'Create a passkey' }).click();
  await page.getByRole('heading', { name: 'Your account is ready' }).waitFor();
  // A passkey counts as two factors, so the page offers no second one.
  expect(await page.getByText('Make your account safer').isVisible()).toBe(false);
  const [row] = await portal.server.db.queryText<{ password: boolean; keys: number }>(
    `select a.password_hash is not null as password, count(k.*)::int as keys
     from account a join passkey k on k.account_id = a.account_id where a.username = $1 group by 1`,
    [username],
  );
  expect(row).toEqual({ password: false, keys: 1 });
});

it('a phone that lost its cookies answers once more, and continues', async () => {
  const person = await addUnenrolledPatient(portal.server);
  const { path, code } = await sendInvitation(portal.server, person);
  const page = await open(`${path}/proof`);
  await prove(page, person, code);
  await page.context().clearCookies();
  await page.reload();
  expect(await heading(page)).toBe('Confirm it’s you');
  await prove(page, person, code);
  portal.server.clock.advance(minutes(31));
  await page.getByLabel('Username').fill(newName());
  await page.getByRole('button', { name: 'Continue' }).click();
  expect(await page.getByRole('status').textContent()).toContain('answer again');
  await checkPage(page);
});

it.each(['en', 'es'] as const)('a letter in %s fits on one sheet, and nothing else is printed', async (language) => {
  const person = await addUnenrolledPatient(portal.server);
  const invitation = await portal.server.enrollments.invite(
    FRONT_DESK,
    invitationFor(person, { email: undefined, language }),
  );
  const letter = await portal.server.enrollments.createLetter(invitation);
  if (letter === undefined) throw new Error('it is a letter');
  const body = htmlToString(letterPage(letter, { language: 'en', brand: letter.brand, currentPath: undefined }));
  const page = await portal.newPage({ javaScriptEnabled: false });
  await page.route('**/letter', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  await portal.open(page, '/letter');
  expect(await pageProblems(page, `letter in ${language}`, language !== 'en')).toEqual([]);
  await page.emulateMedia({ media: 'print' });
  expect(await page.getByText('Print this page now').isVisible()).toBe(false);
  expect(await page.getByText(invitation.letterCode ?? '').isVisible()).toBe(true);
  const pdf = (
    await page.pdf({ format: 'Letter', margin: { top: '1.5cm', bottom: '1.5cm', left: '2cm', right: '2cm' } })
  ).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
});
