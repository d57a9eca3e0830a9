import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { createEnrollments } from '../../src/enrollment/index.ts';
import { type AccountId, days, type PracticeId, systemRandom as random } from '../../src/kernel/index.ts';
import { createEmailQueue } from '../../src/mail/index.ts';
import { inClear } from '../support/in-clear.ts';
import { addStaffMember, type StaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addUnenrolledPatient, emailsTo, invitationFor, type UnenrolledPatient } from './unenrolled-patients.ts';

let server: TestServer;
let staff: StaffMember;
beforeAll(async () => {
  server = await startServer();
  staff = await addStaffMember(server);
});
afterAll(() => server.close());

const LIVE = 2 as PracticeId;
const by = () => ({ accountId: staff.accountId as AccountId, requestId: 'bulk' });

const start = (text: string | Buffer) =>
  server.enrollments.startBulkInvitation(by(), LIVE, typeof text === 'string' ? Buffer.from(text) : text);

/** Waits until a file is processed, and returns its outcomes. */
async function outcomesOf(text: string | Buffer) {
  const bulkId = await start(text);
  await server.enrollments.processPendingRows();
  return (await server.enrollments.listBulkReport(bulkId, LIVE)).map(({ line, outcome, reason, letter }) =>
    reason === undefined ? `${line} ${outcome}${letter ? ' letter' : ''}` : `${line} ${outcome}: ${reason}`,
  );
}

const mrnOf = async ({ recordId }: UnenrolledPatient): Promise<string> => {
  const [row] = await server.db.queryText<{ numbers: string[] }>(
    'select numbers from demographics where record_id = $1',
    [recordId],
  );
  return row?.numbers[0]?.toUpperCase().replace('MRN', 'MRN-') ?? '';
};

describe('a bulk invitation file', () => {
  it('invites patients by MRN, by id, or by name and birth date, with columns in any order', async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => addUnenrolledPatient(server)));
    const [one, two, three, four] = people as [
      UnenrolledPatient,
      UnenrolledPatient,
      UnenrolledPatient,
      UnenrolledPatient,
    ];
    const family = three.name.split(' ').at(-1);
    const rows = [
      'Email,Birth Date,Note,MRN,Patient ID,Name',
      `one-${one.email},,x,${await mrnOf(one)},,`,
      `,,,,${two.patientId},`,
      `,7/4/1974,,,,"${family}, Jane"`,
      `,1974-07-04,,${await mrnOf(four)},${four.patientId},${four.name}`,
    ];
    expect(await outcomesOf(rows.join('\r\n'))).toEqual(['2 invited', '3 invited', '4 invited', '5 invited']);
    expect(await emailsTo(server, `one-${one.email}`)).toHaveLength(1);
    expect(await emailsTo(server, two.email)).toHaveLength(1);
  });

  it('can be in spreadsheet formats: byte order mark, semicolons, quotes, another encoding', async () => {
    const [one, two] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const semicolons = `\ufeff"mrn";"email"\r\n"${await mrnOf(one)}";"a;b-${one.email}"\r\n\r\n"${await mrnOf(two)}";""\r\n`;
    expect(await outcomesOf(semicolons)).toEqual(['2 refused: address-unusable', '4 invited']);
    const accents = await addUnenrolledPatient(server, {
      patient: { name: [{ family: 'Núñez', given: ['Zoë'] }], birthDate: '1981-02-03' },
    });
    const latin = Buffer.from('name;birth_date\nZoë Núñez;1981-02-03\n', 'latin1');
    expect(await outcomesOf(latin)).toEqual(['2 invited']);
    const utf16 = Buffer.from(`\ufeffmrn\tname\n${await mrnOf(one)}\t\n`, 'utf16le');
    expect(await outcomesOf(utf16)).toEqual(['2 invited']);
    expect(await server.enrollments.listForRecord(accents.recordId)).toHaveLength(1);
  });

  it('reports why a line is rejected, and continues', async () => {
    const child = await addUnenrolledPatient(server, {
      patient: { birthDate: `${server.clock.now().getUTCFullYear() - 5}-01-01` },
    });
    const withoutZip = await addUnenrolledPatient(server, { patient: { address: [] } });
    const twin = { name: [{ family: 'Twin', given: ['Sam'] }], birthDate: '1999-09-09', telecom: [] };
    await addUnenrolledPatient(server, { patient: twin });
    await addUnenrolledPatient(server, { patient: twin });
    const invited = await addUnenrolledPatient(server);
    await server.enrollments.invite(by(), invitationFor(invited));
    const letter = await addUnenrolledPatient(server, { patient: { telecom: [] } });
    const elsewhere = await addUnenrolledPatient(server, { kind: 'sandbox' });
    const rows = [
      'mrn,patient_id,name,birth_date',
      `${await mrnOf(child)},,,`,
      `${await mrnOf(withoutZip)},,,`,
      ',,Sam Twin,1999-09-09',
      ',,Sam Twin,',
      ',,Sam Twin,2/30/1999',
      ',,Nobody Here,1999-09-09',
      `${await mrnOf(invited)},,,`,
      `${await mrnOf(letter)},,,`,
      `,${elsewhere.patientId},,`,
      `${await mrnOf(elsewhere)},,,`,
      `${await mrnOf(letter)},,Somebody Else,`,
      ',no id,,',
      `${"'; drop table record; --"},,,`,
    ];
    expect(await outcomesOf(rows.join('\n'))).toEqual([
      '2 refused: too-young',
      '3 refused: chart-incomplete',
      '4 refused: several-patients',
      '5 refused: row-incomplete',
      '6 refused: row-incomplete',
      '7 refused: no-patient',
      '8 refused: already-invited',
      '9 invited letter',
      '10 refused: no-patient',
      '11 refused: no-patient',
      '12 refused: no-patient',
      '13 refused: no-patient',
      '14 refused: no-patient',
    ]);
  });

  it('shows progress and results only to its own practice', async () => {
    const person = await addUnenrolledPatient(server);
    const bulkId = await start(`mrn\n${await mrnOf(person)}\nMRN-none\n`);
    const before = await server.enrollments.findBulkProgress(bulkId, LIVE);
    expect(before).toMatchObject({
      total: 2,
      done: 0,
      invited: 0,
      refused: 0,
      finishedAt: undefined,
      startedBy: 'Dr. Test',
    });
    await server.enrollments.processPendingRows();
    const after = await server.enrollments.findBulkProgress(bulkId, LIVE);
    expect(after).toMatchObject({ total: 2, done: 2, invited: 1, refused: 1, finishedAt: expect.any(Date) });
    expect((await server.enrollments.listBulkInvitations(LIVE))[0]?.bulkId).toBe(bulkId);
    const other = 1 as PracticeId;
    expect(await server.enrollments.findBulkProgress(bulkId, other)).toBeUndefined();
    expect(await server.enrollments.listBulkReport(bulkId, other)).toEqual([]);
    expect(await server.enrollments.listBulkInvitations(other)).toEqual([]);
    expect(await server.enrollments.findBulkProgress('no id', LIVE)).toBeUndefined();
  });

  it('has unknown columns, which are not stored', async () => {
    const bulkId = await start('mrn,ssn,diagnosis\nMRN-1,999-12-3456,gout\n');
    const [row] = await server.enrollments.listBulkReport(bulkId, LIVE);
    expect(row?.given).toEqual({ mrn: 'MRN-1' });
    await server.enrollments.processPendingRows();
  });

  it('prints a letter with a new code', async () => {
    const person = await addUnenrolledPatient(server, { patient: { telecom: [] } });
    const bulkId = await start(`mrn\n${await mrnOf(person)}\n`);
    await server.enrollments.processPendingRows();
    const [row] = await server.enrollments.listBulkReport(bulkId, LIVE);
    const resent = await server.enrollments.resend(by(), row?.invitationId ?? '');
    expect((await server.enrollments.createLetter(resent))?.code).toBe(resent.letterCode);
  });
});

describe('processing the file', () => {
  /** Enrollments as another process of the server has them. */
  const processWith = (changes: Partial<Parameters<typeof createEnrollments>[0]> = {}) => {
    const { db, clock } = server;
    const post = createEmailQueue({ clock, random, encryption: inClear, sends: false });
    const audit = createAuditLog({ db, clock, random });
    return createEnrollments({ db, clock, random, audit, post, publicUrl: 'http://localhost:8080', ...changes });
  };

  it('happens once with any number of processes', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => addUnenrolledPatient(server)));
    const numbers = await Promise.all(people.map(mrnOf));
    const bulkId = await start(`mrn\n${numbers.join('\n')}\n`);
    await Promise.all([
      server.enrollments.processPendingRows(),
      processWith().processPendingRows(),
      processWith().processPendingRows(),
    ]);
    const progress = await server.enrollments.findBulkProgress(bulkId, LIVE);
    expect(progress).toMatchObject({ done: 12, invited: 12, finishedAt: expect.any(Date) });
    for (const person of people) {
      expect(await server.enrollments.listForRecord(person.recordId)).toHaveLength(1);
      expect(await emailsTo(server, person.email)).toHaveLength(1);
    }
  });

  it('continues after a crash in the middle of a row, which leaves no partial result', async () => {
    const [one, two] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const bulkId = await start(`mrn\n${await mrnOf(one)}\n${await mrnOf(two)}\n`);
    let rows = 0;
    const transaction: TestServer['db']['transaction'] = (work) =>
      server.db.transaction(async (tx) => {
        const result = await work(tx);
        rows += 1;
        // The process is killed before the transaction commits, so PostgreSQL rolls it back.
        if (rows === 2) throw Object.assign(new Error('cut'), { code: '08006' });
        return result;
      });
    await expect(processWith({ db: { ...server.db, transaction } }).processPendingRows()).rejects.toThrow('cut');
    expect(await server.enrollments.findBulkProgress(bulkId, LIVE)).toMatchObject({ done: 1, finishedAt: undefined });
    expect(await emailsTo(server, two.email)).toHaveLength(0);
    await server.enrollments.processPendingRows();
    expect(await server.enrollments.findBulkProgress(bulkId, LIVE)).toMatchObject({ done: 2, invited: 2 });
    for (const { recordId, email } of [one, two]) {
      expect(await server.enrollments.listForRecord(recordId)).toHaveLength(1);
      expect(await emailsTo(server, email)).toHaveLength(1);
    }
  });

  it('is forgotten after 30 days, with the names in the file', async () => {
    const bulkId = await start('name,birth_date\nJane Stone,1974-07-04\n');
    await server.enrollments.processPendingRows();
    server.clock.advance(days(29));
    await server.purgeExpired();
    expect(await server.enrollments.listBulkReport(bulkId, LIVE)).toHaveLength(1);
    server.clock.advance(days(2));
    await server.purgeExpired();
    expect(await server.enrollments.listBulkInvitations(LIVE)).toEqual([]);
    expect(await server.db.queryText('select 1 from bulk_invitation_row where bulk_id = $1', [bulkId])).toEqual([]);
  });

  it('skips and reports a line that fails every time', async () => {
    const [one, two] = [await addUnenrolledPatient(server), await addUnenrolledPatient(server)];
    const bulkId = await start(`mrn\n${await mrnOf(one)}\n${await mrnOf(two)}\n`);
    const post = createEmailQueue({ clock: server.clock, random, encryption: inClear, sends: false });
    const failing = {
      ...post,
      queueInTransaction: async (...[tx, letter]: Parameters<typeof post.queueInTransaction>) => {
        if (letter.to === one.email) throw new Error('a fault of ours');
        await post.queueInTransaction(tx, letter);
      },
    };
    await processWith({ post: failing }).processPendingRows();
    const report = await server.enrollments.listBulkReport(bulkId, LIVE);
    expect(report.map(({ outcome }) => outcome)).toEqual(['refused', 'invited']);
    expect(report[0]?.reason).toBe('failed');
    expect(await server.enrollments.listForRecord(one.recordId)).toEqual([]);
  });
});

describe('an invalid file', () => {
  it.each([
    ['nothing', '', 'The file is empty.'],
    ['a header line alone', 'mrn,email\n', 'no patients'],
    ['no column that identifies the patient', 'email,phone\na@b.example,1', 'The first line must have column names'],
    ['a name without a birth date', 'name\nJane', 'The first line must have column names'],
    ['a repeated column', 'mrn,MRN\n1,2', 'two columns for mrn'],
    ['a quotation mark that is never closed', 'mrn,email\n"1,a@b.example\n2,c@d.example', 'can’t be read'],
    ['a workbook', Buffer.from('PK\u0003\u0004rest of a zip'), 'isn’t a CSV file'],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'isn’t a CSV file'],
    ['too many patients', `mrn\n${'1\n'.repeat(5001)}`, 'You can invite at most 5,000 at once'],
    ['too large', `mrn\n${'x'.repeat(2 * 1024 * 1024)}`, 'larger than 2 MB'],
  ])('%s is rejected with an explanation', async (_what, file, message) => {
    await expect(start(file)).rejects.toThrow(message);
    await expect(start(file)).rejects.toMatchObject({ name: 'BulkFileFault' });
  });
});
