import { createAuditLog } from '../../../src/audit/index.ts';
import { createMfaResetLink, lockAccount } from '../../../src/identity/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { createEmailQueue } from '../../../src/mail/index.ts';
import { addApp } from '../../support/apps/apps.ts';
import { inClear } from '../../support/in-clear.ts';
import {
  addAuthenticatorApp,
  addPatientWithEmail,
  authenticatorCode,
  createRecoveryCodes,
  emailLink,
  listEmailsTo,
  SECURITY,
  signInWithPassword,
} from '../../support/people/account-security.ts';
import type { LivePerson } from '../../support/people/live-patient.ts';
import { OAUTH, type PatientBrowser } from '../../support/people/patient.ts';
import { submitForm } from '../../support/people/practice-portal.ts';
import { addPasskey, addStaffMember } from '../../support/people/staff.ts';
import { until } from '../../support/runs/until.ts';
import { APP } from './names.ts';
import type { Visit } from './visit.ts';

const CODE = '/sign-in/second-factor';
const RECOVERY = '/sign-in/recovery-code';
const WRONG = { username: 'ina.way', password: 'not the password' };

/** Visits sign-in with its errors, and the page after sign-out. */
export async function visitSignIn(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const browser = visit.browser();
  await visit.open('sign in', browser, '/sign-in');
  const { client_id, redirect_uri } = await addApp(server, { name: APP });
  const query = new URLSearchParams({ response_type: 'code', client_id, redirect_uri });
  await visit.open('sign in, sent by an app', browser, `${OAUTH}/authorize?${query}`);
  visit.add('wrong password', await submitForm(browser, '/sign-in', WRONG));
  visit.add('page expired', await browser.post('/sign-in', { ...WRONG, csrf: 'expired' }));

  const person = await addPatientWithEmail(server, { language });
  const signedIn = visit.prepare(await signInWithPassword(server, person));
  visit.add('signed out', await submitForm(signedIn, SECURITY, {}, '/sign-out'));
  await server.db.transaction((tx) => lockAccount(tx, server.clock, person.username, 'lost phone'));
  const wrongAccount = await signInWithPassword(server, await addPatientWithEmail(server, { language }));
  await visit.open('wrong account', visit.prepare(wrongAccount), '/practice');
  visit.add('account locked', await submitForm(visit.browser(), '/sign-in', { ...credentials(person) }));
}

const credentials = ({ username, password }: LivePerson) => ({ username, password });

/** Enters the password of a person with a second factor. */
async function passwordAccepted(visit: Visit, person: LivePerson): Promise<PatientBrowser> {
  const browser = visit.browser();
  await submitForm(browser, '/sign-in', credentials(person));
  return browser;
}

/** Visits the second step of sign-in: authenticator app, passkey and recovery code, with their errors. */
export async function visitSecondFactor(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const person = await addPatientWithEmail(server, { language });
  const owner = visit.prepare(await signInWithPassword(server, person));
  const { key } = await addAuthenticatorApp(server, owner);
  const used = authenticatorCode(key, server, -1);
  await createRecoveryCodes(owner);
  const browser = await passwordAccepted(visit, person);
  await visit.open('second step', browser, CODE);
  await visit.open('recovery code', browser, RECOVERY);
  visit.add('wrong recovery code', await submitForm(browser, RECOVERY, { code: 'aaaaa-aaaaa' }));
  visit.add('code used before', await submitForm(browser, CODE, { code: used }));
  const guesser = await passwordAccepted(visit, person);
  visit.add('wrong code', await submitForm(guesser, CODE, { code: '000000' }));
  for (let guess = 0; guess < 4; guess += 1) await submitForm(guesser, CODE, { code: '000000' });
  const restart = await submitForm(guesser, CODE, { code: '000000' });
  await visit.open('sign in again after wrong codes', guesser, restart.location ?? '');
  const second = await passwordAccepted(visit, person);
  for (let guess = 0; guess < 5; guess += 1) await submitForm(second, CODE, { code: '000000' });
  const blocked = await passwordAccepted(visit, person);
  visit.add('no more codes', await submitForm(blocked, CODE, { code: '000000' }));

  const withPasskey = await addPatientWithEmail(server, { language });
  await addPasskey(server, withPasskey.accountId);
  const third = await passwordAccepted(visit, withPasskey);
  await visit.open('second step with a passkey', third, CODE);
  visit.add('passkey rejected', await submitForm(third, CODE, { passkey: '{}' }, `${CODE}/passkey`));
}

/** Visits the pages for a forgotten password and for a lost second factor. */
export async function visitRecovery(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const browser = visit.browser();
  const email = `ina.way.${language}@example.com`;
  const person = await addPatientWithEmail(server, { email, language });
  await visit.open('forgot password', browser, '/forgot');
  visit.add('forgot password, no address', await submitForm(browser, '/forgot', { email: 'x' }));
  const sent = await submitForm(browser, '/forgot', { email });
  await visit.open('reset email sent', browser, sent.location ?? '');
  await until(async () => (await listEmailsTo(server, email)).length > 0);
  const link = emailLink((await listEmailsTo(server, email))[0], server);
  await visit.open('new password', browser, link);
  for (const [why, password] of Object.entries({ short: 'too short', common: 'passwordpassword1!', 'own name': email }))
    visit.add(`new password, ${why}`, await submitForm(browser, link, { password }));
  const done = await submitForm(browser, link, { password: 'copper lantern orchard drizzle' });
  await visit.open('password changed', browser, done.location ?? '');
  await visit.open('reset link expired', browser, link);

  const owner = visit.prepare(
    await signInWithPassword(server, { ...person, password: 'copper lantern orchard drizzle' }),
  );
  await addAuthenticatorApp(server, owner);
  await addPasskey(server, person.accountId);
  await visit.open('reset sign-in', browser, await lostFactorLink(visit, person));
  const keyOnly = await addPatientWithEmail(server, { language });
  await addPasskey(server, keyOnly.accountId);
  await server.db.queryText('update account set password_hash = null where account_id = $1', [keyOnly.accountId]);
  await visit.open('reset sign-in without a password', browser, await lostFactorLink(visit, keyOnly));
  await visit.open('reset sign-in, link expired', browser, `/recover/${'A'.repeat(43)}`);
}

/** Creates a link as the practice does for a person who lost their second factor. */
async function lostFactorLink({ server }: Visit, { accountId }: LivePerson): Promise<string> {
  const { db, clock } = server;
  const { accountId: by } = await addStaffMember(server);
  const audit = createAuditLog({ db, clock, random });
  const deps = {
    clock,
    random,
    audit,
    post: createEmailQueue({ clock, random, encryption: inClear, sends: false }),
    brandName: 'Test',
  };
  return db.transaction((tx) => createMfaResetLink(tx, deps, accountId, { by, proofing: 'photo-id' }));
}
