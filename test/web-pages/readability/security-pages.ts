import { linkIn } from '../../support/browser/html.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../../support/people/account-security.ts';
import { type PatientBrowser, SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { submitForm } from '../../support/people/practice-portal.ts';
import { addPasskey } from '../../support/people/staff.ts';
import type { Visit } from './visit.ts';

/** Confirmations that the overview shows after a change. */
const CHANGES = [
  'password',
  'passkey-added',
  'passkey-removed',
  'app-added',
  'app-removed',
  'email-asked',
  'language',
  'signed-out',
  'others-signed-out',
  'set-up-anew',
];

/** Visits account security: the overview, and the page of each change. */
export async function visitSecurity(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const person = await addPatientWithEmail(server, { language });
  const browser = visit.prepare(await signInWithPassword(server, person));
  await signInWithPassword(server, person);
  await visit.open('overview of a new account', browser, SECURITY);
  await visit.open('first email address', browser, `${SECURITY}/email`);
  await visit.open('no address to confirm', browser, `${SECURITY}/email/confirm`);
  await visitEmailChange(visit, browser);
  await visit.open('authenticator app', browser, `${SECURITY}/authenticator-app`);
  visit.add('authenticator app, wrong code', await submitForm(browser, `${SECURITY}/authenticator-app`, { code: '1' }));
  await addAuthenticatorApp(server, browser);
  await addPasskey(server, person.accountId);
  const overview = await visit.open('overview', browser, SECURITY);
  for (const change of CHANGES) await visit.open(`overview after ${change}`, browser, `${SECURITY}?done=${change}`);
  await visit.open('change password', browser, `${SECURITY}/password`);
  visit.add('change password, too short', await submitForm(browser, `${SECURITY}/password`, { password: 'x' }));
  await visit.open('add passkey', browser, `${SECURITY}/passkeys/add`);
  visit.add('add passkey, rejected', await submitForm(browser, `${SECURITY}/passkeys/add`, { passkey: '{}' }));
  await visit.open('remove passkey', browser, linkIn(overview, 'passkeys/remove'));
  await visit.open('remove authenticator app', browser, `${SECURITY}/authenticator-app/remove`);
  await visit.open('recovery codes', browser, `${SECURITY}/recovery-codes`);
  visit.add('recovery codes shown', await submitForm(browser, `${SECURITY}/recovery-codes`));
  await visit.open('new recovery codes', browser, `${SECURITY}/recovery-codes`);
  await visit.open('language', browser, `${SECURITY}/language`);
  await visit.open('sign out another browser', browser, linkIn(overview, 'sessions/end\\?'));
  await visit.open('sign out all other browsers', browser, `${SECURITY}/sessions/end-others`);
  server.clock.advance(6 * 60_000);
  await visit.open('confirm it is you', browser, `${SECURITY}/password`);
  const confirm = `${SECURITY}/confirm`;
  visit.add('confirm it is you, wrong password', await submitForm(browser, confirm, { password: 'x' }));
  await submitForm(browser, confirm, { password: person.password });
  await visit.open('close account', browser, `${SECURITY}/close`);
  visit.add('close account, not confirmed', await submitForm(browser, `${SECURITY}/close`));
  const closed = await submitForm(browser, `${SECURITY}/close`, { sure: 'yes' });
  await visit.open('account closed', browser, closed.location ?? '');
  await visitPasskeyOnly(visit);
  const shared = visit.browser();
  await shared.signIn('/sign-in', SANDBOX_PATIENT);
  await visit.open('overview of a shared account', shared, SECURITY);
  await visit.open('change a shared account', shared, `${SECURITY}/password`);
}

async function visitEmailChange(visit: Visit, browser: PatientBrowser): Promise<void> {
  const { server, language } = visit;
  const [first, second] = [`first.${language}@example.com`, `second.${language}@example.com`];
  await submitForm(browser, `${SECURITY}/email`, { email: first });
  await visit.open('overview with an unconfirmed address', browser, SECURITY);
  await visit.open('send confirmation again', browser, `${SECURITY}/email/confirm`);
  const linkTo = async (email: string) => emailLink((await listEmailsTo(server, email))[0], server);
  const link = await linkTo(first);
  await visit.open('confirm address', browser, link);
  visit.add('first address confirmed', await submitForm(browser, link));
  await visit.open('confirmation link expired', browser, link);
  await visit.open('change email address', browser, `${SECURITY}/email`);
  visit.add('change email address, the same', await submitForm(browser, `${SECURITY}/email`, { email: first }));
  await submitForm(browser, `${SECURITY}/email`, { email: second });
  visit.add('address changed', await submitForm(browser, await linkTo(second)));
  for (let more = 0; more < 4; more += 1) {
    await submitForm(browser, `${SECURITY}/email`, { email: `more.${more}.${language}@example.com` });
  }
  visit.add(
    'too many emails',
    await submitForm(browser, `${SECURITY}/email`, { email: `last.${language}@example.com` }),
  );
}

/** Visits pages of an account that has only a passkey. */
async function visitPasskeyOnly(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const person = await addPatientWithEmail(server, { language });
  const passkey = await addPasskey(server, person.accountId);
  await server.db.queryText('update account set password_hash = null where account_id = $1', [person.accountId]);
  const browser = visit.browser();
  await browser.usePasskey('/sign-in', passkey, '/sign-in');
  const overview = await visit.open('overview with only a passkey', browser, SECURITY);
  await visit.open('add password', browser, `${SECURITY}/password`);
  await visit.open('remove the only passkey', browser, linkIn(overview, 'passkeys/remove'));
  server.clock.advance(6 * 60_000);
  await visit.open('confirm it is you, with a passkey', browser, `${SECURITY}/password`);
}
