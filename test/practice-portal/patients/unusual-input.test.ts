import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../../src/kernel/index.ts';
import { hasElement, hiddenFields } from '../../support/browser/html.ts';
import type { PatientBrowser } from '../../support/people/patient.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
  LIVE,
} from './charted-patients.ts';

let server: TestServer;
let staffBrowser: PatientBrowser;
let patient: ChartedPatient;
let own: AccountId;
let acting: AccountId;
let invited: ChartedPatient;
let invitationId: string;
beforeAll(async () => {
  server = await startServer();
  staffBrowser = await signInAs(server, (await addStaffMember(server, ['live'], ['front-desk'])).accountId);
  patient = await addChartedPatient(server, { family: 'Odd', related: [{ name: 'Pat Odd', relationship: 'Mother' }] });
  own = (await addPatientAccount(server, patient)).accountId;
  acting = (await addRepresentativeAccount(server, patient)).accountId;
  await server.db.queryText("insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())", [own]);
  invited = await addChartedPatient(server, { family: 'Oddly', emails: ['odd@example.org'], phones: ['5205550142'] });
  const by = { accountId: undefined, requestId: 'test' };
  const invitationInput = {
    recordId: invited.recordId,
    whom: { kind: 'patient' },
    email: undefined,
    language: 'en',
  } as const;
  invitationId = (await server.enrollments.invite(by, invitationInput)).invitationId;
});
afterAll(() => server.close());

const ODD: readonly (readonly [string, string | readonly string[]])[] = [
  ['nothing', ''],
  ['markup', '"><img/src=x onerror=alert(1)>'],
  ['lines', 'a\r\nBcc: all@example.org\r\n\r\nx'],
  ['NUL', 'a\u0000b'],
  ['an unpaired surrogate', '\ud83d'],
  ['a direction override', '\u202eabc\u2066'],
  ['a repeated field', ['in-person', 'phone']],
  ['100,000 characters', 'x'.repeat(100_000)],
  ['a character that expands when normalized', '\ufdfa'.repeat(5_000)],
  ['a property of every object', '__proto__'],
  ['SQL', "'; drop table invitation; --"],
];

/** All actions on a patient, with answers of which one is unusual. */
const actions = (): readonly (readonly [string, Record<string, string>])[] => [
  [`${invited.path}/enroll`, { way: 'other', other: 'x@example.org', language: 'en' }],
  [
    `${patient.path}/related/${patient.relatedPersonIds[0]}/invite`,
    { way: 'letter', other: '', language: 'en', sure: 'yes' },
  ],
  [`${invited.path}/invitations/${invitationId}/code`, { way: 'in-person' }],
  [`${patient.path}/accounts/${own}/deactivate`, { reason: '' }],
  [`${patient.path}/accounts/${acting}/end`, { reason: '' }],
  [`${invited.path}/decline`, { reason: '' }],
  [`${patient.path}/accounts/${own}/lost-factor`, { check: 'other', what: 'x', place: 'desk', who: 'x', handed: '' }],
];

describe.each(ODD)('%s', (_what, odd) => {
  it('in any field of an action gets an error or has no effect', async () => {
    const { csrf = '' } = hiddenFields((await staffBrowser.get(`${patient.path}/accounts/${own}/lost-factor`)).body);
    for (const [path, fields] of actions()) {
      for (const field of Object.keys(fields)) {
        const response = await staffBrowser.post(path, { csrf, ...fields, [field]: odd });
        expect(response.status < 500, `${path} ${field}`).toBe(true);
        expect(hasElement(response, 'img:not([src="/assets/icon.svg"])')).toBe(false);
        if (response.status === 400) expect(hasElement(response, '#error-summary a[href^="#"]')).toBe(true);
      }
    }
  });

  it('in the search finds no one, or everyone', async () => {
    const text = typeof odd === 'string' ? odd.toWellFormed().slice(0, 1_000) : odd.join('&words=');
    for (const name of ['words', 'status', 'after']) {
      const { status, body } = await staffBrowser.get(
        `/practice/${LIVE}/patients?${name}=${encodeURIComponent(text).slice(0, 6_000)}`,
      );
      expect([200, 400, 414].includes(status), name).toBe(true);
      expect(hasElement(body, 'img:not([src="/assets/icon.svg"])')).toBe(false);
    }
  });

  it('in a cell of a file makes the line invalid', async () => {
    const cell = typeof odd === 'string' ? odd.replaceAll('\0', '').replaceAll('"', '""') : odd.join();
    const by = { accountId: own, requestId: 'test' };
    const at199 = `${'n'.repeat(199)}\u{1f600}`;
    const csv = `mrn,name,birth_date,email\n"x${cell.slice(0, 1_000)}","${at199}","${cell.slice(0, 1_000)}","y${cell.slice(0, 1_000)}"\n`;
    const bulkId = await server.enrollments.startBulkInvitation(by, LIVE, Buffer.from(csv));
    await server.enrollments.processPendingRows();
    expect((await server.enrollments.listBulkReport(bulkId, LIVE)).map(({ outcome }) => outcome)).toEqual(['refused']);
    for (const page of ['', '/report.csv']) {
      const response = await staffBrowser.get(`/practice/${LIVE}/patients/bulk/${bulkId}${page}`);
      expect(response.status).toBe(200);
      if (page === '') expect(hasElement(response, 'img:not([src="/assets/icon.svg"])')).toBe(false);
    }
  });
});
