import { letterPage } from '../../../src/enrollment/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { InvitedPerson, PASSWORD } from '../../enrollment/invited-person.ts';
import {
  addUnenrolledPatient,
  FRONT_DESK,
  invitationFor,
  motherAsRecipient,
  type SentInvitation,
  sendInvitation,
  type UnenrolledPatient,
} from '../../enrollment/unenrolled-patients.ts';
import { parse } from '../../support/browser/html.ts';
import { SANDBOX_PATIENT } from '../../support/people/patient.ts';
import { submitForm } from '../../support/people/practice-portal.ts';
import type { Visit } from './visit.ts';

const newName = (): string => `jane-${random.bytes(5).toString('hex')}`;
const other = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

interface Invited extends SentInvitation {
  readonly person: UnenrolledPatient;
  readonly browser: InvitedPerson;
}

async function invite(
  visit: Visit,
  person: UnenrolledPatient,
  changes: Parameters<typeof sendInvitation>[2] = {},
): Promise<Invited> {
  const { server, language } = visit;
  const sent = await sendInvitation(server, person, { language, ...changes });
  return { ...sent, person, browser: visit.prepare(new InvitedPerson(server.app, sent)) };
}

/** Visits each step from an invitation by email to the account, with its errors. */
export async function visitEnrollment(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const { person, path, code, browser } = await invite(visit, await addUnenrolledPatient(server));
  await visit.open('invitation', browser, path);
  await visit.open('identity questions', browser, `${path}/proof`);
  visit.add('identity questions, nothing entered', await browser.send('/proof', {}));
  visit.add('identity questions, wrong answers', await browser.prove(person, other(code)));
  const elsewhere = visit.prepare(new InvitedPerson(server.app, { path }));
  await elsewhere.prove(person, code);
  await browser.prove(person, code);
  await visit.open('identity questions again', elsewhere, `${path}/key`);
  await visit.open('username', browser, `${path}/account`);
  visit.add('username, not valid', await browser.choose('a'));
  visit.add('username, none', await browser.choose(''));
  visit.add('username, taken', await browser.choose(SANDBOX_PATIENT.username));
  await browser.choose(newName(), { language });
  await visit.open('password or passkey', browser, `${path}/key`);
  visit.add('password, too short', await browser.finish('short'));
  visit.add('password, repeated differently', await browser.finish(PASSWORD, `${PASSWORD}!`));
  await browser.finish();
  await visit.open('account ready', visit.prepare(browser), '/enroll/done');
  await visit.open('account ready, address to confirm', browser, '/enroll/done?mail=1');
  await visit.open('invitation used elsewhere', elsewhere, `${path}/key`);
  await visit.open('invitation no longer valid', visit.browser(), path);
  await visit.open('invitation unknown', visit.browser(), '/enroll/AAAA-BBBB-CCCC-DDDD');
}

/** Visits the pages of a representative, of a person who declines, and of a person who has an account. */
export async function visitOtherInvitations(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const [first, second] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
  const email = `${newName()}@example.org`;
  const username = newName();
  const one = await invite(visit, first, { ...motherAsRecipient(first), email });
  await visit.open('invitation of a representative', one.browser, one.path);
  await visit.open('identity questions for a representative', one.browser, `${one.path}/proof`);
  await one.browser.prove(first, one.code);
  await one.browser.choose(username, { language });
  await one.browser.finish();
  const two = await invite(visit, second, { ...motherAsRecipient(second), email });
  await two.browser.prove(second, two.code);
  await visit.open('account exists', two.browser, `${two.path}/account`);
  await two.browser.signIn(`/sign-in?return_to=${two.path}/add`, { username, password: PASSWORD });
  await visit.open('add record', visit.prepare(two.browser), `${two.path}/add`);
  await two.browser.send('/add', {});
  await visit.open('record added', two.browser, '/enroll/done?added=1');

  const birthDate = `${server.clock.now().getUTCFullYear() - 14}-01-01`;
  const teenager = await addUnenrolledPatient(server, { patient: { birthDate } });
  const { person, browser, path, code } = await invite(visit, teenager, { email: undefined });
  await visit.open('decline', browser, `${path}/decline`);
  await browser.send('/decline', {});
  await visit.open('declined', browser, path);
  await browser.send('', {}, '/undo');
  await browser.signIn('/sign-in', { username, password: PASSWORD });
  await visit.prepare(browser).prove(person, code);
  visit.add('add record, account of another person', await browser.send('/add', {}));
  await browser.signIn('/sign-in', SANDBOX_PATIENT);
  await visit.open('add record, unsuitable account', visit.prepare(browser), `${path}/add`);
}

/** Visits the pages for an invitation by letter, and the letter. */
export async function visitLetter(visit: Visit): Promise<void> {
  const { server, language } = visit;
  const person = await addUnenrolledPatient(server);
  const invitation = await server.enrollments.invite(FRONT_DESK, invitationFor(person, { email: undefined, language }));
  const letter = await server.enrollments.createLetter(invitation);
  if (letter === undefined) throw new Error('it is a letter');
  const printed = letterPage(letter, { language, brand: { name: 'Live practice' }, currentPath: undefined });
  visit.addHtml('letter', `<main>${parse(printed)('article.letter').html()}</main>`);
  const browser = visit.browser();
  await visit.open('code of the letter', browser, '/enroll');
  visit.add('code of the letter, none', await submitForm(browser, '/enroll', { code: '' }));
  visit.add('code of the letter, too short', await submitForm(browser, '/enroll', { code: 'ABCD' }));
  visit.add('code of the letter, unreadable', await submitForm(browser, '/enroll', { code: 'ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ-ÄÄÄÄ' }));
  const path = `/enroll/${invitation.letterCode}`;
  await visit.open('code needed', browser, `${path}/proof`);
  await visit.open('code needed, none valid', browser, `${path}/proof?have=1`);
  for (const channel of ['phone', 'in-person'] as const) {
    await server.enrollments.issueCode(FRONT_DESK, invitation.invitationId, channel);
    await visit.open(`identity questions, code by ${channel}`, browser, `${path}/proof`);
  }
}
