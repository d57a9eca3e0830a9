import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EnrollmentError } from '../../src/enrollment/index.ts';
import { minutes, systemRandom as random, seconds } from '../../src/kernel/index.ts';
import { hiddenFields } from '../support/browser/html.ts';
import type { BrowserResponse } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson, PASSWORD } from './invited-person.ts';
import {
  addUnenrolledPatient,
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
beforeEach(() => server.clock.advance(minutes(16)));

const newName = (): string => `race-${random.bytes(5).toString('hex')}`;

interface InvitationTotals {
  readonly open: number;
  readonly open_for_mother: number;
  readonly own: number;
  readonly failures: number;
  readonly used_without_account: number;
  readonly declined_and_own: number;
}

async function countInvitations({ recordId }: UnenrolledPatient): Promise<InvitationTotals> {
  const [row] = await server.db.queryText<InvitationTotals>(
    `select
       (select count(*)::int from invitation where record_id = $1 and kind = 'patient' and used_at is null
          and cancelled_at is null and declined_at is null and failures < 5 and expires_at > $2) as open,
       (select count(*)::int from invitation where record_id = $1 and kind = 'representative' and used_at is null
          and cancelled_at is null and declined_at is null and failures < 5 and expires_at > $2) as open_for_mother,
       (select count(*)::int from representation where record_id = $1 and relationship = 'self') as own,
       (select coalesce(max(failures), 0) from invitation where record_id = $1) as failures,
       (select count(*)::int from invitation where record_id = $1 and used_at is not null and used_by is null)
         as used_without_account,
       (select count(*)::int from enrollment_declined x join representation t on t.record_id = x.record_id
          and t.relationship = 'self' where x.record_id = $1) as declined_and_own`,
    [recordId, server.clock.now()],
  );
  if (row === undefined) throw new Error('a select without from has a row');
  return row;
}

/** Resolves with the result of the work, or with the reason of its rejection. Other errors are bugs and are thrown. */
const settled = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => {
    if (error instanceof EnrollmentError) return error.rejection;
    throw error;
  });

const pick = <T>(all: readonly T[]): T => all[random.bytes(1).readUInt8(0) % all.length] as T;

describe('staff and patient acting concurrently', () => {
  /** Actions of staff and patient on the invitations of one record. Each test runs them in another order. */
  function actions(
    person: UnenrolledPatient,
    browser: InvitedPerson,
    code: string,
    forms: Awaited<ReturnType<typeof formsOf>>,
  ) {
    const { enrollments } = server;
    const newest = async () => (await enrollments.listForRecord(person.recordId))[0]?.invitationId ?? random.uuid();
    const { path } = browser.invited;
    const wrong = () => String((Number(code) + 1 + random.bytes(2).readUInt16BE(0)) % 1_000_000).padStart(6, '0');
    return [
      () => settled(enrollments.invite(FRONT_DESK, invitationFor(person))),
      () => settled(enrollments.invite(FRONT_DESK, invitationFor(person, { email: undefined }))),
      () => settled(enrollments.invite(FRONT_DESK, invitationFor(person, motherAsRecipient(person)))),
      async () => settled(enrollments.resend(FRONT_DESK, await newest())),
      async () => settled(enrollments.cancel(FRONT_DESK, await newest())),
      async () => settled(enrollments.issueCode(FRONT_DESK, await newest(), 'phone')),
      () => settled(enrollments.decline(FRONT_DESK, person.recordId, 'said so')),
      () => settled(enrollments.undoDecline(FRONT_DESK, person.recordId)),
      () => browser.post(`${path}/proof`, { ...forms.proof, code: wrong() }),
      () => browser.post(`${path}/proof`, { ...forms.proof, code }),
      () => browser.post(`${path}/key`, forms.key),
      () => browser.post(`${path}/key`, forms.key),
      () => browser.post(`${path}/decline`, { csrf: forms.key.csrf }),
      () => browser.post(`${path}/undo`, { csrf: forms.key.csrf }),
    ];
  }

  async function formsOf(person: UnenrolledPatient, browser: InvitedPerson, code: string) {
    const { path } = browser.invited;
    const [year = '', month = '', day = ''] = person.birthDate.split('-');
    const proof = {
      ...hiddenFields((await browser.get(`${path}/proof`)).body),
      year,
      month,
      day,
      zip: person.postalCode,
    };
    await browser.post(`${path}/proof`, { ...proof, code });
    await browser.choose(newName());
    const { csrf = '' } = hiddenFields((await browser.get(`${path}/key`)).body);
    return { proof, key: { csrf, passkey: '', password: PASSWORD, repeat: PASSWORD } };
  }

  it.each(Array.from({ length: 12 }, (_, at) => at + 1))(
    'leave one open invitation each, one account, and at most five wrong attempts (order %i)',
    async () => {
      const person = await addUnenrolledPatient(server);
      const { code, ...invitation } = await sendInvitation(server, person);
      const browser = new InvitedPerson(server.app, invitation);
      const forms = await formsOf(person, browser, code);
      server.clock.advance(seconds(11));
      for (let round = 0; round < 3; round += 1) {
        const all = actions(person, browser, code, forms);
        const done = await Promise.all(Array.from({ length: 14 }, () => pick(all)()));
        for (const answer of done as readonly Partial<BrowserResponse>[])
          expect(answer?.status ?? 200).toBeLessThan(500);
        const totals = await countInvitations(person);
        expect(totals.open).toBeLessThanOrEqual(1);
        expect(totals.open_for_mother).toBeLessThanOrEqual(1);
        expect(totals.own).toBeLessThanOrEqual(1);
        expect(totals.failures).toBeLessThanOrEqual(5);
        expect(totals.used_without_account).toBe(0);
        expect(totals.declined_and_own).toBe(0);
        if (totals.own === 1) expect(totals.open).toBe(0);
      }
    },
  );

  it('two people who were invited to one record both create their accounts, in either order', async () => {
    const person = await addUnenrolledPatient(server);
    const [own, mothers] = [
      await sendInvitation(server, person),
      await sendInvitation(server, person, motherAsRecipient(person)),
    ];
    const browsers = [own, mothers].map((invitation) => new InvitedPerson(server.app, invitation));
    for (const [at, { code }] of [own, mothers].entries()) {
      await browsers[at]?.prove(person, code);
      await browsers[at]?.choose(newName());
    }
    const completed = await Promise.all(browsers.map((browser) => browser.finish()));
    expect(completed.map(({ location }) => location)).toEqual(['/enroll/done', '/enroll/done']);
  });

  it('two people who chose the same username: one gets it, and the other chooses another', async () => {
    const username = newName();
    const two = await Promise.all(
      [1, 2].map(async () => {
        const person = await addUnenrolledPatient(server);
        const { code, ...invitation } = await sendInvitation(server, person);
        const browser = new InvitedPerson(server.app, invitation);
        await browser.prove(person, code);
        await browser.choose(username);
        return browser;
      }),
    );
    const completed = await Promise.all(two.map((browser) => browser.finish()));
    const [loser] = two.filter((_, at) => completed[at]?.location !== '/enroll/done');
    expect(completed.filter(({ location }) => location === '/enroll/done')).toHaveLength(1);
    await loser?.choose(newName());
    expect((await loser?.finish())?.location).toBe('/enroll/done');
  });
});
