import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../src/fhir/index.ts';
import { findAccountByUsername, findSession, listStaffMembers, listStaffPositions } from '../../src/identity/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import { later, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { addApp } from '../support/apps/apps.ts';
import { attributeOf, attributesOf, hasElement, hiddenFields, textOf, textsOf } from '../support/browser/html.ts';
import { addLivePatient } from '../support/people/live-patient.ts';
import { authorizationCode, getFhir, PatientBrowser, R4, requestToken } from '../support/people/patient.ts';
import {
  addAnotherPractice,
  formErrors,
  LIVE_PRACTICE,
  listAuditEvents,
  SANDBOX_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { addStaffMember, SANDBOX_STAFF, signInAs } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HERE = `/practice/${LIVE_PRACTICE}/staff`;

let server: TestServer;
let boss: SignedInStaff;
let practitionerId: string;
beforeAll(async () => {
  server = await startServer();
  boss = await signInStaff(server, ['administrator'], [LIVE_PRACTICE], 'Bea Boss');
  const dana = { resourceType: 'Practitioner', id: 'd', name: [{ given: ['Dana'], family: 'Doctor' }] };
  const options = { practiceId: LIVE_PRACTICE, source: 'test', projections, clock: server.clock, random };
  await importFiles(server.db, options, [textInput('test', JSON.stringify(dana))]);
  const [row] = await server.db.queryText<{ id: string }>('select id from shared_resource where practice_id = 2', []);
  practitionerId = row?.id ?? '';
});
afterAll(() => server.close());

const jobOf = async ({ accountId }: Pick<SignedInStaff, 'accountId'>) =>
  (await listStaffPositions(server.db, accountId))[0];
const pathOf = ({ accountId }: Pick<SignedInStaff, 'accountId'>, ...action: readonly string[]) =>
  [HERE, accountId, ...action].join('/');
const change = (whom: SignedInStaff, fields: Record<string, string | readonly string[]>, by = boss) =>
  submitForm(by.browser, pathOf(whom), fields);
const lastEvent = async () => (await listAuditEvents(server, 'staff'))[0];

describe('the staff of a practice', () => {
  it('are listed with their roles, for its administrator', async () => {
    await signInStaff(server, ['front-desk', 'privacy-officer'], [LIVE_PRACTICE], 'Fay Front');
    const { body } = await boss.browser.get(HERE);
    expect(body).toContain('Bea Boss');
    expect(textOf(body)).toMatch(/Fay Front desk-\w+ front desk and privacy officer/);
    expect(body).not.toContain('staffapitest');
  });

  it('can get roles, and a Practitioner of this practice’s directory', async () => {
    const one = await signInStaff(server, ['front-desk']);
    const saved = await change(one, { roles: ['clinician', 'privacy-officer'], practitioner: practitionerId });
    expect(saved.location).toBe(`${HERE}?done=changed`);
    expect(await jobOf(one)).toMatchObject({ roles: ['clinician', 'privacy-officer'], practitionerId });
    expect(await lastEvent()).toMatchObject({
      account_id: boss.accountId,
      detail: { action: 'change', whom: one.accountId, practice: LIVE_PRACTICE, before: ['front-desk'] },
    });
    expect(attributeOf(await boss.browser.get(pathOf(one)), 'option[selected][value]:not([value=""])', 'value')).toBe(
      practitionerId,
    );
  });

  it.each([
    ['no role', { roles: [] }, 'roles'],
    ['an unknown role', { roles: ['owner'] }, 'roles'],
    ['an unknown Practitioner', { roles: ['clinician'], practitioner: 'nobody' }, 'practitioner'],
    ['a Practitioner for a non-clinician', { roles: ['front-desk'], practitioner: 'dana' }, 'practitioner'],
  ])('keep their roles if the form has %s', async (_what, fields, field) => {
    const one = await signInStaff(server, ['front-desk']);
    const filled =
      'practitioner' in fields && fields.practitioner === 'dana' ? { ...fields, practitioner: practitionerId } : fields;
    const response = await change(one, filled);
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect((await jobOf(one))?.roles).toEqual(['front-desk']);
  });

  it('cannot be linked to a Practitioner of another practice’s directory', async () => {
    const [row] = await server.db.queryText<{ id: string }>(
      `select id from shared_resource where practice_id = 1 and type = 'Practitioner' limit 1`,
      [],
    );
    const one = await signInStaff(server, ['clinician']);
    expect(formErrors(await change(one, { roles: 'clinician', practitioner: row?.id ?? '' }))).toHaveLength(1);
  });

  it('lose their Practitioner with the clinician role, because apps act in that name', async () => {
    const one = await signInStaff(server, ['clinician']);
    await change(one, { roles: ['clinician'], practitioner: practitionerId });
    await change(one, { roles: ['front-desk'], practitioner: '' });
    expect(await jobOf(one)).toMatchObject({ roles: ['front-desk'], practitionerId: undefined });
  });
});

describe('inviting staff', () => {
  const CANCEL = 'a[href$="/cancel"]';

  it('by email shows the link to no one else', async () => {
    const sent = await submitForm(boss.browser, `${HERE}/invite`, {
      name: 'Ned New',
      email: 'Ned@Example.org',
      roles: 'front-desk',
    });
    expect(sent.location).toBe(`${HERE}?done=invited`);
    const { body } = await boss.browser.get(HERE);
    expect(body).toContain('ned@example.org');
    expect(body).not.toContain('/join/');
  });

  const invite = async (name: string, email = ''): Promise<string> => {
    const before = attributesOf(await boss.browser.get(HERE), CANCEL, 'href');
    await submitForm(boss.browser, `${HERE}/invite`, { name, email, roles: 'front-desk' });
    const links = attributesOf(await boss.browser.get(HERE), CANCEL, 'href');
    return links.find((link) => !before.includes(link)) ?? '';
  };

  it('can be canceled only by this practice', async () => {
    const elsewhere = await signInStaff(server, ['administrator'], [SANDBOX_PRACTICE]);
    const path = await invite('Nora Next', 'nora@example.org');
    const theirs = `/practice/${SANDBOX_PRACTICE}/staff`;
    const csrf = hiddenFields((await elsewhere.browser.get(`${theirs}/invite`)).body)['csrf'] ?? '';
    for (const other of [path, path.replace(HERE, theirs)]) {
      expect((await elsewhere.browser.get(other)).status).toBe(404);
      expect((await elsewhere.browser.post(other, { csrf })).status).toBe(404);
    }
    await submitForm(boss.browser, path);
    expect((await boss.browser.get(HERE)).body).not.toContain('nora@example.org');
  });

  it('can be canceled after a page that says what happens', async () => {
    const path = await invite('Nils Next', 'nils@example.org');
    const question = textOf(await boss.browser.get(path), 'main');
    expect(question).toContain('Cancel the invitation for Nils Next?');
    expect(question).toContain('The link in the email to nils@example.org stops working right away.');
    expect((await boss.browser.get(HERE)).body).toContain('nils@example.org');
    const { location = '' } = await submitForm(boss.browser, path);
    expect(textOf(await boss.browser.get(location), '[role=status]')).toContain(
      'The invitation for Nils Next was canceled. Its link no longer works.',
    );
    expect((await boss.browser.get(path)).status).toBe(404);
  });

  describe('a cancellation', () => {
    const mailsTo = (address: string) =>
      server.db.queryText<{ content: string }>('select content from mail where recipient = $1 order by created_at', [
        address,
      ]);
    const linkIn = (text = ''): string => /\/join\/[\w-]{43}/.exec(text)?.[0] ?? '';
    const undoForm = (path: string) => path.replace(/cancel$/, 'undo');
    const statusOf = async (path: string) => (await new PatientBrowser(server.app).get(path)).status;

    it('can be undone once: the person gets a new link, and the old one stays invalid', async () => {
      const path = await invite('Una Undo', 'una@example.org');
      const canceled = (await submitForm(boss.browser, path)).location ?? '';
      const form = hiddenFields(await boss.browser.get(canceled), `form[action="${undoForm(path)}"]`);
      const sent = await Promise.all([1, 2].map(() => boss.browser.post(undoForm(path), form)));
      expect(sent.map(({ location }) => location).sort()).toEqual([`${HERE}?done=invited`, `${HERE}?done=not-undone`]);
      const links = (await mailsTo('una@example.org')).map(({ content }) => linkIn(content));
      expect(links).toHaveLength(2);
      expect(await Promise.all(links.map(statusOf))).toEqual([404, 200]);
      expect(await lastEvent()).toMatchObject({ detail: { action: 'invite', roles: ['front-desk'] } });
      expect(hasElement(await boss.browser.get(canceled), `form[action="${undoForm(path)}"]`)).toBe(false);
    });

    it('of an invitation without an email address shows the new link once', async () => {
      const path = await invite('Lina Link');
      const canceled = (await submitForm(boss.browser, path)).location ?? '';
      const shown = await submitForm(boss.browser, canceled, {}, undoForm(path));
      expect(textOf(shown, 'h1')).toBe('Invitation link for Lina Link');
      expect(await statusOf(linkIn(textOf(shown, 'code')))).toBe(200);
    });

    it('can’t be undone by another practice, after an hour, or if the practitioner left the directory', async () => {
      const path = await invite('Otto Other', 'otto@example.org');
      const canceled = (await submitForm(boss.browser, path)).location ?? '';
      const form = hiddenFields(await boss.browser.get(canceled), `form[action="${undoForm(path)}"]`);
      const elsewhere = await signInStaff(server, ['administrator'], [SANDBOX_PRACTICE]);
      const theirs = `/practice/${SANDBOX_PRACTICE}/staff`;
      const csrf = hiddenFields((await elsewhere.browser.get(`${theirs}/invite`)).body)['csrf'] ?? '';
      expect((await elsewhere.browser.post(undoForm(path).replace(HERE, theirs), { csrf })).location).toBe(
        `${theirs}?done=not-undone`,
      );
      const id = path.split('/').at(-2) ?? '';
      const setPractitioner = 'update invitation set practitioner_id = $2 where invitation_id = $1';
      await server.db.queryText(setPractitioner, [id, random.uuid()]);
      expect((await boss.browser.post(undoForm(path), form)).location).toBe(`${HERE}?done=not-undone`);
      await server.db.queryText(setPractitioner, [id, null]);
      const setCanceled = 'update invitation set cancelled_at = $2 where invitation_id = $1';
      await server.db.queryText(setCanceled, [id, later(server.clock.now(), -minutes(61))]);
      expect((await boss.browser.post(undoForm(path), form)).location).toBe(`${HERE}?done=not-undone`);
      await server.db.queryText(setCanceled, [id, later(server.clock.now(), -minutes(59))]);
      expect((await boss.browser.post(undoForm(path), form)).location).toBe(`${HERE}?done=invited`);
      expect(textOf(await boss.browser.get(`${HERE}?done=not-undone`), '[role=status]')).toContain(
        'This can’t be undone anymore.',
      );
    });
  });

  it.each([
    ['no name', { name: '', roles: 'clinician' }, 'name'],
    ['an invalid email address', { name: 'Ned', email: 'ned@', roles: 'clinician' }, 'email'],
    [
      'an address that injects a header',
      { name: 'Ned', email: 'ned@example.org\r\nBcc: eve@example.org', roles: 'clinician' },
      'email',
    ],
    ['a name that starts a line', { name: 'Ned\u2028x', roles: '' }, 'roles'],
    ['no role', { name: 'Ned' }, 'roles'],
  ])('with %s is rejected, and the input is retained', async (_what, fields, field) => {
    const before = await server.db.queryText('select from mail', []);
    const response = await submitForm(boss.browser, `${HERE}/invite`, fields);
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect(await server.db.queryText('select from mail', [])).toEqual(before);
  });
});

describe('leaving', () => {
  it('automatically ends what apps could read through this person', async () => {
    const person = await addLivePatient(server);
    const app = await addApp(server, {
      kind: 'staff',
      launchUri: 'https://app.example/launch',
      scope: 'openid fhirUser launch/patient user/*.rs patient/*.rs',
    });
    const doctor = await signInStaff(server, ['clinician']);
    await change(doctor, { roles: ['clinician'], practitioner: practitionerId });
    const { browser } = doctor;
    expect((await browser.get(`/practice/launch?patient=${person.key}`)).status).toBe(200);
    const removed = await submitForm(boss.browser, pathOf(doctor, 'remove'));
    expect(removed.location).toBe(`${HERE}?done=removed`);
    expect((await boss.browser.get(removed.location ?? '')).body).toContain('no longer have access');
    expect((await browser.get(`/practice/launch?patient=${person.key}`)).status).toBe(404);
    expect((await browser.get(`/practice/${LIVE_PRACTICE}/patients`)).status).toBe(404);
    expect((await browser.get('/practice')).body).toContain('You aren’t on the staff of any practice');
    expect(app.client_id).toBeDefined();
    expect(await lastEvent()).toMatchObject({ detail: { action: 'remove', whom: doctor.accountId } });
  });

  it('ends access to the patients of this practice, and not of others where the person works', async () => {
    const lee = { resourceType: 'Patient', id: 'live-2', name: [{ family: 'Live', given: ['Lee'] }] };
    const person = await addLivePatient(server, [textInput('lee', JSON.stringify(lee))]);
    await addAnotherPractice(server, 'Where they also work');
    const doctor = await addStaffMember(server, ['live']);
    const browser = await signInAs(server, doctor.accountId);
    const app = await addApp(server, { kind: 'staff', scope: 'launch/patient patient/*.rs user/*.rs' });
    const { client_id, redirect_uri } = app;
    const open = async (scope: string) => {
      const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri, scope });
      const consent = scope.includes('launch/patient') ? await browser.chooseRecord(page, person.key) : page;
      const code = authorizationCode(await browser.submitConsent(consent));
      return (await requestToken(server.app, { grant_type: 'authorization_code', code, ...app })).access_token;
    };
    const [onePatient, allPatients] = [await open('launch/patient patient/*.rs'), await open('user/*.rs')];
    const patients = (token: string) => getFhir(server.app, `${R4}/Patient`, token);
    expect((await patients(onePatient)).statusCode).toBe(200);
    expect((await patients(allPatients)).json().total).toBeGreaterThan(0);

    await submitForm(boss.browser, pathOf(doctor, 'remove'));
    server.clock.advance(1000);
    expect((await patients(onePatient)).statusCode).toBe(401);
    const left = await patients(allPatients);
    expect(left.statusCode).toBe(200);
    expect(left.json().total).toBe(0);
  });

  it('is impossible for the last administrator, who cannot give up the role either', async () => {
    const practice = await addAnotherPractice(server, 'With one administrator');
    const only = await signInStaff(server, ['administrator', 'front-desk'], [practice]);
    const path = `/practice/${practice}/staff/${only.accountId}`;
    const errors = ['roles: You are the only administrator of this practice. Make another person administrator first'];
    expect(formErrors(await submitForm(only.browser, path, { roles: 'front-desk' }))).toEqual(errors);
    expect(formErrors(await submitForm(only.browser, `${path}/remove`))).toEqual(errors);
    expect((await jobOf(only))?.roles).toEqual(['administrator', 'front-desk']);
    const other = await signInStaff(server, ['administrator'], [practice]);
    expect((await submitForm(only.browser, path, { roles: 'front-desk' })).status).toBe(303);
    expect((await only.browser.get(path)).status).toBe(403);
    expect((await submitForm(other.browser, `${path}/remove`)).status).toBe(303);
  });

  it('of two administrators who remove each other concurrently, one stays', async () => {
    const practice = await addAnotherPractice(server, 'With two administrators');
    const [one, other] = [
      await signInStaff(server, ['administrator'], [practice]),
      await signInStaff(server, ['administrator'], [practice]),
    ];
    const path = ({ accountId }: SignedInStaff) => `/practice/${practice}/staff/${accountId}/remove`;
    const pages = await Promise.all([one.browser.get(path(other)), other.browser.get(path(one))]);
    const sent = await Promise.all([
      one.browser.post(path(other), hiddenFields(pages[0]?.body ?? '')),
      other.browser.post(path(one), hiddenFields(pages[1]?.body ?? '')),
    ]);
    expect(sent.filter(({ status }) => status === 303)).toHaveLength(1);
    const left = (await listStaffMembers(server.db, practice)).filter(({ roles }) => roles.includes('administrator'));
    expect(left).toHaveLength(1);
  });
});

describe('locking and unlocking', () => {
  it('works for staff of this practice, who are signed out and stay so', async () => {
    const one = await signInStaff(server, ['front-desk']);
    const withoutNote = await submitForm(boss.browser, pathOf(one, 'lock'));
    expect(formErrors(withoutNote)).toEqual(['reason: Enter a reason']);
    expect((await submitForm(boss.browser, pathOf(one, 'lock'), { reason: 'Lost badge' })).location).toBe(
      `${HERE}?done=locked`,
    );
    expect(await findSession(server.db, server.clock, one.browser.cookie('session'))).toBeUndefined();
    expect((await findAccountByUsername(server.db, one.username))?.lockedAt).not.toBeNull();
    expect(await lastEvent()).toMatchObject({ detail: { action: 'lock', reason: 'Lost badge', whom: one.accountId } });
    expect(textsOf(await boss.browser.get(HERE), '.tag')).toContain('locked');
    expect((await submitForm(boss.browser, pathOf(one, 'lock'), {}, pathOf(one, 'unlock'))).location).toBe(
      `${HERE}?done=unlocked`,
    );
    expect((await findAccountByUsername(server.db, one.username))?.lockedAt).toBeNull();
  });

  it('a recovery link for a lost phone is displayed once, and requires a note on identity proofing', async () => {
    const one = await signInStaff(server, ['front-desk']);
    const withoutNote = await submitForm(boss.browser, pathOf(one, 'lost-factor'), { proofing: '  ' });
    expect(formErrors(withoutNote)).toHaveLength(1);
    const response = await submitForm(boss.browser, pathOf(one, 'lost-factor'), { proofing: 'in person, photo ID' });
    expect(response.status).toBe(200);
    const link = textOf(response, 'code');
    expect(link).toMatch(/^http:\/\/localhost:8080\/recover\/[\w-]{40,}$/);
    expect(await lastEvent()).toMatchObject({
      detail: { action: 'lost-factor-link', proofing: 'in person, photo ID' },
    });
    const rows = await server.db.queryText<{ text: string }>('select e::text as text from audit_event e', []);
    expect(rows.some(({ text }) => text.includes(link.split('/').at(-1) ?? ''))).toBe(false);
  });

  it.each([
    [
      'works at another practice too',
      async () => signInStaff(server, ['front-desk'], [LIVE_PRACTICE, SANDBOX_PRACTICE]),
    ],
    [
      'runs the installation',
      async () => {
        const one = await signInStaff(server, ['front-desk']);
        await server.db.queryText('update account set administrator = true where account_id = $1', [one.accountId]);
        return one;
      },
    ],
    ['is one’s own', async () => boss],
  ])('is impossible for an account that %s, because it would affect more than this practice', async (_who, made) => {
    const one = await made();
    const csrf = hiddenFields((await boss.browser.get(pathOf(one))).body)['csrf'] ?? '';
    for (const action of ['lock', 'unlock', 'lost-factor']) {
      const fields = { csrf, reason: 'x', proofing: 'x' };
      expect((await boss.browser.post(pathOf(one, action), fields)).status, action).toBe(403);
    }
    expect((await findAccountByUsername(server.db, one.username))?.lockedAt).toBeNull();
    const links = await server.db.queryText(`select from account_link where account_id = $1`, [one.accountId]);
    expect(links).toEqual([]);
  });

  it('is possible for an administrator of the installation, even for staff of several practices', async () => {
    const ada = await signInAdministrator(server);
    const one = await signInStaff(server, ['front-desk'], [LIVE_PRACTICE, SANDBOX_PRACTICE]);
    expect((await submitForm(ada.browser, pathOf(one, 'lock'), { reason: 'Left' })).status).toBe(303);
    expect((await findAccountByUsername(server.db, one.username))?.lockedAt).not.toBeNull();
  });
});

describe('administrators of the installation who work at a practice', () => {
  it('who lock each other at the same moment, even at two practices, leave one who can still sign in', async () => {
    const practices = [await addAnotherPractice(server, 'Left wing'), await addAnotherPractice(server, 'Right wing')];
    const both = [
      await signInStaff(server, ['front-desk'], practices),
      await signInStaff(server, ['front-desk'], practices),
    ];
    const ids = both.map(({ accountId }) => accountId);
    await server.db.queryText('update account set administrator = true where account_id = any($1)', [ids]);
    const paths = [0, 1].map((index) => `/practice/${practices[index]}/staff/${ids[1 - index]}/lock`);
    const pages = await Promise.all(both.map(({ browser }, index) => browser.get(paths[index] ?? '')));
    const sent = await Promise.all(
      both.map(({ browser }, index) =>
        browser.post(paths[index] ?? '', { ...hiddenFields(pages[index]?.body ?? ''), reason: 'A quarrel' }),
      ),
    );
    expect(sent.filter(({ status }) => status === 303)).toHaveLength(1);
    const left = await server.db.queryText('select from account where account_id = any($1) and locked_at is null', [
      ids,
    ]);
    expect(left).toHaveLength(1);
  });
});

describe('accounts that cannot be managed here', () => {
  it('the sandbox’s shared staff accounts can neither be changed nor change anyone', async () => {
    const sandbox = `/practice/${SANDBOX_PRACTICE}/staff`;
    const sandboxAdministrator = await signInStaff(server, ['administrator'], [SANDBOX_PRACTICE]);
    const published = (await findAccountByUsername(server.db, SANDBOX_STAFF.username))?.accountId ?? '';
    const csrf = hiddenFields((await sandboxAdministrator.browser.get(`${sandbox}/invite`)).body)['csrf'] ?? '';
    expect((await sandboxAdministrator.browser.get(`${sandbox}/${published}`)).body).toContain('It can’t be changed');
    for (const action of ['', '/remove', '/lock', '/unlock', '/lost-factor']) {
      const fields = { csrf, roles: 'front-desk', reason: 'x', proofing: 'x' };
      expect((await sandboxAdministrator.browser.post(`${sandbox}/${published}${action}`, fields)).status).toBe(403);
    }
    await server.db.queryText(`update staff set roles = '{administrator,privacy-officer}' where account_id = $1`, [
      published,
    ]);
    const visitor = await signInAs(server, published as never);
    const token = hiddenFields((await visitor.get(`${sandbox}/invite`)).body)['csrf'] ?? '';
    const invited = await visitor.post(`${sandbox}/invite`, { csrf: token, name: 'Eve', roles: 'administrator' });
    expect(invited.status).toBe(403);
    expect(invited.body).toContain('This is a shared sandbox account');
  });

  it('staff of other practices, patients and unknown ids are not found', async () => {
    const elsewhere = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE]);
    const patientId = (await findAccountByUsername(server.db, 'patientapitest'))?.accountId ?? '';
    const csrf = hiddenFields((await boss.browser.get(`${HERE}/invite`)).body)['csrf'] ?? '';
    for (const id of [elsewhere.accountId, patientId, random.uuid(), 'x', '%00', '..%2f..']) {
      for (const action of ['', '/remove', '/lock', '/lost-factor'])
        expect((await boss.browser.get(`${HERE}/${id}${action}`)).status).toBe(404);
      for (const action of ['', '/remove', '/lock', '/unlock', '/lost-factor'])
        expect(
          (await boss.browser.post(`${HERE}/${id}${action}`, { csrf, roles: 'clinician', reason: 'x', proofing: 'x' }))
            .status,
        ).toBe(404);
    }
  });

  it('a role that was revoked meanwhile has no effect', async () => {
    const was = await signInStaff(server, ['administrator']);
    const one = await signInStaff(server, ['front-desk']);
    const page = await was.browser.get(pathOf(one, 'remove'));
    await server.db.queryText(`update staff set roles = '{front-desk}' where account_id = $1`, [was.accountId]);
    expect((await was.browser.post(pathOf(one, 'remove'), hiddenFields(page.body))).status).toBe(403);
    expect(await jobOf(one)).toBeDefined();
  });
});
