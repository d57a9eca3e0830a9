import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPatientAccount,
  createRepresentativeAccount,
  findProfileByUsername,
  listAccountRecords,
} from '../../src/identity/index.ts';
import { days, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { attributeOf, csrfIn, hasElement, linkIn, textOf, textsOf } from '../support/browser/html.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson, PASSWORD } from './invited-person.ts';
import {
  addUnenrolledPatient,
  emailsTo,
  FRONT_DESK,
  motherAsRecipient,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const newName = (): string => `jane-${random.bytes(5).toString('hex')}`;

async function recordsOf(username: string) {
  const person = await findProfileByUsername(server.db, username);
  return person === undefined ? [] : listAccountRecords(server.db, person.accountId);
}

const somebody = async (
  changes: Parameters<typeof addUnenrolledPatient>[1] = {},
  input: Parameters<typeof sendInvitation>[2] = {},
) => {
  const person = await addUnenrolledPatient(server, changes);
  const invitation = await sendInvitation(server, person, input);
  return { person, ...invitation, browser: new InvitedPerson(server.app, invitation) };
};

const born = (age: number): string => `${server.clock.now().getUTCFullYear() - age}-01-01`;

describe('a patient invited by email', () => {
  it('sees for whom the invitation is, masked, and what comes next', async () => {
    const { browser, path } = await somebody();
    const page = await browser.get(path);
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(textOf(page)).toContain('Live practice invites J… A… S…, born 19**, to create an account.');
    expect(textOf(page)).toContain('This invitation expires on');
    expect(page.body).not.toContain('Jane');
  });

  it('proves their identity, chooses username and password, and is signed in', async () => {
    const { person, code, browser, path } = await somebody();
    const username = newName();
    const proved = await browser.prove(person, code);
    expect(proved).toMatchObject({ status: 303, location: `${path}/account` });
    const account = await browser.get(`${path}/account`);
    expect(textOf(account)).toContain(`We will email you at ${person.email}.`);
    expect(attributeOf(account, '[name=username]', 'value')).toMatch(/^jane\.stone\d+$/);
    expect(await browser.choose(username)).toMatchObject({ status: 303, location: `${path}/key` });
    const done = await browser.finish();
    expect(done).toMatchObject({ status: 303, location: '/enroll/done' });
    const last = await browser.get('/enroll/done');
    expect(textOf(last)).toContain('Your account is ready');
    expect(textOf(last)).toContain(`Your username is ${username}.`);
    expect(linkIn(last, '^/account/security/')).not.toBe('');
    expect(await recordsOf(username)).toMatchObject([{ recordId: person.recordId, relation: 'self' }]);
    expect(await findProfileByUsername(server.db, username)).toMatchObject({
      email: person.email,
      displayName: person.name,
      language: 'en',
      hasPassword: true,
    });
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('used');
  });

  it('can sign in with these, and cannot reuse the invitation', async () => {
    const { person, code, browser, path } = await somebody();
    const username = newName();
    await browser.enroll(person, code, username);
    expect(await browser.get(path)).toMatchObject({ status: 303, location: '/enroll/done' });
    expect(await browser.get(`${path}/key`)).toMatchObject({ status: 303, location: '/enroll/done' });
    const other = new InvitedPerson(server.app, { path });
    expect((await other.signIn('/sign-in', { username, password: PASSWORD })).status).toBe(303);
  });

  it('can go back and forth and reload without losing anything', async () => {
    const { person, code, browser, path } = await somebody();
    await browser.prove(person, code);
    expect((await browser.get(`${path}/proof`)).location).toBe(`${path}/account`);
    expect((await browser.get(`${path}/key`)).location).toBe(`${path}/account`);
    const username = newName();
    await browser.choose(username, { language: 'es' });
    expect(attributeOf(await browser.get(`${path}/account`), '[name=username]', 'value')).toBe(username);
    const bad = await browser.finish('short');
    expect(bad.status).toBe(400);
    expect(textOf(bad)).toContain('at least 15 characters');
    expect(await browser.get(`${path}/key`)).toMatchObject({ status: 200 });
    expect(textOf(await browser.finish(PASSWORD, 'maple otter violin 48'))).toContain('don’t match');
    expect((await browser.finish()).location).toBe('/enroll/done');
    expect((await findProfileByUsername(server.db, username))?.language).toBe('es');
  });

  it('answers again after more than half an hour', async () => {
    const { person, code, browser, path } = await somebody();
    await browser.prove(person, code);
    server.clock.advance(minutes(31));
    const back = await browser.get(`${path}/account`);
    expect(back.location).toBe(`${path}/proof?again=1`);
    expect(textOf(await browser.get(back.location ?? ''))).toContain('answer again');
  });

  it('is shown how to get the code while none was issued, and no attempt is counted', async () => {
    const person = await addUnenrolledPatient(server);
    const { invitationId, path } = await sendInvitation(server, person);
    await server.enrollments.resend(FRONT_DESK, invitationId);
    await server.db.queryText('update practice set phone = $1 where practice_id = $2', [
      '480-555-0199',
      person.practiceId,
    ]);
    server.clock.advance(days(8));
    const fresh = await emailsTo(server, person.email);
    const [, link = path] = /(\/enroll\/[\w-]+)/.exec(fresh[0]?.content ?? '') ?? [];
    const browser = new InvitedPerson(server.app, { path: link });
    const page = await browser.get(`${link}/proof`);
    expect(textOf(page)).toContain('First, get a six-digit code');
    expect(textOf(page)).toContain('call Live practice at 480-555-0199');
    expect(hasElement(page, '[name=have]')).toBe(true);
    const confirmation = await browser.get(`${link}/proof?have=1`);
    expect(textOf(confirmation)).toContain('A code expires after 7 days, and only the newest one works.');
    for (let tries = 0; tries < 7; tries += 1) await browser.prove(person, '123456');
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('open');
    await server.db.queryText('update practice set phone = null', []);
  });
});

describe('a patient invited by letter', () => {
  it('can type the code in any notation, and may leave out the email address', async () => {
    const { person, path, code, browser } = await somebody({}, { email: undefined });
    const typed = path
      .replace('/enroll/', '')
      .toLowerCase()
      .replaceAll('0', 'o')
      .replaceAll('1', 'l')
      .replaceAll('-', ' ');
    const begin = await browser.get('/enroll');
    expect(textOf(begin)).toContain('Enter the code from your letter');
    const csrf = csrfIn(begin);
    expect(await browser.post('/enroll', { csrf, code: ` ${typed} ` })).toMatchObject({ status: 303, location: path });
    const short = await browser.post('/enroll', { csrf, code: typed.slice(0, -1) });
    expect(short.status).toBe(400);
    expect(textOf(short)).toContain('has 16 letters and digits, but you entered 15');
    const username = newName();
    await browser.enroll(person, code, username);
    expect(await findProfileByUsername(server.db, username)).toMatchObject({ email: undefined });
    expect(await recordsOf(username)).toHaveLength(1);
  });

  it('enters an email address that is confirmed before it is used', async () => {
    const { person, code, browser } = await somebody({}, { email: undefined });
    const username = newName();
    await browser.prove(person, code);
    await browser.choose(username, { email: `${username}@example.org` });
    expect((await browser.finish()).location).toBe('/enroll/done?mail=1');
    expect((await findProfileByUsername(server.db, username))?.email).toBeUndefined();
    const [mail] = await emailsTo(server, `${username}@example.org`);
    expect(mail?.content).toMatch(/http:\/\/localhost:8080\/\S+/);
  });

  it('of 12 to 17 cannot enter an email address of a guardian', async () => {
    const { person, code, browser } = await somebody({ patient: { birthDate: born(15) } }, { email: undefined });
    await browser.prove(person, code);
    const rejected = await browser.choose(newName(), { email: person.mother.email });
    expect(rejected.status).toBe(400);
    expect(textOf(rejected)).toContain('Use an address that only you can read');
  });
});

describe('a representative', () => {
  it('creates their own account, which can open the patient’s record', async () => {
    const child = await addUnenrolledPatient(server, { patient: { birthDate: born(7) } });
    const { path, code } = await sendInvitation(server, child, motherAsRecipient(child));
    const browser = new InvitedPerson(server.app, { path });
    const start = await browser.get(path);
    expect(textOf(start)).toContain('invites R… S… to see the health record of J… A… S…, born 20**.');
    expect(textOf(await browser.get(`${path}/proof`))).toContain('The patient’s date of birth');
    const username = newName();
    await browser.enroll(child, code, username);
    expect(await recordsOf(username)).toMatchObject([{ recordId: child.recordId, relation: 'representative' }]);
    expect((await findProfileByUsername(server.db, username))?.displayName).toBe('Rosa Stone');
    const rows = await server.db.queryText('select related_person_id from representation where record_id = $1', [
      child.recordId,
    ]);
    expect(rows).toEqual([{ related_person_id: child.mother.id }]);
  });

  it('signs in to an existing account, and the record is added', async () => {
    const [first, second] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const email = `both-${newName()}@example.org`;
    const username = newName();
    const one = await sendInvitation(server, first, { ...motherAsRecipient(first), email });
    await new InvitedPerson(server.app, one).enroll(first, one.code, username);
    const other = await sendInvitation(server, second, { ...motherAsRecipient(second), email });
    const browser = new InvitedPerson(server.app, other);
    await browser.prove(second, other.code);
    // The email address has an account already, so no second account is created.
    expect(textOf(await browser.get(`${other.path}/account`))).toContain('You already have an account');
    expect((await browser.get(`${other.path}/add`)).location).toContain('/sign-in?return_to=');
    await browser.signIn(`/sign-in?return_to=${other.path}/add`, { username, password: PASSWORD });
    const ask = await browser.get(`${other.path}/add`);
    expect(textOf(ask)).toContain('You are signed in as Rosa Stone');
    expect(await recordsOf(username)).toHaveLength(1);
    expect((await browser.send('/add', {})).location).toBe('/enroll/done?added=1');
    expect(textOf(await browser.get('/enroll/done?added=1'))).toContain('The health record was added to your account');
    expect(await recordsOf(username)).toHaveLength(2);
  });

  it('cannot be the patient or a shared account', async () => {
    const person = await addUnenrolledPatient(server);
    const own = { username: newName(), password: PASSWORD, displayName: 'Jane', published: false };
    await server.db.transaction((tx) =>
      createPatientAccount(tx, { clock: server.clock, random, passwordCost }, { ...own, recordId: person.recordId }),
    );
    const { path, code } = await sendInvitation(server, person, motherAsRecipient(person));
    const browser = new InvitedPerson(server.app, { path });
    await browser.signIn('/sign-in', own);
    expect((await browser.prove(person, code)).location).toBe(`${path}/add`);
    const rejected = await browser.send('/add', {});
    expect(rejected.status).toBe(400);
    expect(textOf(rejected)).toContain('This record can’t be added to that account');
    await browser.signIn('/sign-in', { username: 'patientapitest', password: 'Password1!' });
    expect(textOf(await browser.get(`${path}/add`))).toContain('Health records can’t be added to that account');
    expect((await browser.send('/add', {})).status).toBe(403);
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('open');
  });
});

describe('another person’s account', () => {
  const enrolledMother = async (child: UnenrolledPatient) => {
    const { path, code } = await sendInvitation(server, child, motherAsRecipient(child));
    const username = newName();
    await new InvitedPerson(server.app, { path }).enroll(child, code, username);
    return { username, password: PASSWORD, displayName: 'Rosa Stone', published: false };
  };

  it('cannot get the record of a patient of 12 to 17, so a guardian with the code cannot use it', async () => {
    const guardian = await enrolledMother(await addUnenrolledPatient(server, { patient: { birthDate: born(7) } }));
    const { person, code, browser } = await somebody({ patient: { birthDate: born(14) } }, { email: undefined });
    await browser.signIn('/sign-in', guardian);
    await browser.prove(person, code);
    expect((await browser.send('/add', {})).status).toBe(400);
    expect(await recordsOf(guardian.username)).toHaveLength(1);
    const grown = await somebody({ patient: { birthDate: born(19) } }, { email: undefined });
    await grown.browser.signIn('/sign-in', guardian);
    await grown.browser.prove(grown.person, grown.code);
    expect((await grown.browser.send('/add', {})).location).toBe('/enroll/done?added=1');
  });

  it('of the mother, who represents the child, cannot become the father’s', async () => {
    const father = {
      id: random.uuid(),
      name: [{ family: 'Stone', given: ['Tom'] }],
      relationship: [{ text: 'father' }],
    };
    const child = await addUnenrolledPatient(server, { patient: { birthDate: born(7) }, father });
    const mother = await enrolledMother(child);
    const whom = { kind: 'representative', relatedPersonId: father.id } as const;
    await expect(sendInvitation(server, child, { whom, email: child.mother.email })).rejects.toMatchObject({
      rejection: 'address-used',
    });
    const { path, code } = await sendInvitation(server, child, { whom, email: undefined });
    const browser = new InvitedPerson(server.app, { path });
    await browser.signIn('/sign-in', mother);
    await browser.prove(child, code);
    const rejected = await browser.send('/add', {});
    expect(rejected.status).toBe(400);
    expect(textOf(rejected)).toContain('This record can’t be added to that account');
    const rows = await server.db.queryText('select related_person_id from representation where record_id = $1', [
      child.recordId,
    ]);
    expect(rows).toEqual([{ related_person_id: child.mother.id }]);
  });
});

describe('a patient of a second practice', () => {
  const withAccount = async (username: string, birthDate = '1974-07-04') => {
    const there = await addUnenrolledPatient(server, { kind: 'sandbox', patient: { birthDate } });
    const own = { username, password: PASSWORD, displayName: 'Jane Ada Stone', published: false };
    await server.db.transaction((tx) =>
      createPatientAccount(tx, { clock: server.clock, random, passwordCost }, { ...own, recordId: there.recordId }),
    );
    return own;
  };

  it('adds the record to the account of the first', async () => {
    const own = await withAccount(newName());
    const { person, code, browser } = await somebody();
    await browser.signIn('/sign-in', own);
    await browser.prove(person, code);
    expect((await browser.send('/add', {})).location).toBe('/enroll/done?added=1');
    expect((await recordsOf(own.username)).map(({ relation }) => relation)).toEqual(['self', 'self']);
  });

  it('must have the same birth date', async () => {
    const own = await withAccount(newName(), '1990-01-01');
    const { person, code, browser } = await somebody();
    await browser.signIn('/sign-in', own);
    await browser.prove(person, code);
    expect((await browser.send('/add', {})).status).toBe(400);
    expect(await recordsOf(own.username)).toHaveLength(1);
  });
});

describe('a person who declines', () => {
  it('can change their mind with the same link', async () => {
    const { person, browser, path, code } = await somebody();
    expect(textOf(await browser.get(`${path}/decline`))).toContain('Decline this invitation');
    expect((await browser.send('/decline', {})).location).toBe(path);
    expect(textOf(await browser.get(path))).toContain('You declined this invitation');
    expect((await browser.get(`${path}/proof`)).location).toBe(path);
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('declined');
    expect(
      await server.enrollments
        .invite(FRONT_DESK, { recordId: person.recordId, whom: { kind: 'patient' }, email: undefined, language: 'en' })
        .catch((error) => error.rejection),
    ).toBe('declined');
    await browser.send('', {}, '/undo');
    expect(textOf(await browser.get(path))).toContain('born 19**');
    expect((await browser.prove(person, code)).status).toBe(303);
  });

  it('as a representative declines only for themselves', async () => {
    const person = await addUnenrolledPatient(server);
    const { path } = await sendInvitation(server, person, motherAsRecipient(person));
    await new InvitedPerson(server.app, { path }).send('/decline', {});
    await expect(sendInvitation(server, person)).resolves.toMatchObject({ code: expect.stringMatching(/^\d{6}$/) });
  });
});

describe('the notification of a new account', () => {
  it('goes to each contact on the chart, with advice if it was not them', async () => {
    const { person, code, browser } = await somebody();
    await browser.enroll(person, code, newName());
    for (const address of [person.email, person.otherEmail]) {
      const [mail] = await emailsTo(server, address);
      expect(mail?.subject).toBe('An account was set up at Live practice');
      expect(mail?.content).toContain('If J… A… S… did not create it, call Live practice right away.');
    }
  });

  it('goes to the guardian of a patient of 12 to 17, whose access continues', async () => {
    const person: UnenrolledPatient = await addUnenrolledPatient(server, { patient: { birthDate: born(14) } });
    const guardian = await sendInvitation(server, person, motherAsRecipient(person));
    const guardianName = newName();
    await new InvitedPerson(server.app, guardian).enroll(person, guardian.code, guardianName);
    const own = await sendInvitation(server, person);
    await new InvitedPerson(server.app, own).enroll(person, own.code, newName());
    const [mail] = await emailsTo(server, person.mother.email);
    expect(mail?.subject).toContain('a young patient now has their own account');
    expect(await recordsOf(guardianName)).toHaveLength(1);
  });

  it('goes to the patient when a representative gets access', async () => {
    const person = await addUnenrolledPatient(server);
    const { path, code } = await sendInvitation(server, person, motherAsRecipient(person));
    await new InvitedPerson(server.app, { path }).enroll(person, code, newName());
    const [mail] = await emailsTo(server, person.otherEmail);
    expect(mail?.content).toContain('R… S… (mother) can see the health record of J… A… S…');
  });
});

describe('a username', () => {
  it('that is taken is reported only after identity proofing, with available alternatives', async () => {
    const { person, code, browser, path } = await somebody();
    const taken = { username: newName(), password: undefined, displayName: 'X', published: false };
    await server.db.transaction((tx) =>
      createRepresentativeAccount(tx, { clock: server.clock, random, passwordCost }, taken),
    );
    const before = await browser.send('/proof', { username: taken.username, language: 'en' }, '/account');
    expect(before.location).toBe(`${path}/proof`);
    await browser.prove(person, code);
    const rejected = await browser.choose(taken.username.toUpperCase());
    expect(rejected.status).toBe(400);
    expect(textOf(rejected)).toContain('This username is taken');
    expect(textOf(rejected)).toMatch(/For example, these are free: [\w.]+/);
    expect(textOf(rejected, 'title')).toContain('Error: Choose a username');
    for (const impossible of ['', 'ab', 'two words', '<b>jane</b>', 'x'.repeat(101)])
      expect((await browser.choose(impossible)).status).toBe(400);
  });

  it('that is taken is reported twenty times, and then no longer', async () => {
    const { person, code, browser } = await somebody();
    await browser.prove(person, code);
    const notified = [];
    for (let tries = 0; tries < 21; tries += 1) notified.push(textOf(await browser.choose('patientapitest')));
    expect(notified.filter((text) => text.includes('This username is taken'))).toHaveLength(20);
    expect(notified.at(-1)).toContain('This username isn’t valid');
  });

  it('is not requested if the email address has an account by now', async () => {
    const { person, code, browser, path } = await somebody();
    await browser.prove(person, code);
    await browser.choose(newName());
    const other = { username: newName(), password: undefined, displayName: 'X', published: false, email: person.email };
    await server.db.transaction((tx) =>
      createRepresentativeAccount(tx, { clock: server.clock, random, passwordCost }, other),
    );
    expect((await browser.finish()).location).toBe(`${path}/account`);
    expect(textOf(await browser.get(`${path}/account`))).toContain('You already have an account');
    expect(textOf(await browser.get(`${path}/account`))).toContain('Not your account? Please call Live practice');
  });

  it('that was chosen and never used is forgotten', async () => {
    const { person, code, browser } = await somebody();
    await browser.prove(person, code);
    await browser.choose(newName());
    server.clock.advance(minutes(31));
    await server.purgeExpired();
    const rows = await server.db.queryText('select step_hash, step_answers from invitation where record_id = $1', [
      person.recordId,
    ]);
    expect(rows).toEqual([{ step_hash: null, step_answers: null }]);
  });

  it('that another person takes meanwhile is requested again', async () => {
    const { person, code, browser, path } = await somebody();
    const username = newName();
    await browser.prove(person, code);
    await browser.choose(username);
    const other = { username, password: undefined, displayName: 'X', published: false };
    await server.db.transaction((tx) =>
      createRepresentativeAccount(tx, { clock: server.clock, random, passwordCost }, other),
    );
    expect((await browser.finish()).location).toBe(`${path}/account?taken=1`);
    expect(textOf(await browser.get(`${path}/account?taken=1`))).toContain('This username is taken');
    await browser.choose(newName());
    expect((await browser.finish()).location).toBe('/enroll/done');
  });
});

it('enrollment is in Spanish for a person invited in Spanish, until they choose another language', async () => {
  const { browser, path } = await somebody({}, { language: 'es' });
  expect(textOf(await browser.get(path))).toContain('Vea su expediente médico en línea');
  expect(textsOf(await browser.get(`${path}/proof`), 'label').join()).toMatch(/Día,.*Mes,.*Año/);
  await browser.get(`/language?to=en&return_to=${path}`);
  expect(textOf(await browser.get(path))).toContain('See your health record online');
});
