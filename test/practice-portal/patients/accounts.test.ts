import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addRepresentation, listAccountRecords } from '../../../src/identity/index.ts';
import { type AccountId, systemRandom as random } from '../../../src/kernel/index.ts';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { hasElement, hiddenFields, linksOf, textOf } from '../../support/browser/html.ts';
import {
  authorizationCode,
  type BrowserResponse,
  connectApp,
  getFhir,
  PatientBrowser,
  R4,
  requestToken,
} from '../../support/people/patient.ts';
import { addStaffMember, SANDBOX_DESK, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
  findAuditEvents,
  listEmails,
  SANDBOX,
} from './charted-patients.ts';

let server: TestServer;
let staffBrowser: PatientBrowser;
let staffId: AccountId;
let app: TestApp;
beforeAll(async () => {
  server = await startServer();
  staffId = (await addStaffMember(server, ['live'], ['front-desk', 'privacy-officer'])).accountId;
  staffBrowser = await signInAs(server, staffId);
  app = await addApp(server, { redirectUris: ['http://localhost:9/callback'] });
});
afterAll(() => server.close());

async function submitAction(
  path: string,
  answers: Record<string, string> = {},
  browser = staffBrowser,
): Promise<BrowserResponse> {
  const page = await browser.get(path);
  // The page redirects and has no form anymore. A user who opened it before can still send its form.
  const { csrf = '' } = hiddenFields((await browser.get(path.replace(/\/accounts.*/, ''))).body);
  return browser.post(path, { csrf, ...hiddenFields(page.body), ...answers });
}
const pageOf = async (patient: ChartedPatient, browser = staffBrowser) => textOf(await browser.get(patient.path));
const read = async (patient: ChartedPatient, token: string) =>
  (await getFhir(server.app, `${R4}/Patient/${patient.patientId}`, token)).statusCode;
const recordsOf = async (accountId: AccountId) =>
  (await listAccountRecords(server.db, accountId)).map(({ recordId }) => recordId);
/** Advances the clock, because the server caches tokens for a second. */
const later = () => server.clock.advance(2000);

describe('locking the account of a patient of this practice only', () => {
  it('locks it: no sign-in, no session, no token; unlocking restores it', async () => {
    const patient = await addChartedPatient(server, { family: 'Locked' });
    const person = await addPatientAccount(server, patient);
    const { access_token } = await connectApp(server.app, app, {}, {}, person);
    const session = await signInAs(server, person.accountId);
    expect(await read(patient, access_token)).toBe(200);
    const path = `${patient.path}/accounts/${person.accountId}`;
    expect(await pageOf(patient)).toContain('Test App');
    expect(textOf(await staffBrowser.get(`${path}/deactivate`))).toContain('no one can sign in with it');
    expect((await submitAction(`${path}/deactivate`, { reason: '' })).status).toBe(400);
    expect((await submitAction(`${path}/deactivate`, { reason: 'x'.repeat(65) })).status).toBe(400);
    expect(await read(patient, access_token)).toBe(200);
    expect((await submitAction(`${path}/deactivate`, { reason: 'phone was stolen' })).location).toBe(
      `${patient.path}?done=locked`,
    );
    later();
    expect(await read(patient, access_token)).toBe(401);
    const [row] = await server.db.queryText<{ locked_for: string }>(
      'select locked_for from account where account_id = $1',
      [person.accountId],
    );
    expect(row?.locked_for).toBe('phone was stolen');
    const [{ count }] = (await server.db.queryText<{ count: number }>(
      'select count(*) from session where account_id = $1',
      [person.accountId],
    )) as [{ count: number }];
    expect(count).toBe(0);
    expect(session.cookie('session')).toBeDefined();
    const text = await pageOf(patient);
    expect(text).toContain('Locked');
    expect(text).toContain('phone was stolen');
    expect(text).toContain('No connected apps.');
    expect((await submitAction(`${path}/deactivate`, { reason: 'again' })).location).toBe(
      `${patient.path}?done=changed`,
    );
    expect((await submitAction(`${path}/unlock`, { reason: 'phone was found' })).location).toBe(
      `${patient.path}?done=unlocked`,
    );
    later();
    expect(await read(patient, access_token)).toBe(200);
    const reported = (await findAuditEvents(server, 'account')).filter(
      ({ account_id }) => account_id === person.accountId,
    );
    expect(reported.map(({ detail }) => detail)).toEqual([
      { action: 'lock', reason: 'phone was stolen', by: staffId },
      { action: 'unlock', reason: 'phone was found', by: staffId },
    ]);
  });

  it('names the other records that it also closes', async () => {
    const parent = await addChartedPatient(server, { family: 'Parent' });
    const child = await addChartedPatient(server, { family: 'Child', given: 'Kim' });
    const { accountId } = await addPatientAccount(server, parent);
    await addRepresentation(server.db, { accountId, recordId: child.recordId, relatedPersonId: random.uuid() });
    const form = textOf(await staffBrowser.get(`${parent.path}/accounts/${accountId}/deactivate`));
    expect(form).toContain('This account also opens the record of Kim Child. That access stops too.');
  });
});

describe('ending access of an account that opens records of another practice too', () => {
  it('ends its access to the record here, and retains access elsewhere', async () => {
    const patient = await addChartedPatient(server, { family: 'Both' });
    const there = await addChartedPatient(server, { family: 'Both' }, SANDBOX);
    const person = await addPatientAccount(server, patient);
    const { accountId } = person;
    await server.db.queryText('insert into representation (account_id, record_id) values ($1, $2)', [
      accountId,
      there.recordId,
    ]);
    const { access_token: here } = await connectTo(patient, person);
    const { access_token: elsewhere } = await connectTo(there, person);
    const path = `${patient.path}/accounts/${accountId}`;
    const form = textOf(await staffBrowser.get(`${path}/deactivate`));
    expect(form).toContain('also opens records at other practices. Those are not affected.');
    expect(form).toContain('End access');
    expect(form).not.toContain('Lock account');
    expect((await submitAction(`${path}/deactivate`, { reason: 'left the practice' })).location).toBe(
      `${patient.path}?done=ended`,
    );
    later();
    expect({ here: await read(patient, here), elsewhere: await read(there, elsewhere) }).toEqual({
      here: 401,
      elsewhere: 200,
    });
    expect(await recordsOf(accountId)).toEqual([there.recordId]);
    expect(await pageOf(patient)).toContain('The account’s access to this record has ended.');
    // An invitation would give the person access again even though the practice ended it.
    expect((await staffBrowser.get(`${patient.path}/enroll`)).location).toBe(`${patient.path}?done=changed`);
    const invitationInput = {
      recordId: patient.recordId,
      whom: { kind: 'patient' },
      email: undefined,
      language: 'en',
    } as const;
    await expect(server.enrollments.invite({ accountId: staffId, requestId: 'test' }, invitationInput)).rejects.toThrow(
      'already-enrolled',
    );
    expect((await submitAction(`${path}/unlock`, { reason: 'came back' })).location).toBe(
      `${patient.path}?done=restored`,
    );
    later();
    expect((await recordsOf(accountId)).sort()).toEqual([patient.recordId, there.recordId].sort());
    // The access of the apps has ended for good. The person has to authorize each of them again.
    expect(await read(patient, here)).toBe(401);
  });

  it('cannot be undone here if the account itself is locked, which only the operator can undo', async () => {
    const patient = await addChartedPatient(server, { family: 'Operator' });
    const there = await addChartedPatient(server, { family: 'Operator' }, SANDBOX);
    const { accountId } = await addPatientAccount(server, patient);
    await server.db.queryText('insert into representation (account_id, record_id) values ($1, $2)', [
      accountId,
      there.recordId,
    ]);
    await server.db.queryText('update account set locked_at = now() where account_id = $1', [accountId]);
    const path = `${patient.path}/accounts/${accountId}/unlock`;
    const page = await staffBrowser.get(path);
    expect(textOf(page)).toContain('Only the operator of this server can unlock it');
    const csrf = hiddenFields((await staffBrowser.get(patient.path)).body)['csrf'] ?? '';
    await staffBrowser.post(path, { csrf, reason: 'try' });
    const [row] = await server.db.queryText<{ locked_at: Date | null }>(
      'select locked_at from account where account_id = $1',
      [accountId],
    );
    expect(row?.locked_at).not.toBeNull();
  });

  async function connectTo(patient: ChartedPatient, person: { username: string; password: string }) {
    const browser = new PatientBrowser(server.app);
    const { client_id, client_secret = '', redirect_uri } = app;
    const choice = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, person);
    const page = await browser.chooseRecord(choice, `${patient.path.split('/')[2]}-${patient.patientId}`);
    const code = authorizationCode(await browser.submitConsent(page));
    return requestToken(server.app, { grant_type: 'authorization_code', code, redirect_uri, client_id, client_secret });
  }
});

describe('ending a representation', () => {
  it('ends the representative’s access and that of their apps, with a reason, and retains their account', async () => {
    const patient = await addChartedPatient(server, {
      family: 'Ward',
      related: [{ name: 'Pat Parent', relationship: 'Mother' }],
    });
    const person = await addRepresentativeAccount(server, patient);
    const { access_token } = await connectApp(server.app, app, {}, {}, person);
    expect(await read(patient, access_token)).toBe(200);
    const before = await pageOf(patient);
    expect(before).toContain('Pat Parent Mother, since');
    expect(before).not.toContain('Contacts on the chart without access');
    const path = `${patient.path}/accounts/${person.accountId}/end`;
    expect((await submitAction(path, { reason: '' })).status).toBe(400);
    expect((await submitAction(path, { reason: 'custody has changed' })).location).toBe(`${patient.path}?done=ended`);
    later();
    expect(await read(patient, access_token)).toBe(401);
    const after = await pageOf(patient);
    expect(after).toContain('Past representatives');
    expect(after).toContain('custody has changed');
    expect(after).toContain('Contacts on the chart without access');
    expect((await submitAction(path, { reason: 'twice' })).location).toBe(`${patient.path}?done=changed`);
    const [event] = (await findAuditEvents(server, 'account')).slice(-1);
    expect(event).toMatchObject({
      account_id: person.accountId,
      detail: { action: 'end-representation', reason: 'custody has changed', by: staffId },
    });
  });
});

describe('a lost second factor', () => {
  const PROOF = { check: 'passport', place: 'desk', who: 'Dr. Test', handed: 'shown' };
  const withFactor = async (family: string, email?: string) => {
    const patient = await addChartedPatient(server, { family });
    const { accountId } = await addPatientAccount(server, patient, email === undefined ? {} : { email });
    await server.db.queryText("insert into totp (account_id, secret, confirmed_at) values ($1, '\\x00', now())", [
      accountId,
    ]);
    return { patient, accountId, path: `${patient.path}/accounts/${accountId}/lost-factor` };
  };

  it('requires identity proofing, which is recorded in the audit log, and then gives a link that is displayed once', async () => {
    const { patient, accountId, path } = await withFactor('Lost', 'lost@example.org');
    expect(await pageOf(patient)).toContain('Reset second factor');
    const response = await submitAction(path, PROOF);
    expect(response.status).toBe(200);
    const link = textOf(response, 'code.long');
    expect(link).toMatch(/^http:\/\/localhost:\d+\/recover\/[\w-]{43}$/);
    expect(response.body).toContain('<svg');
    expect((await staffBrowser.get(patient.path)).body).not.toContain(link);
    const events = (await findAuditEvents(server, 'account')).filter(({ account_id }) => account_id === accountId);
    expect(events).toMatchObject([
      {
        record_id: patient.recordId,
        detail: { action: 'proofing', by: staffId, check: 'passport', place: 'desk', who: 'Dr. Test', link: 'shown' },
      },
    ]);
    const resets = (await findAuditEvents(server, 'factor')).filter(({ account_id }) => account_id === accountId);
    expect(resets).toMatchObject([{ detail: { by: staffId } }]);
    const recorded = JSON.stringify([
      await findAuditEvents(server, 'account'),
      await findAuditEvents(server, 'factor'),
      server.log,
    ]);
    expect(recorded).not.toContain(link.split('/').at(-1));
    expect((await listEmails(server)).at(-1)?.recipient).toBe('lost@example.org');
  });

  it('can have the link emailed to the address of the account only', async () => {
    const { patient, path } = await withFactor('Mailed', 'own@example.org');
    const form = await staffBrowser.get(path);
    expect(form.body).toContain('o…@example.org');
    expect((await submitAction(path, { ...PROOF, handed: 'mailed' })).location).toBe(
      `${patient.path}?done=link-mailed`,
    );
    const emails = (await listEmails(server)).filter(({ recipient }) => recipient === 'own@example.org');
    expect(emails.filter(({ content }) => /\/recover\/[\w-]{43}/.test(content))).toHaveLength(1);
    const { path: without } = await withFactor('Without');
    expect(hasElement(await staffBrowser.get(without), '[value=mailed]')).toBe(false);
    expect((await submitAction(without, { ...PROOF, handed: 'mailed' })).status).toBe(400);
  });

  it.each([
    [{ check: '' }, 'check'],
    [{ check: 'constructor' }, 'check'],
    [{ check: 'other', what: ' ' }, 'what'],
    [{ what: 'x'.repeat(65) }, 'what'],
    [{ place: 'moon' }, 'place'],
    [{ who: '' }, 'who'],
    [{ handed: '' }, 'handed'],
  ])('gets no link without identity proofing: %j', async (changes, field) => {
    const { accountId, path } = await withFactor(`Proof${field}`);
    const again = await submitAction(path, { ...PROOF, ...changes });
    expect(again.status).toBe(400);
    expect(linksOf(again)).toContain(`#${field}`);
    expect(await server.db.queryText('select from account_link where account_id = $1', [accountId])).toEqual([]);
  });

  it('gets no displayed link if the account has no password and has records of other practices, which the link would open', async () => {
    const elsewhere = await addChartedPatient(server, { family: 'Elsewhere' }, SANDBOX);
    const both = async (family: string, email?: string) => {
      const created = await withFactor(family, email);
      const { accountId } = created;
      await server.db.queryText(
        "insert into representation (account_id, record_id, relationship) values ($1, $2, 'representative')",
        [accountId, elsewhere.recordId],
      );
      return created;
    };
    const noPassword = (accountId: string) =>
      server.db.queryText('update account set password_hash = null where account_id = $1', [accountId]);
    const known = await both('Knowspassword');
    expect((await submitAction(known.path, PROOF)).status).toBe(200);
    const mailed = await both('Keyonly', 'keyonly@example.org');
    await noPassword(mailed.accountId);
    expect(hasElement(await staffBrowser.get(mailed.path), '[value=shown]')).toBe(false);
    const rejected = await submitAction(mailed.path, PROOF);
    expect({ status: rejected.status, hasLink: /recover\//.test(rejected.body) }).toEqual({
      status: 400,
      hasLink: false,
    });
    expect((await submitAction(mailed.path, { ...PROOF, handed: 'mailed' })).location).toBe(
      `${mailed.patient.path}?done=link-mailed`,
    );
    const nowhere = await both('Keynomail');
    await noPassword(nowhere.accountId);
    expect((await staffBrowser.get(nowhere.path)).body).toContain(
      'Only the operator of this server can reset its second factor',
    );
    const csrf = hiddenFields(
      (await staffBrowser.get(`${nowhere.patient.path}/accounts/${nowhere.accountId}/deactivate`)).body,
    );
    expect((await staffBrowser.post(nowhere.path, { ...csrf, ...PROOF })).status).toBe(400);
    const here = await withFactor('Keyhere');
    await noPassword(here.accountId);
    const response = await submitAction(here.path, PROOF);
    expect(response.body).toContain('chooses a password there');
  });

  it('cannot be reset for an account that has none, or that is locked', async () => {
    const patient = await addChartedPatient(server, { family: 'Factorless' });
    const { accountId } = await addPatientAccount(server, patient);
    expect((await staffBrowser.get(`${patient.path}/accounts/${accountId}/lost-factor`)).location).toBe(
      `${patient.path}?done=changed`,
    );
    const { patient: locked, accountId: lockedId, path } = await withFactor('Lockedlost');
    await server.db.queryText('update account set locked_at = now() where account_id = $1', [lockedId]);
    expect((await submitAction(path, PROOF)).location ?? (await staffBrowser.get(path)).location).toBe(
      `${locked.path}?done=changed`,
    );
  });
});

describe('a forgotten password', () => {
  const PROOF = { check: 'driver-license', place: 'desk', who: 'Dr. Test' };
  const NEW = 'otter maple violin 48';
  const signIn = async (username: string, password: string) => {
    const browser = new PatientBrowser(server.app);
    return (await browser.signIn('/sign-in', { username, password })).location;
  };

  it('of an account without an email address requires identity proofing, and then gives a link that is displayed once', async () => {
    const patient = await addChartedPatient(server, { family: 'Forgetful' });
    const { accountId, username, password } = await addPatientAccount(server, patient);
    const path = `${patient.path}/accounts/${accountId}/lost-password`;
    expect((await staffBrowser.get(patient.path)).body).toContain(path);
    for (const [changes, field] of [
      [{ check: '' }, 'check'],
      [{ place: '' }, 'place'],
      [{ who: ' ' }, 'who'],
    ] as const) {
      const again = await submitAction(path, { ...PROOF, ...changes });
      expect({ status: again.status, hasLink: linksOf(again).includes(`#${field}`) }).toEqual({
        status: 400,
        hasLink: true,
      });
    }
    expect(await server.db.queryText('select from account_link where account_id = $1', [accountId])).toEqual([]);
    const response = await submitAction(path, PROOF);
    const link = /http:\/\/localhost:\d+(\/reset\/[\w-]{43})</.exec(response.body)?.[1] ?? '';
    expect(response.body).toContain(username);
    const browser = new PatientBrowser(server.app);
    const form = hiddenFields((await browser.get(link)).body);
    expect((await browser.post(link, { ...form, password: NEW })).location).toBe('/reset-done');
    expect((await browser.get(link)).status).toBe(410);
    expect(await signIn(username, NEW)).toBe('/account');
    expect(await signIn(username, password)).toBeUndefined();
    const events = (await findAuditEvents(server, 'account')).filter(({ account_id }) => account_id === accountId);
    expect(events[0]).toMatchObject({
      record_id: patient.recordId,
      detail: { action: 'proofing', for: 'password', by: staffId, ...PROOF, link: 'shown' },
    });
    expect(JSON.stringify(events)).not.toContain(link.split('/').at(-1));
  });

  it('is reported to the email address of the account when the link is given', async () => {
    const patient = await addChartedPatient(server, { family: 'Forgetmail' });
    const { accountId } = await addPatientAccount(server, patient, { email: 'forgetmail@example.org' });
    await submitAction(`${patient.path}/accounts/${accountId}/lost-password`, PROOF);
    const reported = (await listEmails(server)).filter(({ recipient }) => recipient === 'forgetmail@example.org');
    expect(reported.map(({ subject }) => subject)).toEqual(['Your practice gave out a link for a new password']);
    expect(reported[0]?.content).not.toContain('/reset/');
  });

  it('cannot be reset by the practice for an account with records elsewhere, a locked one, or one without a password', async () => {
    const elsewhere = await addChartedPatient(server, { family: 'Otherwhere' }, SANDBOX);
    const patient = await addChartedPatient(server, { family: 'Forgetboth' });
    const { accountId } = await addPatientAccount(server, patient);
    const path = `${patient.path}/accounts/${accountId}/lost-password`;
    const { csrf = '' } = hiddenFields((await staffBrowser.get(path)).body);
    await server.db.queryText(
      "insert into representation (account_id, record_id, relationship) values ($1, $2, 'representative')",
      [accountId, elsewhere.recordId],
    );
    expect((await staffBrowser.get(path)).body).toContain('must ask the operator');
    expect((await staffBrowser.post(path, { csrf, ...PROOF })).location).toBe(`${patient.path}?done=changed`);
    const other = await addChartedPatient(server, { family: 'Forgetlocked' });
    const own = (await addPatientAccount(server, other)).accountId;
    const otherPath = `${other.path}/accounts/${own}/lost-password`;
    for (const change of ['password_hash = null', 'locked_at = now()']) {
      await server.db.queryText(`update account set ${change} where account_id = $1`, [own]);
      expect((await staffBrowser.post(otherPath, { csrf, ...PROOF })).location).toBe(`${other.path}?done=changed`);
    }
    expect(
      await server.db.queryText('select from account_link where account_id in ($1, $2)', [accountId, own]),
    ).toEqual([]);
  });
});

describe('the practice portal of the shared sandbox', () => {
  let published: PatientBrowser;
  let colleague: PatientBrowser;
  beforeAll(async () => {
    published = new PatientBrowser(server.app);
    await published.signIn('/sign-in', SANDBOX_DESK);
    colleague = await signInAs(server, (await addStaffMember(server, ['sandbox'], ['front-desk'])).accountId);
  });

  const sandboxAccount = async () => {
    const [row] = await server.db.queryText<{ patient_id: string; account_id: AccountId }>(
      `select r.patient_id, a.account_id from account a join representation p on p.account_id = a.account_id
       join record r on r.record_id = p.record_id where a.username = 'patientapitest'`,
      [],
    );
    return { path: `/practice/${SANDBOX}/patients/${row?.patient_id}`, accountId: row?.account_id };
  };

  it('finds sandbox patients, enrolls them and prints letters', async () => {
    expect((await published.get(`/practice/${SANDBOX}/patients?words=larkspur`)).body).toContain('Larkspur');
    expect((await published.get('/practice/2/patients')).status).toBe(404);
    const patient = await addChartedPatient(server, { family: 'Tried', emails: ['tried@example.com'] }, SANDBOX);
    expect(
      (
        await submitAction(
          `${patient.path}/enroll`,
          { way: 'other', other: 'visitor@example.net', language: 'en' },
          published,
        )
      ).status,
    ).toBe(303);
    expect(await listEmails(server)).toContainEqual(
      expect.objectContaining({ recipient: 'visitor@example.net', outbox: true }),
    );
    // Visitors of the sandbox see each other's pages, so the page shows personal data only in the browser it came from.
    const other = new PatientBrowser(server.app);
    await other.signIn('/sign-in', SANDBOX_DESK);
    expect((await other.get(patient.path)).body).not.toContain('visitor@example.net');
    expect(textOf(await published.get(patient.path), '#emails')).toContain('visitor@example.net');
    expect((await submitAction(`${patient.path}/enroll`, { way: 'letter', language: 'en' }, published)).body).toContain(
      'class="letter"',
    );
  });

  it('changes no account, neither the sandbox’s own nor a visitor’s', async () => {
    const patient = await addChartedPatient(server, { family: 'Visitor' }, SANDBOX);
    const { accountId } = await addPatientAccount(server, patient);
    for (const [path, id] of [[patient.path, accountId], Object.values(await sandboxAccount())] as const)
      for (const below of ['deactivate', 'unlock', 'lost-factor', 'lost-password', 'end']) {
        const csrf = hiddenFields((await published.get(patient.path)).body)['csrf'] ?? '';
        expect((await published.get(`${path}/accounts/${id}/${below}`)).status).toBe(403);
        expect((await published.post(`${path}/accounts/${id}/${below}`, { csrf, reason: 'mine now' })).status).toBe(
          403,
        );
      }
    expect((await published.get(patient.path)).body).not.toContain('/deactivate');
  });

  it('shows no app that another visitor connected, except to its own staff accounts', async () => {
    await connectApp(server.app, await addApp(server, { name: 'Visitor’s App' }));
    const { path } = await sandboxAccount();
    expect(await pageWith(published, path)).toContain('No connected apps.');
    const officer = await addStaffMember(server, ['sandbox'], ['privacy-officer']);
    expect(await pageWith(await signInAs(server, officer.accountId), path)).toContain(
      'Visitor’s App Allowed by Ana Larkspur',
    );
  });
  const pageWith = async (browser: PatientBrowser, path: string) => textOf(await browser.get(path));

  it('does not let its own staff change the shared accounts', async () => {
    const { path, accountId } = await sandboxAccount();
    expect((await colleague.get(path)).body).toContain('It can’t be changed or locked');
    for (const below of ['deactivate', 'unlock', 'lost-factor', 'lost-password']) {
      const csrf = hiddenFields((await colleague.get(path)).body)['csrf'] ?? '';
      expect((await colleague.get(`${path}/accounts/${accountId}/${below}`)).status).toBe(403);
      expect((await colleague.post(`${path}/accounts/${accountId}/${below}`, { csrf, reason: 'x' })).status).toBe(403);
    }
    const [row] = await server.db.queryText<{ locked_at: null }>(
      "select locked_at from account where username = 'patientapitest'",
      [],
    );
    expect(row?.locked_at).toBeNull();
  });
});
