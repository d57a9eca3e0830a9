import { Secret, TOTP } from 'otpauth';
import { textInput } from '../../../src/intake/index.ts';
import { later } from '../../../src/kernel/index.ts';
import { listLatestEmails, type StoredEmail } from '../../../src/mail/index.ts';
import { csrfIn, textOf, textsOf } from '../browser/html.ts';
import { inClear } from '../in-clear.ts';
import type { TestServer } from '../servers/server.ts';
import { addLivePatient, type LivePerson } from './live-patient.ts';
import { type BrowserResponse, PatientBrowser } from './patient.ts';
import { submitForm } from './practice-portal.ts';

export const SECURITY = '/account/security';

/** Adds a patient with an email address and a language to the live practice. */
export async function addPatientWithEmail(
  server: TestServer,
  { email, language = 'en' }: { email?: string; language?: 'en' | 'es' } = {},
): Promise<LivePerson> {
  made += 1;
  const patient = {
    resourceType: 'Patient',
    id: `way-${made}`,
    name: [{ family: 'Way', given: ['Ina'] }],
    gender: 'other',
  };
  const person = await addLivePatient(server, [textInput('way', JSON.stringify(patient))]);
  await server.db.queryText('update account set email = $2, language = $3 where account_id = $1', [
    person.accountId,
    email ?? null,
    language,
  ]);
  return person;
}
let made = 0;

/** Opens a browser in which this person has just signed in with only a password. */
export async function signInWithPassword(
  server: TestServer,
  person: { readonly username: string; readonly password: string },
): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  const response = await browser.signIn('/sign-in', person);
  if (response.status !== 303) throw new Error(`not signed in: ${response.status} ${response.body}`);
  return browser;
}

/**
 * Returns the code that an authenticator app shows.
 * @param steps number of 30-second steps from now
 */
export function authenticatorCode(key: string, { clock }: Pick<TestServer, 'clock'>, steps = 0): string {
  const totp = new TOTP({ secret: Secret.fromBase32(key.replaceAll(' ', '')) });
  return totp.generate({ timestamp: later(clock.now(), steps * 30_000).getTime() });
}

export const authenticatorKey = (response: BrowserResponse): string => textOf(response, 'code.typed');
export const recoveryCodesOn = (response: BrowserResponse): string[] => textsOf(response, 'li > code.typed');

/**
 * Sets up an authenticator app on its page.
 * @returns the key of the app
 */
export async function addAuthenticatorApp(
  server: TestServer,
  browser: PatientBrowser,
  page = `${SECURITY}/authenticator-app`,
): Promise<{ readonly key: string; readonly response: BrowserResponse }> {
  const setupPage = await browser.get(page);
  const key = authenticatorKey(setupPage);
  const path = page.split('?')[0] ?? page;
  const csrf = csrfIn(setupPage);
  const returnTo = new URL(page, 'http://here').searchParams.get('return_to');
  const response = await browser.post(path, {
    csrf,
    code: authenticatorCode(key, server),
    ...(returnTo === null ? {} : { return_to: returnTo }),
  });
  // Each code works once, so the clock advances to the next code.
  server.clock.advance(30_000);
  return { key, response };
}

export async function createRecoveryCodes(browser: PatientBrowser): Promise<string[]> {
  return recoveryCodesOn(await submitForm(browser, `${SECURITY}/recovery-codes`));
}

/** Returns the emails to an address, newest first. */
export async function listEmailsTo(server: Pick<TestServer, 'db'>, email: string): Promise<StoredEmail[]> {
  return (await listLatestEmails(server.db, inClear, 100)).filter(({ recipient }) => recipient === email);
}

/** Returns the path of the link in an email. */
export function emailLink(mail: StoredEmail | undefined, server: Pick<TestServer, 'config'>): string {
  const [link = ''] = /https?:\S+/.exec(mail?.content ?? '') ?? [];
  if (!link.startsWith(server.config.publicUrl)) throw new Error(`no link of ours: ${mail?.content}`);
  return link.slice(server.config.publicUrl.length);
}
