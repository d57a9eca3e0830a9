import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrollmentRejection } from '../../src/enrollment/index.ts';
import {
  addRepresentation,
  createPatientAccount,
  createRepresentativeAccount,
  type NewAccount,
} from '../../src/identity/index.ts';
import { days, type RecordId, systemRandom as random, seconds } from '../../src/kernel/index.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import {
  addUnenrolledPatient,
  emailsTo,
  FRONT_DESK,
  invitationFor,
  invitationPathFor,
  motherAsRecipient,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const rejectionOf = (work: Promise<unknown>): Promise<EnrollmentRejection | 'none'> =>
  work.then(
    () => 'none',
    (error) => error.rejection ?? String(error),
  );

const invite = (person: UnenrolledPatient, changes: Parameters<typeof invitationFor>[1] = {}) =>
  server.enrollments.invite(FRONT_DESK, invitationFor(person, changes));

const account = (changes: Partial<NewAccount> = {}): NewAccount => ({
  username: `user-${random.bytes(5).toString('hex')}`,
  password: undefined,
  displayName: 'Somebody Else',
  published: false,
  ...changes,
});

const born = (age: number): string => {
  const now = server.clock.now();
  return `${now.getUTCFullYear() - age}-01-01`;
};

describe('the chart', () => {
  it('has name, birth date, home address, contact points and related persons', async () => {
    const person = await addUnenrolledPatient(server);
    const chart = await server.enrollments.readChart(person.recordId);
    expect(chart).toMatchObject({
      name: person.name,
      birthDate: '1974-07-04',
      postalCode: '85281',
      addressLines: ['12 Elm Street', 'Apt 4', 'Tempe, AZ 85281-1234'],
      emails: [person.email, person.otherEmail],
      phones: ['4805550100'],
      language: 'en',
      missing: [],
      practiceKind: 'live',
      relatedPersons: [
        { id: person.mother.id, name: 'Rosa Stone', relationship: 'mother', emails: [person.mother.email] },
      ],
    });
  });

  it('reports missing data: a year is not a birth date, and an old address is not a home address', async () => {
    const person = await addUnenrolledPatient(server, {
      patient: {
        name: undefined,
        birthDate: '1974',
        address: [{ use: 'old', postalCode: '85201' }],
        communication: [
          { language: { coding: [{ code: 'en' }] } },
          { language: { coding: [{ code: 'es-MX' }] }, preferred: true },
        ],
      },
      mother: { active: false },
    });
    const chart = await server.enrollments.readChart(person.recordId);
    expect(chart).toMatchObject({
      missing: ['name', 'birth-date', 'postal-code'],
      age: undefined,
      language: 'es',
      relatedPersons: [],
    });
    expect(await rejectionOf(invite(person))).toBe('chart-incomplete');
    expect(await server.enrollments.readChart(1 as RecordId)).toBeUndefined();
  });
});

describe('an invitation', () => {
  it('by email has a 256-bit link, names no one in full, and is valid for 14 days', async () => {
    const person = await addUnenrolledPatient(server);
    const created = await invite(person, { email: person.email.toUpperCase() });
    expect(created.letterCode).toBeUndefined();
    const [mail] = await emailsTo(server, person.email);
    expect(mail?.subject).toBe('Live practice invites you to see your health record');
    expect(mail?.content).toMatch(/http:\/\/localhost:8080\/enroll\/[\w-]{43}\n/);
    expect(mail?.content).toContain('J… A… S…');
    expect(mail?.content).not.toContain(person.name);
    const [invitation] = await server.enrollments.listForRecord(person.recordId);
    expect(invitation).toMatchObject({ state: 'open', email: person.email, codeChannel: undefined });
    server.clock.advance(days(14) + 1000);
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('expired');
  });

  it('by letter has an 80-bit code in groups, displayed once and stored as a hash, and is valid for 60 days', async () => {
    const person = await addUnenrolledPatient(server);
    const { letterCode, invitationId } = await invite(person, { email: undefined });
    expect(letterCode).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const rows = await server.db.queryText('select invitation::text as row from invitation where invitation_id = $1', [
      invitationId,
    ]);
    expect(JSON.stringify(rows)).not.toContain(letterCode?.replaceAll('-', ''));
    server.clock.advance(days(59));
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('open');
  });

  it('of a sandbox patient never leaves the outbox', async () => {
    const person = await addUnenrolledPatient(server, { kind: 'sandbox' });
    await invite(person);
    expect((await emailsTo(server, person.email))[0]?.outbox).toBe(true);
  });

  it('replaces the previous one; sent again it is the same with a new link', async () => {
    const person = await addUnenrolledPatient(server);
    const first = await invite(person);
    server.clock.advance(seconds(11));
    const second = await invite(person);
    expect((await server.enrollments.listForRecord(person.recordId)).map(({ state }) => state)).toEqual([
      'open',
      'cancelled',
    ]);
    expect(await rejectionOf(server.enrollments.resend(FRONT_DESK, first.invitationId))).toBe('over');
    const before = await invitationPathFor(server, person.email);
    server.clock.advance(seconds(11));
    await server.enrollments.resend(FRONT_DESK, second.invitationId);
    expect(await invitationPathFor(server, person.email)).not.toBe(before);
    expect((await server.enrollments.listForRecord(person.recordId)).length).toBe(2);
  });

  it('ends when it is cancelled', async () => {
    const person = await addUnenrolledPatient(server);
    const { invitationId } = await invite(person);
    await server.enrollments.cancel(FRONT_DESK, invitationId);
    const actions = [
      server.enrollments.cancel(FRONT_DESK, invitationId),
      server.enrollments.resend(FRONT_DESK, invitationId),
      server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone'),
      server.enrollments.cancel(FRONT_DESK, random.uuid()),
      server.enrollments.cancel(FRONT_DESK, 'no id'),
      server.enrollments.resend(FRONT_DESK, 'no id'),
    ];
    expect(await Promise.all(actions.map(rejectionOf))).toEqual(actions.map(() => 'over'));
  });

  it('is found only by its own practice', async () => {
    const person = await addUnenrolledPatient(server);
    const { invitationId } = await invite(person);
    expect(await server.enrollments.find(person.practiceId, invitationId)).toMatchObject({ name: person.name });
    expect(await server.enrollments.find(1 as typeof person.practiceId, invitationId)).toBeUndefined();
    expect(await server.enrollments.find(person.practiceId, 'no id')).toBeUndefined();
  });

  it('is in the audit log, without address, token and code', async () => {
    const person = await addUnenrolledPatient(server);
    await sendInvitation(server, person);
    const events = await server.db.queryText(
      "select detail, outcome from audit_event where kind = 'enrollment' and record_id = $1 order by at",
      [person.recordId],
    );
    expect(events).toEqual([
      { outcome: 'success', detail: { action: 'invite', whom: 'patient', way: 'mail' } },
      { outcome: 'success', detail: { action: 'give-code', way: 'in-person' } },
    ]);
  });
});

describe('an invitation is impossible for a patient who', () => {
  it('is under 12, whose representative is invited instead', async () => {
    const child = await addUnenrolledPatient(server, { patient: { birthDate: born(9) } });
    expect(await rejectionOf(invite(child))).toBe('too-young');
    expect(await rejectionOf(invite(child, motherAsRecipient(child)))).toBe('none');
  });

  it('has an account already', async () => {
    const person = await addUnenrolledPatient(server);
    const { db, clock } = server;
    await db.transaction((tx) =>
      createPatientAccount(tx, { clock, random, passwordCost }, { ...account(), recordId: person.recordId }),
    );
    expect(await rejectionOf(invite(person))).toBe('already-enrolled');
    expect(await rejectionOf(server.enrollments.decline(FRONT_DESK, person.recordId, 'told us'))).toBe(
      'already-enrolled',
    );
  });

  it('has declined and not changed their mind', async () => {
    const person = await addUnenrolledPatient(server);
    await invite(person);
    await server.enrollments.decline(FRONT_DESK, person.recordId, 'told us\r\nby phone');
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.state).toBe('cancelled');
    expect(await rejectionOf(invite(person))).toBe('declined');
    await server.enrollments.undoDecline(FRONT_DESK, person.recordId);
    expect(await rejectionOf(invite(person))).toBe('none');
  });

  it('is a representative who is not on the chart', async () => {
    const person = await addUnenrolledPatient(server);
    const whom = { kind: 'representative', relatedPersonId: random.uuid() } as const;
    expect(await rejectionOf(invite(person, { whom, email: 'who@example.org' }))).toBe('chart-incomplete');
  });
});

describe('an email address', () => {
  it.each(['no address', 'jane@example.org\r\nBcc: all@example.org', 'a@b@c', `${'a'.repeat(300)}@example.org`])(
    '%j is invalid',
    async (email) => {
      expect(await rejectionOf(invite(await addUnenrolledPatient(server), { email }))).toBe('address-unusable');
    },
  );

  it('of another account, or of another patient’s open invitation, is rejected', async () => {
    const [one, other] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const taken = account({ email: 'taken@example.org' });
    await server.db.transaction((tx) => createRepresentativeAccount(tx, deps(), taken));
    expect(await rejectionOf(invite(one, { email: 'Taken@Example.org' }))).toBe('address-used');
    await invite(one, { email: 'both@example.org' });
    expect(await rejectionOf(invite(other, { email: 'both@example.org' }))).toBe('address-used');
    await invite(one);
    expect(await rejectionOf(invite(other, { email: 'both@example.org' }))).toBe('none');
  });

  it('of the patient’s own account at another practice is accepted', async () => {
    const here = await addUnenrolledPatient(server);
    const there = await addUnenrolledPatient(server, { kind: 'sandbox', patient: { name: [{ text: here.name }] } });
    const own = { ...account({ displayName: here.name, email: here.email }), recordId: there.recordId };
    await server.db.transaction((tx) => createPatientAccount(tx, deps(), own));
    expect(await rejectionOf(invite(here))).toBe('none');
    const namesake = await addUnenrolledPatient(server, {
      patient: { name: [{ text: here.name }], birthDate: '1980-01-01' },
    });
    expect(await rejectionOf(invite(namesake, { email: here.email }))).toBe('address-used');
  });

  it('of a guardian is rejected for a patient of 12 to 17, from whatever source it is known', async () => {
    const contact = [{ telecom: [{ system: 'email', value: 'dad@example.org' }] }];
    const young = await addUnenrolledPatient(server, { patient: { birthDate: born(15), contact } });
    expect(await rejectionOf(invite(young, { email: young.mother.email }))).toBe('address-of-guardian');
    expect(await rejectionOf(invite(young, { email: 'dad@example.org' }))).toBe('address-of-guardian');
    const guardian = await server.db.transaction((tx) =>
      createRepresentativeAccount(tx, deps(), account({ email: 'aunt@example.org' })),
    );
    if (guardian === undefined) throw new Error('the address is new');
    const pair = { accountId: guardian, recordId: young.recordId, relatedPersonId: random.uuid() };
    await server.db.transaction((tx) => addRepresentation(tx, pair));
    expect(await rejectionOf(invite(young, { email: 'aunt@example.org' }))).toBe('address-of-guardian');
    expect(await rejectionOf(invite(young))).toBe('none');
    const grown = await addUnenrolledPatient(server, { patient: { birthDate: born(18) } });
    expect(await rejectionOf(invite(grown, { email: grown.mother.email }))).toBe('none');
  });

  it('of a representative may belong to an account, and be invited for two children', async () => {
    const [one, other] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const email = 'mother-of-two@example.org';
    expect(await rejectionOf(invite(one, { ...motherAsRecipient(one), email }))).toBe('none');
    expect(await rejectionOf(invite(other, { ...motherAsRecipient(other), email }))).toBe('none');
    await server.db.transaction((tx) => createRepresentativeAccount(tx, deps(), account({ email: 'rep@example.org' })));
    expect(await rejectionOf(invite(one, { ...motherAsRecipient(one), email: 'rep@example.org' }))).toBe('none');
  });

  it('cannot be both the patient’s and their representative’s', async () => {
    const person = await addUnenrolledPatient(server);
    await invite(person);
    expect(await rejectionOf(invite(person, { ...motherAsRecipient(person), email: person.email }))).toBe(
      'address-used',
    );
  });

  it('is used by one of two concurrent invitations', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => addUnenrolledPatient(server)));
    const outcomes = await Promise.all(
      people.map((person) => rejectionOf(invite(person, { email: 'race@example.org' }))),
    );
    expect(outcomes.filter((one) => one === 'none')).toHaveLength(1);
    expect(outcomes.filter((one) => one === 'address-used')).toHaveLength(3);
  });
});

describe('the second code', () => {
  it('has six digits, is given in person or emailed elsewhere, and replaces the previous one', async () => {
    const person = await addUnenrolledPatient(server);
    const { invitationId } = await invite(person);
    const issued = await server.enrollments.issueCode(FRONT_DESK, invitationId, 'phone');
    expect(issued).toMatch(/^\d{6}$/);
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.codeChannel).toBe('phone');
    expect(await server.enrollments.issueCode(FRONT_DESK, invitationId, 'contact')).toBeUndefined();
    const [mail] = await emailsTo(server, person.otherEmail);
    expect(mail?.content).toMatch(/^\d{6}$/m);
    expect(mail?.content).not.toContain(issued);
    server.clock.advance(days(8));
    expect((await server.enrollments.listForRecord(person.recordId))[0]?.codeChannel).toBeUndefined();
  });

  it('cannot be emailed to the invitation’s address or without an address', async () => {
    const single = await addUnenrolledPatient(server, {
      patient: { telecom: [{ system: 'email', value: 'single@example.org' }] },
    });
    const { invitationId } = await invite(single, { email: 'single@example.org' });
    expect(await rejectionOf(server.enrollments.issueCode(FRONT_DESK, invitationId, 'contact'))).toBe(
      'address-is-invitation',
    );
    const telecom = [{ system: 'email', value: 'young-mother@example.org' }];
    const young = await addUnenrolledPatient(server, {
      patient: { birthDate: born(15), telecom },
      mother: { telecom },
    });
    const own = await invite(young, { email: 'young@example.org' });
    expect(await rejectionOf(server.enrollments.issueCode(FRONT_DESK, own.invitationId, 'contact'))).toBe('no-contact');
    const none = await addUnenrolledPatient(server, { patient: { telecom: [] } });
    const letter = await invite(none, { email: undefined });
    expect(await rejectionOf(server.enrollments.issueCode(FRONT_DESK, letter.invitationId, 'contact'))).toBe(
      'no-contact',
    );
  });
});

function deps() {
  return { clock: server.clock, random, passwordCost };
}
