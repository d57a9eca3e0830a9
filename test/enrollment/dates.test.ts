import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { createEnrollments, type Enrollments } from '../../src/enrollment/index.ts';
import { type Clock, days, later, type RecordId, systemRandom as random, seconds } from '../../src/kernel/index.ts';
import { createEmailQueue } from '../../src/mail/index.ts';
import { textOf } from '../support/browser/html.ts';
import { inClear } from '../support/in-clear.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson } from './invited-person.ts';
import {
  addUnenrolledPatient,
  emailsTo,
  FRONT_DESK,
  invitationFor,
  motherAsRecipient,
  sendInvitation,
  type UnenrolledPatient,
} from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** Enrollments of a practice, with a clock that stands at this instant. */
async function at(instant: Date): Promise<Enrollments> {
  const clock: Clock = { now: () => instant };
  const { db } = server;
  const audit = createAuditLog({ db, clock, random });
  await audit.createPartitions();
  return createEnrollments({
    db,
    clock,
    random,
    audit,
    post: createEmailQueue({ clock, random, encryption: inClear, sends: false }),
    publicUrl: 'http://x',
  });
}

const zone = (name: string) => server.db.queryText("update practice set time_zone = $1 where kind = 'live'", [name]);

const rejectionOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error) => error.rejection ?? error,
  );

describe('a birthday', () => {
  const NOON_BEFORE = new Date('2026-07-03T12:00:00Z');
  const EVENING_BEFORE = new Date('2026-07-04T03:30:00Z');
  const MORNING = new Date('2026-07-04T07:30:00Z');

  it('is in the practice’s time zone: a patient can be invited from midnight of the twelfth on', async () => {
    const child = await addUnenrolledPatient(server, { patient: { birthDate: '2014-07-04' } });
    const outcomes = async (name: string) => {
      await zone(name);
      const all = [];
      for (const instant of [NOON_BEFORE, EVENING_BEFORE, MORNING]) {
        const enrollments = await at(instant);
        all.push(await rejectionOf(enrollments.invite(FRONT_DESK, invitationFor(child))));
        await rejectionOf(enrollments.invite(FRONT_DESK, invitationFor(child, { email: undefined })));
      }
      return all;
    };
    expect(await outcomes('America/Los_Angeles')).toEqual(['too-young', 'too-young', 'none']);
    expect(await outcomes('Pacific/Kiritimati')).toEqual(['none', 'none', 'none']);
    await zone('America/New_York');
  });

  it('the eighteenth allows an email address of a guardian', async () => {
    const young = await addUnenrolledPatient(server, { patient: { birthDate: '2008-07-04' } });
    const input = invitationFor(young, { email: young.mother.email });
    expect(await rejectionOf((await at(EVENING_BEFORE)).invite(FRONT_DESK, input))).toBe('address-of-guardian');
    expect(await rejectionOf((await at(MORNING)).invite(FRONT_DESK, input))).toBe('none');
  });

  it('on February 29 is March 1 in other years', async () => {
    const leapling = await addUnenrolledPatient(server, { patient: { birthDate: '2012-02-29' } });
    const age = async (instant: string) => (await (await at(new Date(instant))).readChart(leapling.recordId))?.age;
    expect(await age('2026-02-28T18:00:00Z')).toBe(13);
    expect(await age('2026-03-01T18:00:00Z')).toBe(14);
    expect(await age('2028-02-29T18:00:00Z')).toBe(16);
  });
});

describe('an expiry', () => {
  it('is the first instant at which an invitation has ended', async () => {
    const person = await addUnenrolledPatient(server);
    const start = new Date('2026-11-26T15:00:00.000Z');
    const { invitationId } = await (await at(start)).invite(FRONT_DESK, invitationFor(person));
    const end = later(start, days(14));
    const state = async (instant: Date) => (await (await at(instant)).listForRecord(person.recordId))[0]?.state;
    expect({ state: await state(later(end, -1)), end: await state(end) }).toEqual({ state: 'open', end: 'expired' });
    for (const action of ['cancel', 'resend'] as const)
      expect(await rejectionOf((await at(end))[action](FRONT_DESK, invitationId))).toBe('over');
    expect(await rejectionOf((await at(end)).issueCode(FRONT_DESK, invitationId, 'phone'))).toBe('over');
    await (await at(later(end, -1))).issueCode(FRONT_DESK, invitationId, 'phone');
    const [row] = await server.db.queryText<{ code_expires_at: Date }>(
      'select code_expires_at from invitation where invitation_id = $1',
      [invitationId],
    );
    expect(row?.code_expires_at).toEqual(end);
  });

  it('that is displayed as a day is inclusive: the link works all that day', async () => {
    const person = await addUnenrolledPatient(server);
    await (await at(new Date('2026-11-26T15:00:00Z'))).invite(FRONT_DESK, invitationFor(person));
    const [mail] = await emailsTo(server, person.email);
    expect(mail?.content).toContain('expires on December 9, 2026');
  });
});

describe('a record that no longer exists', () => {
  const end = (recordId: RecordId, state: string) =>
    server.db.queryText('update record set state = $2 where record_id = $1', [recordId, state]);

  it.each(['merged', 'erased'])(
    '(%s) blocks its invitations, at any step, and at the practice portal',
    async (state) => {
      const person: UnenrolledPatient = await addUnenrolledPatient(server);
      const { path, code, invitationId } = await sendInvitation(server, person);
      const browser = new InvitedPerson(server.app, { path });
      await browser.prove(person, code);
      await end(person.recordId, state);
      for (const page of ['', '/proof', '/account', '/key', '/add', '/decline']) {
        const response = await browser.get(`${path}${page}`);
        expect(response.status, page).toBe(410);
      }
      const { enrollments } = server;
      expect(await enrollments.readChart(person.recordId)).toBeUndefined();
      expect(await rejectionOf(enrollments.invite(FRONT_DESK, invitationFor(person)))).toBe('chart-incomplete');
      expect(await rejectionOf(enrollments.invite(FRONT_DESK, invitationFor(person, motherAsRecipient(person))))).toBe(
        'chart-incomplete',
      );
      expect(await rejectionOf(enrollments.resend(FRONT_DESK, invitationId))).toBe('chart-incomplete');
      expect(await rejectionOf(enrollments.issueCode(FRONT_DESK, invitationId, 'phone'))).toBe('chart-incomplete');
      expect(await rejectionOf(enrollments.decline(FRONT_DESK, person.recordId, 'x'))).toBe('chart-incomplete');
    },
  );
});

it('a practice with its API off still enrolls, because only apps are off', async () => {
  await server.db.queryText("update practice set enabled = false where kind = 'live'", []);
  server.clock.advance(seconds(1));
  const person = await addUnenrolledPatient(server);
  const { path, code } = await sendInvitation(server, person);
  const browser = new InvitedPerson(server.app, { path });
  expect((await browser.enroll(person, code, `off-${random.bytes(4).toString('hex')}`)).location).toBe('/enroll/done');
  expect(textOf(await browser.get('/enroll/done'))).toContain('Your account is ready');
  await server.db.queryText("update practice set enabled = true where kind = 'live'", []);
});
