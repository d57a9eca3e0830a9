import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findSandboxPatient, listSandboxPatients, type SandboxPatient } from '../../src/enrollment/index.ts';
import { createPatientAccount, unlockAccountById } from '../../src/identity/index.ts';
import { minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { InvitedPerson, PASSWORD } from '../enrollment/invited-person.ts';
import { addUnenrolledPatient } from '../enrollment/unenrolled-patients.ts';
import { addApp } from '../support/apps/apps.ts';
import { hiddenFields, textOf } from '../support/browser/html.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { authorizationCode, getFhir, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import { addStaffMember, SANDBOX_DESK, signInAs } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const GRACE = { birthDate: ['1985', '06', '22'], zip: '85099', letter: 'TEST-GRAC-E222-2222', code: '222222' } as const;

let server: TestServer;
beforeAll(async () => {
  // The server has a mail server, so it would send all email that isn't held back for the sandbox.
  server = await startServer({ SMTP_URL: 'smtp://localhost:1', MAIL_FROM: 'mail@example.org' });
});
afterAll(() => server.close());
/** Every test begins with all patients at their start. */
beforeEach(async () => {
  server.clock.advance(minutes(51));
  await server.purgeExpired();
});

async function patient(persona: string): Promise<SandboxPatient & { readonly path: string }> {
  const found = (await listSandboxPatients(server.db)).find((one) => one.persona === persona);
  if (found === undefined) throw new Error(`no patient ${persona}`);
  const chart = await server.enrollments.readChart(found.recordId);
  return { ...found, path: `/practice/1/patients/${chart?.patientId}` };
}

/** Opens the practice portal as a visitor of the sandbox. */
async function openDesk(): Promise<PatientBrowser> {
  const browser = new PatientBrowser(server.app);
  await browser.signIn('/sign-in', SANDBOX_DESK);
  return browser;
}

async function submit(browser: PatientBrowser, path: string, fields: Record<string, string>) {
  return browser.post(path, { ...hiddenFields((await browser.get(path)).body), ...fields });
}

const openLetter = (code: string = GRACE.letter): InvitedPerson =>
  new InvitedPerson(server.app, { path: `/enroll/${code}` });

const answers = ({ birthDate: [year, month, day], zip, code }: typeof GRACE) => ({ month, day, year, zip, code });

/** Enrolls Grace with her published letter. @returns the visitor's browser, which is then signed in */
async function enrollGrace(username: string): Promise<InvitedPerson> {
  const visitor = openLetter();
  expect((await visitor.send('/proof', answers(GRACE))).location).toBe(`/enroll/${GRACE.letter}/account`);
  await visitor.choose(username);
  expect((await visitor.finish()).location).toBe('/enroll/done');
  return visitor;
}

const statusOf = async (persona: string): Promise<string> =>
  textOf(await (await openDesk()).get((await patient(persona)).path), '.heading .tag');

describe('a sandbox patient with a published letter', () => {
  it('can be enrolled with the published codes, and the visitor’s app reads the record', async () => {
    const visitor = await enrollGrace('grace.visitor');
    expect(await statusOf('grace')).toBe('Enrolled');
    const app = await addApp(server, { name: 'Visitor’s app' });
    const { client_id, redirect_uri } = app;
    const page = await visitor.authorize({ response_type: 'code', client_id, redirect_uri });
    const code = authorizationCode(await visitor.submitConsent(page));
    const token = await requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).json().total).toBe(1);

    // An hour later, nothing that the visitor made works, and the letter works for the next visitor.
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    server.clock.advance(minutes(1));
    expect((await getFhir(server.app, `${R4}/Patient`, token.access_token)).statusCode).toBe(401);
    const refreshed = await server.app.inject({
      url: '/account',
      headers: { cookie: `session=${visitor.cookie('session')}` },
    });
    expect(refreshed.headers.location).toMatch(/^\/sign-in/);
    const again = await new PatientBrowser(server.app).signIn('/sign-in', {
      username: 'grace.visitor',
      password: PASSWORD,
    });
    expect(again.status).toBe(401);
    expect(await statusOf('grace')).toBe('Invited');
    await enrollGrace('grace.visitor');
  });

  it('is in use until its reset, which the letter and the public list say', async () => {
    expect(textOf(await new PatientBrowser(server.app).get('/sandbox/enrollment'))).not.toContain('In use until');
    await enrollGrace('grace.in.use');
    const other = openLetter();
    const ended = await other.get(`/enroll/${GRACE.letter}`);
    expect({ status: ended.status, text: textOf(ended) }).toEqual({
      status: 410,
      text: expect.stringMatching(
        /another visitor is using it now\. Its letter works again by \d+:\d\d [AP]M [A-Z]{3}/,
      ),
    });
    server.clock.advance(3000);
    expect(textOf(await other.get('/sandbox/enrollment'))).toContain('In use until');
    expect(textOf(await other.get('/sandbox/enrollment/grace'))).toContain('The letter works again by');
  });

  it('keeps its account for the full hour after enrollment, whatever was tried before', async () => {
    await openLetter().send('/proof', { ...answers(GRACE), code: '111111' });
    server.clock.advance(minutes(40));
    await enrollGrace('grace.later');
    server.clock.advance(minutes(40));
    await server.purgeExpired();
    expect(await statusOf('grace')).toBe('Enrolled');
  });

  it('can’t be blocked by wrong answers: the next run of the reset renews the letter', async () => {
    const guesser = openLetter();
    for (const code of ['100000', '200000', '300000', '400000', '500000'])
      await guesser.send('/proof', { ...answers(GRACE), code });
    expect((await guesser.get(`/enroll/${GRACE.letter}`)).status).toBe(410);
    await server.purgeExpired();
    await enrollGrace('grace.after.guesses');
  });

  it('gets a new letter long before the published one expires', async () => {
    server.clock.advance(minutes(31 * 24 * 60));
    await server.purgeExpired();
    const { recordId } = await patient('grace');
    const [letter] = await server.enrollments.listForRecord(recordId);
    expect(letter?.state).toBe('open');
    expect((letter?.expiresAt.getTime() ?? 0) - server.clock.now().getTime()).toBeGreaterThan(minutes(59 * 24 * 60));
  });

  it('shows its printed letter, in the patient’s language', async () => {
    const letter = await new PatientBrowser(server.app).get('/sandbox/enrollment/hector');
    expect(textOf(letter, 'article.letter')).toContain('TEST-HECT-0R33-3333');
    expect(textOf(letter, 'article.letter')).toContain('Hector Saltbush');
    expect(letter.body).toContain('<article class="letter" lang="es">');
  });
});

describe('the front desk of the sandbox', () => {
  it('invites by email, reads the email in its own browser only, and nothing leaves the server', async () => {
    const { path, recordId } = await patient('owen');
    const [desk, other] = [await openDesk(), await openDesk()];
    const sent = await submit(desk, `${path}/enroll`, { way: 'mail owen.marshwren@example.com', language: 'en' });
    expect(sent.location).toBe(`${path}?done=mailed`);
    const page = await desk.get(path);
    const [, link] = /href="(\/enroll\/[\w-]{43})"/.exec(page.body) ?? [];
    expect(textOf(page, '#emails')).toContain('Sandbox Family Practice invites you');
    expect((await other.get(path)).body).not.toContain('/enroll/');
    const colleague = await signInAs(server, (await addStaffMember(server, ['sandbox'], ['front-desk'])).accountId);
    expect((await colleague.get(path)).body).not.toContain('id="emails"');

    const [invitation] = await server.enrollments.listForRecord(recordId);
    const given = await submit(desk, `${path}/invitations/${invitation?.invitationId}/code`, { way: 'in-person' });
    const code = textOf(given, 'p.code > b').replace(' ', '');
    const owen = new InvitedPerson(server.app, { path: link ?? '' });
    await owen.send('/proof', { month: '9', day: '4', year: '1959', zip: '85098', code });
    await owen.choose('owen.visitor');
    expect((await owen.finish()).location).toBe('/enroll/done');
    expect(textOf(await other.get(path))).not.toContain('owen.visitor');
    const unsent = await server.db.queryText<{ outbox: boolean }>(
      `select outbox from mail where recipient = 'owen.marshwren@example.com'`,
      [],
    );
    expect(unsent.length).toBeGreaterThan(1);
    expect(unsent.every(({ outbox }) => outbox)).toBe(true);
  });

  it('prints a letter for a patient who isn’t enrolled, and after an hour neither letter nor invitation exist', async () => {
    const { path, recordId } = await patient('dylan');
    const letter = await submit(await openDesk(), `${path}/enroll`, { way: 'letter', language: 'en' });
    const code = textOf(letter, 'article.letter .code');
    expect((await openLetter(code).get(`/enroll/${code}`)).status).toBe(200);
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    expect(await server.enrollments.listForRecord(recordId)).toEqual([]);
    expect((await openLetter(code).get(`/enroll/${code}`)).status).toBe(410);
  });

  it('allows invitations to the patient who declined, who has declined again after an hour', async () => {
    const { path } = await patient('edith');
    expect(await statusOf('edith')).toBe('Declined');
    await submit(await openDesk(), `${path}/undo-decline`, {});
    expect(await statusOf('edith')).toBe('Not enrolled');
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    expect(await statusOf('edith')).toBe('Declined');
  });

  it('unlocks the locked account, which is locked again after an hour, and gives no access to it', async () => {
    const { path, accountId } = await patient('victor');
    const desk = await openDesk();
    expect((await desk.get(path)).body).toContain(`/accounts/${accountId}/unlock`);
    const unlocked = await submit(desk, `${path}/accounts/${accountId}/unlock`, { reason: 'request' });
    expect(unlocked.location).toBe(`${path}?done=unlocked`);
    expect((await desk.get(`${path}/accounts/${accountId}/lost-password`)).status).toBe(403);
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    expect(await statusOf('victor')).toBe('Locked or access ended');
  });

  it('can’t lock or open the account of another visitor', async () => {
    await enrollGrace('grace.private');
    const { path, recordId } = await patient('grace');
    const [account] = await server.db.queryText<{ account_id: string }>(
      'select account_id from representation where record_id = $1 and ended_at is null',
      [recordId],
    );
    const desk = await openDesk();
    for (const action of ['deactivate', 'lost-password', 'lost-factor'])
      expect((await desk.get(`${path}/accounts/${account?.account_id}/${action}`)).status).toBe(403);
  });
});

describe('the reset', () => {
  it('does nothing to patients who are at their start, and writes no event', async () => {
    const invitations = async () =>
      Promise.all(
        (await listSandboxPatients(server.db)).map(({ recordId }) => server.enrollments.listForRecord(recordId)),
      );
    const [before, events] = [await invitations(), await countResets()];
    await server.purgeExpired();
    expect({ invitations: await invitations(), resets: await countResets() }).toEqual({
      invitations: before,
      resets: events,
    });
  });

  it('is in the audit log, with the account that it closed', async () => {
    await enrollGrace('grace.audited');
    const before = await countResets();
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    expect(await countResets()).toBe(before + 2);
  });

  it('locks an account again that an operator unlocked on the command line', async () => {
    const { accountId } = await patient('victor');
    await server.db.transaction((tx) => unlockAccountById(tx, accountId as NonNullable<typeof accountId>));
    await server.purgeExpired();
    expect(await statusOf('victor')).toBe('Locked or access ended');
  });

  it('doesn’t close an account of a live practice that a visitor added the record to', async () => {
    const live = await addUnenrolledPatient(server, { patient: { birthDate: '1985-06-22' } });
    const username = `live-${random.bytes(4).toString('hex')}`;
    const account = { username, password: PASSWORD, displayName: live.name, published: false, recordId: live.recordId };
    await server.db.transaction((tx) =>
      createPatientAccount(tx, { clock: server.clock, random, passwordCost }, account),
    );
    const visitor = openLetter();
    await visitor.signIn('/sign-in', { username, password: PASSWORD });
    expect((await visitor.send('/proof', answers(GRACE))).location).toBe(`/enroll/${GRACE.letter}/add`);
    expect((await visitor.send('/add', {})).location).toBe('/enroll/done?added=1');
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    expect(await statusOf('grace')).toBe('Invited');
    const later = new PatientBrowser(server.app);
    expect((await later.signIn('/sign-in', { username, password: PASSWORD })).status).toBe(303);
    expect(textOf(await later.get('/account'))).not.toContain('Grace Willowby');
  });

  it('leaves patients of live practices alone, even if their enrollment changes', async () => {
    const live = await addUnenrolledPatient(server);
    const by = { accountId: undefined, requestId: 'test' };
    await server.enrollments.invite(by, {
      recordId: live.recordId,
      whom: { kind: 'patient' },
      email: undefined,
      language: 'en',
    });
    expect(await findSandboxPatient(server.db, live.recordId)).toBeUndefined();
    server.clock.advance(minutes(120));
    await server.purgeExpired();
    expect(await server.enrollments.listForRecord(live.recordId)).toMatchObject([{ state: 'open' }]);
  });
});

describe('without a sandbox', () => {
  it('neither the list nor the published letters work', async () => {
    const off = await startServer({ SANDBOX: 'off' });
    try {
      const browser = new PatientBrowser(off.app);
      expect((await browser.get('/sandbox/enrollment')).status).toBe(404);
      const letter = await browser.get(`/enroll/${GRACE.letter}`);
      expect({ status: letter.status, namesOther: letter.body.includes('another visitor') }).toEqual({
        status: 410,
        namesOther: false,
      });
    } finally {
      await off.close();
    }
  });
});

describe('a visitor’s account', () => {
  it('doesn’t show in its access log what earlier visitors’ apps read', async () => {
    const earlier = await enrollGrace('grace.earlier');
    const app = await addApp(server, { name: 'App of an earlier visitor' });
    const { client_id, redirect_uri } = app;
    const page = await earlier.authorize({ response_type: 'code', client_id, redirect_uri });
    const code = authorizationCode(await earlier.submitConsent(page));
    const token = await requestToken(server.app, { grant_type: 'authorization_code', code, ...app });
    await getFhir(server.app, `${R4}/Condition`, token.access_token);
    server.clock.advance(minutes(51));
    await server.purgeExpired();
    const next = await enrollGrace('grace.next');
    const { location = '' } = await next.get('/account');
    const log = await next.get(`${location.split('?')[0]}/log`);
    expect(log.status).toBe(200);
    expect(log.body).not.toContain('App of an earlier visitor');
  });
});

const countResets = async (): Promise<number> => {
  const [row] = await server.db.queryText<{ count: number }>(
    `select count(*)::int4 as count from audit_event where detail ->> 'action' in ('sandbox-reset', 'sandbox-close')`,
    [],
  );
  return row?.count ?? 0;
};
