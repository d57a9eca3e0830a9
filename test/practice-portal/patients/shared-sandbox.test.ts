import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPatientAccount, createRepresentativeAccount, type NewAccount } from '../../../src/identity/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import { InvitedPerson } from '../../enrollment/invited-person.ts';
import { hiddenFields, textOf } from '../../support/browser/html.ts';
import { passwordCost } from '../../support/people/password-cost.ts';
import { type BrowserResponse, PatientBrowser } from '../../support/people/patient.ts';
import { addStaffMember, SANDBOX_DESK, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { addChartedPatient, type ChartedPatient, LIVE, letterCodes, listEmails, SANDBOX } from './charted-patients.ts';

let server: TestServer;
let visitor: PatientBrowser;
let live: PatientBrowser;
beforeAll(async () => {
  // The server has a mail server, so it would send all email that isn't held back for the sandbox.
  server = await startServer({ SMTP_URL: 'smtp://localhost:1', MAIL_FROM: 'mail@example.org' });
  visitor = await visit();
  live = await signInAs(server, (await addStaffMember(server, ['live'], ['front-desk'])).accountId);
});
afterAll(() => server.close());

/** Signs in to the practice portal of the sandbox. Any visitor can, because its password is published. */
async function visit(): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in', SANDBOX_DESK);
  return browser;
}

async function submitAction(
  browser: PatientBrowser,
  path: string,
  fields: Record<string, string>,
): Promise<BrowserResponse> {
  return browser.post(path, { ...hiddenFields((await browser.get(path)).body), ...fields });
}

const mailTo = (browser: PatientBrowser, { path }: ChartedPatient, other: string): Promise<BrowserResponse> =>
  submitAction(browser, `${path}/enroll`, { way: 'other', other, language: 'en' });

const account = (email: string): NewAccount => ({
  username: `user-${random.bytes(5).toString('hex')}`,
  password: undefined,
  displayName: 'Somebody Else',
  published: false,
  email,
});

const liveAccount = (email: string) =>
  server.db.transaction((tx) =>
    createRepresentativeAccount(tx, { clock: server.clock, random, passwordCost }, account(email)),
  );

const BULK = `/practice/${SANDBOX}/patients/bulk`;

async function upload(browser: PatientBrowser, csv: string, path = BULK) {
  const csrf = hiddenFields((await browser.get(path)).body)['csrf'] ?? '';
  const part = (name: string, more: string, value: string) =>
    `--frontier\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const file = part('file', '; filename="a.csv"\r\nContent-Type: text/csv', csv);
  const payload = `${part('csrf', '', csrf)}${file}--frontier--\r\n`;
  const cookie = ['session', 'browser'].map((name) => `${name}=${browser.cookie(name)}`).join('; ');
  const headers = { 'content-type': 'multipart/form-data; boundary=frontier', cookie };
  return server.app.inject({ method: 'POST', url: path, payload, headers });
}

describe('a visitor of the sandbox’s practice portal', () => {
  it('cannot block a live practice’s invitation to an email address by inviting a sandbox patient to it first', async () => {
    const madeUp = await addChartedPatient(server, { family: 'Madeup' }, SANDBOX);
    const real = await addChartedPatient(server, { family: 'Real' });
    expect((await mailTo(visitor, madeUp, 'real@example.org')).location).toContain('done=mailed');
    expect((await mailTo(live, real, 'real@example.org')).location).toBe(`${real.path}?done=mailed`);
  });

  it('cannot learn whether an email address has an account or an invitation at a live practice', async () => {
    await liveAccount('has-account@example.org');
    const invited = await addChartedPatient(server, { family: 'Waiting' });
    await mailTo(live, invited, 'invited@example.org');
    for (const address of ['has-account@example.org', 'invited@example.org', 'has-nothing@example.org']) {
      const madeUp = await addChartedPatient(server, { family: 'Asked' }, SANDBOX);
      expect((await mailTo(visitor, madeUp, address)).location, address).toEqual(`${madeUp.path}?done=mailed`);
    }
  });

  it('cannot send email to anyone by enrolling a sandbox patient with their address', async () => {
    await liveAccount('victim@example.org');
    const madeUp = await addChartedPatient(server, { family: 'Lettered', mrn: 'L-1' }, SANDBOX);
    const letter = await submitAction(visitor, `${madeUp.path}/enroll`, { way: 'letter', language: 'en' });
    const code = letterCodes(letter)[0] ?? '';
    const [invitation] = await server.enrollments.listForRecord(madeUp.recordId);
    const second = await submitAction(visitor, `${madeUp.path}/invitations/${invitation?.invitationId}/code`, {
      way: 'in-person',
    });
    const sixDigits = textOf(second, 'p.code > b');
    const browser = new InvitedPerson(server.app, { path: `/enroll/${code}` });
    await browser.send('/proof', { month: '7', day: '4', year: '1974', zip: '85701', code: sixDigits });
    await browser.choose(`visitor-${random.bytes(4).toString('hex')}`, { email: 'victim@example.org' });
    expect((await browser.finish()).location).toMatch(/^\/enroll\/done/);
    expect(
      (await listEmails(server)).filter(({ recipient, outbox }) => recipient === 'victim@example.org' && !outbox),
    ).toEqual([]);
  });

  it('sees no email address that another visitor entered, on any page', async () => {
    const madeUp = await addChartedPatient(server, { family: 'Seen' }, SANDBOX);
    await mailTo(visitor, madeUp, 'private.person@example.org');
    const [invitation] = await server.enrollments.listForRecord(madeUp.recordId);
    const other = await visit();
    for (const page of [
      '',
      `/invitations/${invitation?.invitationId}/resend`,
      `/invitations/${invitation?.invitationId}/cancel`,
    ]) {
      const response = await other.get(`${madeUp.path}${page}`);
      expect({ page, status: response.status, hasPrivateName: response.body.includes('private.person') }).toEqual({
        page,
        status: 200,
        hasPrivateName: false,
      });
    }
    const own = { ...account('owner.private@example.org'), username: 'owner.private@example.net' };
    const { db, clock } = server;
    await db.transaction((tx) =>
      createPatientAccount(tx, { clock, random, passwordCost }, { ...own, recordId: madeUp.recordId }),
    );
    expect((await other.get(madeUp.path)).body).not.toContain('owner.private');
  });

  it('sees no file of another visitor, nor its results', async () => {
    const started = await upload(visitor, 'name,birth_date,email\nReal Person,1980-02-03,real.person@example.org\n');
    const path = String(started.headers.location);
    expect(path).toMatch(/\/bulk\/[0-9a-f-]{36}$/);
    await server.enrollments.processPendingRows();
    expect((await visitor.get(path)).body).toContain('Real Person');
    const other = await visit();
    expect((await other.get(BULK)).body).not.toContain(path);
    for (const below of ['', '/report.csv']) expect((await other.get(`${path}${below}`)).status).toBe(404);
    const csrf = hiddenFields((await other.get(BULK)).body)['csrf'] ?? '';
    expect((await other.post(`${path}/letters`, { csrf })).status).toBe(404);
    const colleague = await signInAs(server, (await addStaffMember(server, ['sandbox'], ['front-desk'])).accountId);
    expect((await colleague.get(path)).status).toBe(200);
  });

  it('cannot delay a live practice with files, however many', async () => {
    // One row more than the server processes of a file before the next file has its turn.
    const rows = Array.from({ length: 201 }, (_, at) => `none-${at}`).join('\n');
    const given = [await upload(visitor, `mrn\n${rows}\n`)];
    for (let count = 1; count < 5; count += 1) given.push(await upload(visitor, 'mrn\nnone\n'));
    expect(given.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 400, 400]);
    expect(textOf(given[4] ?? { body: '' })).toContain('still being processed');
    const one = await addChartedPatient(server, { family: 'Hurry', mrn: 'HURRY-1', emails: ['hurry@example.org'] });
    await upload(live, 'mrn\nHURRY-1\n', `/practice/${LIVE}/patients/bulk`);
    await server.enrollments.processPendingRows();
    expect(await server.enrollments.listForRecord(one.recordId)).toHaveLength(1);
    expect(textOf(await visitor.get(String(given[0]?.headers.location)), 'h1')).toBe('Inviting patients');
    // Finishes the files, because other tests upload some at the same practice.
    await server.enrollments.processPendingRows();
  });
});
