import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../../src/kernel/index.ts';
import { attributesOf, hasElement, hiddenFields, linksOf, textOf, textsOf } from '../../support/browser/html.ts';
import type { BrowserResponse, PatientBrowser } from '../../support/people/patient.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  type ChartedPatient,
  findAuditEvents,
  letterCodes,
  listEmails,
} from './charted-patients.ts';

let server: TestServer;
let staffBrowser: PatientBrowser;
beforeAll(async () => {
  server = await startServer();
  staffBrowser = await signInAs(server, (await addStaffMember(server, ['live'], ['front-desk'])).accountId);
});
afterAll(() => server.close());

/** Opens the page of an action, and sends its form with these answers. */
async function act(
  path: string,
  answers: Record<string, string> = {},
  browser = staffBrowser,
): Promise<BrowserResponse> {
  const page = await browser.get(path);
  return browser.post(path, { ...hiddenFields(page.body), ...answers });
}
const enroll = (patient: ChartedPatient, answers: Record<string, string> = { way: 'letter', language: 'en' }) =>
  act(`${patient.path}/enroll`, answers);
const pageOf = (patient: ChartedPatient, query = '') => staffBrowser.get(`${patient.path}${query}`);
const invitationsOf = (patient: ChartedPatient) => server.enrollments.listForRecord(patient.recordId);

/** Emails an invitation to a patient whose chart has two addresses and a phone number. */
const invited = async (family: string, more = {}) => {
  const patient = await addChartedPatient(server, {
    family,
    emails: ['one@example.org', 'two@example.org'].map((email) => `${family.toLowerCase()}.${email}`),
    phones: ['520-555-0142'],
    ...more,
  });
  await enroll(patient, { way: `mail ${family.toLowerCase()}.one@example.org`, language: 'en' });
  const [invitation] = await invitationsOf(patient);
  return { patient, path: `${patient.path}/invitations/${invitation?.invitationId}` };
};

describe('the page of a patient', () => {
  it('has the patient’s details from the chart, and names what is missing', async () => {
    const patient = await addChartedPatient(server, {
      family: 'Charted',
      mrn: 'MRN-77',
      emails: ['ann@example.org'],
      phones: ['520-555-0142'],
    });
    const text = textOf(await pageOf(patient));
    for (const part of [
      'Ann Charted',
      'July 4, 1974',
      'MRN-77',
      'ann@example.org',
      '(520) 555-0142',
      '1 Palo Verde',
      'Not enrolled',
    ])
      expect(text).toContain(part);
    const bare = await addChartedPatient(server, { family: 'Bare', birthDate: undefined, zip: undefined });
    const pageText = textOf(await pageOf(bare));
    expect(pageText).toContain('Missing on the chart: the full birth date and the ZIP code of the home address.');
    expect(pageText).toContain('Add it in your EHR.');
    const form = textOf(await staffBrowser.get(`${bare.path}/enroll`));
    expect(form).toContain('Missing on the chart');
    expect(form).not.toContain('Delivery method');
  });

  it('is recorded in the audit log as viewed, without its content', async () => {
    const patient = await addChartedPatient(server, { family: 'Watched', emails: ['watched@example.org'] });
    await pageOf(patient);
    const [last] = (await findAuditEvents(server, 'enrollment')).slice(-1);
    expect(last).toMatchObject({ record_id: patient.recordId, detail: { action: 'patient' } });
    expect(server.log.join('')).not.toMatch(/watched/i);
  });

  it('displays only known notices, and no other text from the URL', async () => {
    const patient = await addChartedPatient(server, { family: 'Notice' });
    expect(textOf(await pageOf(patient, '?done=cancelled'))).toContain('It no longer works.');
    for (const done of ['<b>x</b>', 'constructor', 'toString', 'x'.repeat(5000)])
      expect((await pageOf(patient, `?${new URLSearchParams({ done })}`)).body).not.toContain('role="status"');
  });
});

describe('enrolling a patient', () => {
  it('starts with the name, birth date and MRN of the chart, and records that staff saw them', async () => {
    const patient = await addChartedPatient(server, { family: 'Checked', mrn: 'MRN-4711' });
    const before = (await findAuditEvents(server, 'enrollment')).length;
    const form = await staffBrowser.get(`${patient.path}/enroll`);
    expect(textOf(form, 'dl.facts')).toBe(
      'Patient Ann Checked Birth date July 4, 1974 MRN and other identifiers MRN-4711',
    );
    const events = (await findAuditEvents(server, 'enrollment')).slice(before);
    expect(events).toMatchObject([{ record_id: patient.recordId, detail: { action: 'patient' } }]);
    await enroll(patient, { way: 'letter', language: 'en' });
    const code = linksOf(await pageOf(patient)).find((link) => link.endsWith('/code')) ?? '';
    expect(textOf(await staffBrowser.get(code), 'dl.facts')).toContain('July 4, 1974');
  });

  it('emails an invitation to an address on the chart, and explains that a code has to follow', async () => {
    const patient = await addChartedPatient(server, { family: 'Mailed', emails: ['mailed@example.org'] });
    const done = await enroll(patient, { way: 'mail mailed@example.org', language: 'es' });
    expect({ status: done.status, location: done.location }).toEqual({
      status: 303,
      location: `${patient.path}?done=mailed`,
    });
    const page = await pageOf(patient, '?done=mailed');
    expect(textOf(page)).toContain('Invitation created. Now give the code');
    expect(textOf(page)).toContain('The email was not sent, because this server doesn’t send email to this patient');
    expect(textOf(page)).toContain('Now give the code');
    expect(textOf(page)).toContain('Invited');
    expect(textOf(page)).toMatch(/mail to mailed@example.org to the patient, by Dr. Test/);
    const [mail] = (await listEmails(server)).slice(-1);
    expect(mail).toMatchObject({ recipient: 'mailed@example.org' });
    expect(await invitationsOf(patient)).toMatchObject([{ state: 'open', language: 'es', codeChannel: undefined }]);
  });

  it('emails it to an address that the patient gives, which is validated and retained after an error', async () => {
    const patient = await addChartedPatient(server, { family: 'Said' });
    const wrong = await enroll(patient, { way: 'other', other: 'no address', language: 'es' });
    expect(wrong.status).toBe(400);
    expect(textOf(wrong, 'title')).toMatch(/^Error: /);
    expect(linksOf(wrong)).toContain('#other');
    expect(attributesOf(wrong, 'input', 'value')).toContain('no address');
    expect(hasElement(wrong, '[value=es][checked]')).toBe(true);
    const done = await enroll(patient, { way: 'other', other: ' Said@Example.org ', language: 'en' });
    expect(done.location).toBe(`${patient.path}?done=mailed`);
    expect((await invitationsOf(patient))[0]?.email).toBe('said@example.org');
  });

  it('prints a letter with a code that is displayed only once', async () => {
    const patient = await addChartedPatient(server, { family: 'Lettered' });
    const letter = await enroll(patient);
    expect(letter.status).toBe(200);
    const code = letterCodes(letter)[0] ?? 'none';
    expect(textOf(letter)).toContain('Print this page now');
    expect(textOf(letter)).toContain('1 Palo Verde');
    // Printing comes first, because the letter can't be shown again.
    expect(textsOf(letter, 'main button:not(.secondary)')).toEqual(['Print letter']);
    expect(textsOf(letter, 'main a.button.secondary')).toEqual(['Give code']);
    expect(letter.headers['cache-control']).toBe('no-store');
    expect((await pageOf(patient)).body).not.toContain(code);
    const rows = await server.db.queryText('select * from invitation', []);
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(server.log.join('')).not.toContain(code);
  });

  it.each([
    [{}, 'language'],
    [{ language: 'en' }, 'way'],
    [{ language: 'en', way: 'mail stranger@example.org' }, 'way'],
    [{ language: 'en', way: 'mail ' }, 'way'],
    [{ language: 'fr', way: 'letter' }, 'language'],
    [{ language: 'en', way: 'other', other: '' }, 'other'],
    // A new address is typed, but not selected. The invitation must not go to the old address on the chart.
    [{ language: 'en', way: 'mail asked@example.org', other: 'new@example.org' }, 'way'],
    [{ language: 'en', way: 'letter', other: 'new@example.org' }, 'way'],
    [{ language: 'en', way: 'other', other: 'a@example.org\r\nBcc: b@example.org' }, 'other'],
  ])('asks again after a missing or invalid answer: %j', async (answers, field) => {
    const patient = await addChartedPatient(server, { family: 'Asked', emails: ['asked@example.org'] });
    const again = await enroll(patient, answers as Record<string, string>);
    expect(again.status).toBe(400);
    expect(linksOf(again)).toContain(`#${field}`);
    expect(await invitationsOf(patient)).toEqual([]);
  });

  it('uses the selected address, after staff have been warned that the typed one is not selected', async () => {
    const patient = await addChartedPatient(server, { family: 'Forgot', emails: ['forgot@example.org'] });
    const answers = { way: 'mail forgot@example.org', other: 'new.forgot@example.org', language: 'en' };
    const warning = await enroll(patient, answers);
    expect(textOf(warning)).toContain('You entered a new address but didn’t choose it.');
    const sent = await staffBrowser.post(`${patient.path}/enroll`, { ...hiddenFields(warning.body), ...answers });
    expect(sent.location).toBe(`${patient.path}?done=mailed`);
    expect((await invitationsOf(patient))[0]?.email).toBe('forgot@example.org');
  });

  it('is rejected with an explanation and instructions', async () => {
    const taken = await addChartedPatient(server, { family: 'Taken' });
    await addPatientAccount(server, taken, { name: 'Somebody Else', email: 'taken@example.org' });
    const patient = await addChartedPatient(server, { family: 'Refused', emails: ['taken@example.org'] });
    const used = await enroll(patient, { way: 'mail taken@example.org', language: 'en' });
    expect(used.status).toBe(400);
    expect(textOf(used)).toContain('Ask for another address, or print a letter.');
    const years = (count: number) => `${new Date().getUTCFullYear() - count}-01-01`;
    const teen = await addChartedPatient(server, {
      family: 'Teen',
      birthDate: years(15),
      emails: ['mother@example.org'],
      related: [{ name: 'Mo Teen', relationship: 'Mother', email: 'mother@example.org' }],
    });
    expect(textOf(await staffBrowser.get(`${teen.path}/enroll`))).toContain(
      'Use an email address that no parent or guardian can read',
    );
    expect(textOf(await enroll(teen, { way: 'mail mother@example.org', language: 'en' }))).toContain(
      'A parent or guardian uses this email address',
    );
    const child = await addChartedPatient(server, { family: 'Child', birthDate: years(5) });
    expect(textOf(await staffBrowser.get(`${child.path}/enroll`))).toContain('The patient is under 12.');
    expect((await enroll(child)).status).toBe(400);
    for (const one of [patient, teen, child]) expect(await invitationsOf(one)).toEqual([]);
  });

  it('takes no answers from the URL: a link cannot prefill what staff confirm', async () => {
    const related = [{ name: 'Eve Linked', relationship: 'Aunt' }];
    const patient = await addChartedPatient(server, { family: 'Linked', related });
    const query = 'way=other&other=eve@example.org&sure=yes&reason=planted&language=es';
    for (const page of ['enroll', `related/${patient.relatedPersonIds[0]}/invite`, 'decline']) {
      const response = await staffBrowser.get(`${patient.path}/${page}?${query}`);
      expect(response.status, page).toBe(200);
      expect([textOf(response), ...attributesOf(response, 'input', 'value')].join()).not.toMatch(/eve@|planted/);
      expect(hasElement(response, ':is([value=yes], [value=es], [value=other])[checked]')).toBe(false);
    }
  });

  it('ends once there is an account: the page redirects to the patient', async () => {
    const patient = await addChartedPatient(server, { family: 'Done' });
    await addPatientAccount(server, patient);
    const again = await staffBrowser.get(`${patient.path}/enroll`);
    expect({ status: again.status, location: again.location }).toEqual({
      status: 303,
      location: `${patient.path}?done=changed`,
    });
    expect(
      (
        await enroll(patient, {
          csrf: hiddenFields((await pageOf(patient)).body)['csrf'] ?? '',
          way: 'letter',
          language: 'en',
        })
      ).location,
    ).toBe(`${patient.path}?done=changed`);
  });

  it('three times concurrently leaves one open invitation', async () => {
    const patient = await addChartedPatient(server, { family: 'Twice' });
    const form = hiddenFields((await staffBrowser.get(`${patient.path}/enroll`)).body);
    const send = () => staffBrowser.post(`${patient.path}/enroll`, { ...form, way: 'letter', language: 'en' });
    const answers = (await Promise.all([send(), send(), send()])).map(({ status, location }) => ({ status, location }));
    const letter = { status: 200, location: undefined };
    // A concurrent request has replaced this letter, so the response leads to the patient's page instead.
    const replaced = { status: 303, location: `${patient.path}?done=changed` };
    expect(answers).toContainEqual(letter);
    for (const answer of answers) expect([letter, replaced]).toContainEqual(answer);
    expect((await invitationsOf(patient)).filter(({ state }) => state === 'open')).toHaveLength(1);
  });
});

describe('an open invitation', () => {
  it('gets its code in person: displayed once, in large print, and stored as a hash', async () => {
    const { patient, path } = await invited('Inperson');
    const response = await act(`${path}/code`, { way: 'in-person' });
    expect(response.status).toBe(200);
    const code = textOf(response, 'p.code > b');
    expect(code).toMatch(/^\d{3} \d{3}$/);
    expect(textOf(response)).toContain('Check a photo ID');
    expect((await pageOf(patient)).body).not.toContain(code);
    expect(textOf(await pageOf(patient))).toContain('The code was given in person.');
    const again = await act(`${path}/code`, { way: 'in-person' });
    expect(again.body).not.toContain(code);
  });

  it('gets it by phone, only at the number on the chart', async () => {
    const { path } = await invited('Byphone');
    expect(textOf(await staffBrowser.get(`${path}/code`))).toContain(
      'Never give the code on a call that you receive. Instead, hang up and call back.',
    );
    const response = await act(`${path}/code`, { way: 'phone' });
    expect(textOf(response)).toContain('Call (520) 555-0142.');
    expect(textsOf(response, 'b')).toContainEqual(expect.stringMatching(/^\d{3} \d{3}$/));
    const { path: without } = await invited('Nophone', { phones: [] });
    expect(hasElement(await staffBrowser.get(`${without}/code`), '[value=phone]')).toBe(false);
    expect((await act(`${without}/code`, { way: 'phone' })).status).toBe(400);
  });

  it('gets it by email at another address on the chart, which is displayed masked', async () => {
    const { patient, path } = await invited('Bymail');
    expect(textOf(await staffBrowser.get(`${path}/code`))).toContain(
      'By email to b…o@example.org From the chart. The invitation didn’t go to this address.',
    );
    const done = await act(`${path}/code`, { way: 'contact' });
    expect(done.location).toBe(`${patient.path}?done=code-mailed`);
    expect((await listEmails(server)).at(-1)?.recipient).toBe('bymail.two@example.org');
    const { path: single } = await invited('Single', { emails: ['single.one@example.org'] });
    expect(hasElement(await staffBrowser.get(`${single}/code`), '[value=contact]')).toBe(false);
    const rejected = await act(`${single}/code`, { way: 'contact' });
    expect(rejected.status).toBe(400);
    expect(textOf(rejected)).toContain('Give it in person or by phone.');
  });

  it('is not sent to a guardian’s address on the chart of a patient of 12 to 17', async () => {
    const { path } = await invited('Teencode', {
      birthDate: `${server.clock.now().getUTCFullYear() - 15}-01-01`,
      emails: ['teencode.one@example.org', 'mo.teencode@example.org'],
      related: [{ name: 'Mo Teencode', relationship: 'Mother', email: 'mo.teencode@example.org' }],
    });
    expect(hasElement(await staffBrowser.get(`${path}/code`), '[value=contact]')).toBe(false);
  });

  it('requires an available channel', async () => {
    const { path } = await invited('Noway');
    for (const channel of ['', 'pigeon', 'constructor'])
      expect((await act(`${path}/code`, { way: channel })).status).toBe(400);
  });

  it('can be emailed again, or printed again with another code', async () => {
    const { patient, path } = await invited('Again');
    const before = (await listEmails(server)).length;
    server.clock.advance(seconds(11));
    expect((await act(`${path}/resend`)).location).toBe(`${patient.path}?done=resent`);
    expect((await listEmails(server)).length).toBe(before + 1);
    const printed = await addChartedPatient(server, { family: 'Reprint' });
    const codeIn = (response: BrowserResponse) => letterCodes(response)[0];
    const first = codeIn(await enroll(printed));
    const [invitation] = await invitationsOf(printed);
    const second = codeIn(await act(`${printed.path}/invitations/${invitation?.invitationId}/resend`));
    expect(first).toBeDefined();
    expect(second).toBeDefined();
    expect(second).not.toBe(first);
  });

  it('can be cancelled, once', async () => {
    const { patient, path } = await invited('Cancel');
    const form = hiddenFields((await staffBrowser.get(`${path}/cancel`)).body);
    expect((await staffBrowser.post(`${path}/cancel`, form)).location).toBe(`${patient.path}?done=cancelled`);
    expect((await staffBrowser.post(`${path}/cancel`, form)).location).toBe(`${patient.path}?done=changed`);
    for (const act of ['code', 'resend', 'cancel']) {
      const page = await staffBrowser.get(`${path}/${act}`);
      expect(page.location).toBe(`${patient.path}?done=changed`);
    }
    expect(textOf(await pageOf(patient))).toContain('canceled');
  });
});

describe('a patient who declines an account', () => {
  it('is recorded with the reason, is not invited, and may change their mind', async () => {
    const patient = await addChartedPatient(server, { family: 'Decliner' });
    await enroll(patient);
    for (const reason of ['', '   ', '\u200b\u202e', 'x'.repeat(65)])
      expect((await act(`${patient.path}/decline`, { reason })).status).toBe(400);
    expect((await act(`${patient.path}/decline`, { reason: 'has no\u202e\r\n computer' })).location).toBe(
      `${patient.path}?done=declined`,
    );
    const text = textOf(await pageOf(patient));
    expect(text).toContain('doesn’t want an account: has no computer.');
    expect((await invitationsOf(patient))[0]?.state).toBe('cancelled');
    expect(textOf(await staffBrowser.get(`${patient.path}/enroll`))).toContain('first allow invitations again');
    expect((await enroll(patient)).status).toBe(400);
    expect((await act(`${patient.path}/undo-decline`)).location).toBe(`${patient.path}?done=undeclined`);
    expect((await enroll(patient)).status).toBe(200);
  });
});

describe('a representative', () => {
  it('is invited from the chart, once their right to see the record is verified', async () => {
    const patient = await addChartedPatient(server, {
      family: 'Acted',
      birthDate: `${new Date().getUTCFullYear() - 4}-02-01`,
      related: [{ name: 'Pat Acted', relationship: 'Mother', email: 'pat@example.org' }],
    });
    const page = textOf(await pageOf(patient));
    expect(page).toContain('Pat Acted Mother');
    const path = `${patient.path}/related/${patient.relatedPersonIds[0]}/invite`;
    const answers = { way: 'mail pat@example.org', language: 'en' };
    const unsure = await act(path, answers);
    expect(unsure.status).toBe(400);
    expect(linksOf(unsure)).toContain('#sure');
    expect((await act(path, { ...answers, sure: 'yes' })).location).toBe(`${patient.path}?done=mailed`);
    expect(await invitationsOf(patient)).toMatchObject([
      { kind: 'representative', name: 'Pat Acted', email: 'pat@example.org' },
    ]);
    expect(textOf(await pageOf(patient))).toContain('Pat Acted, to act for the patient');
  });
});

it('has each step in the audit log: the actor and the record, and no address, name or code', async () => {
  const { patient, path } = await invited('Logged');
  server.clock.advance(seconds(11));
  await act(`${path}/resend`);
  await act(`${path}/code`, { way: 'in-person' });
  await act(`${path}/cancel`);
  await act(`${patient.path}/decline`, { reason: 'has no computer' });
  await act(`${patient.path}/undo-decline`);
  const events = (await findAuditEvents(server, 'enrollment')).filter(
    ({ record_id, detail }) => record_id === patient.recordId && detail['action'] !== 'patient',
  );
  expect(new Set(events.map(({ detail }) => detail['action']))).toEqual(
    new Set(['invite', 'resend', 'cancel', 'give-code', 'decline', 'undo-decline']),
  );
  for (const event of events) expect(typeof event.account_id).toBe('string');
  // The random ids of invitations can end with six digits, like a code.
  const details = JSON.stringify(events.map(({ detail }) => detail)).replaceAll(
    /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g,
    '',
  );
  expect(details).not.toMatch(/example\.org|Logged|\d{3} ?\d{3}"|computer/);
});
