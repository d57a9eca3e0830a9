import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeAdministrator } from '../../src/identity/index.ts';
import { listPractices } from '../../src/practices/index.ts';
import { fillSandbox, findStaleSandbox } from '../../src/sandbox/index.ts';
import { attributeOf, hiddenFields, linksOf, textOf } from '../support/browser/html.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import {
  addAnotherPractice,
  formErrors,
  LIVE_PRACTICE,
  listAuditEvents,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HERE = '/practice/administration';
const NEW = `${HERE}/practices/new`;
const ADMINISTRATORS = `${HERE}/administrators`;

let server: TestServer;
let ada: SignedInStaff;
beforeAll(async () => {
  server = await startServer();
  ada = await signInAdministrator(server);
});
afterAll(() => server.close());

const addSandbox = async (name: string) => {
  await submitForm(ada.browser, NEW, { name, kind: 'sandbox' });
  return (await listPractices(server.db)).find((one) => one.name === name);
};
const names = async () => (await listPractices(server.db)).map(({ name }) => name);

describe('the practices of an installation', () => {
  it('are listed with the numbers of patients and staff, and no patient', async () => {
    await signInStaff(server, ['front-desk']);
    const { status, body } = await ada.browser.get(HERE);
    expect(status).toBe(200);
    expect(textOf(body)).toContain('Sandbox Family Practice Sandbox, test patients On 30 ');
    expect(body).toContain('Live practice');
    expect(body).not.toContain('Larkspur');
  });

  it('can be added to the initial ones, of either kind, with new practice numbers', async () => {
    const before = await listPractices(server.db);
    expect(before.slice(0, 3)).toMatchObject([
      { practiceId: 1 },
      { practiceId: 2 },
      { practiceId: 3, kind: 'sandbox', name: 'Sandbox Heart Clinic', generated: expect.any(String) },
    ]);
    const next = Math.max(...before.map(({ practiceId }) => practiceId)) + 1;
    const created = await submitForm(ada.browser, NEW, { name: '  North  Side ', kind: 'live' });
    expect(created.location).toBe(`${HERE}?made=${next}`);
    expect((await ada.browser.get(created.location ?? '')).body).toContain('North Side was created.');
    const sandbox = await addSandbox('Try-out');
    expect(await listPractices(server.db)).toEqual([
      ...before,
      expect.objectContaining({ practiceId: next, kind: 'live', name: 'North Side' }),
      expect.objectContaining({ practiceId: next + 1, kind: 'sandbox', name: 'Try-out', generated: null }),
    ]);
    expect(await listAuditEvents(server, 'practice')).toContainEqual(
      expect.objectContaining({
        account_id: ada.accountId,
        detail: expect.objectContaining({ action: 'add', practice: sandbox?.practiceId, kind: 'sandbox' }),
      }),
    );
  });

  it('that are additional sandboxes are not filled with sandbox data', async () => {
    const additional = await addSandbox('Additional');
    expect(await findStaleSandbox(server.db)).toBeUndefined();
    await fillSandbox(server.db, () => {}, { passwordCost });
    const [row] = await server.db.queryText<{ n: number }>(
      'select count(*)::int as n from record where practice_id = $1',
      [additional?.practiceId],
    );
    expect(row?.n).toBe(0);
  });

  it.each([
    ['no name', { name: ' ', kind: 'live' }, 'name'],
    ['a name in use', { name: 'live PRACTICE', kind: 'live' }, 'name'],
    ['the name of the sandbox practice', { name: 'sandbox family practice', kind: 'live' }, 'name'],
    ['a name that reverses the text direction', { name: 'a\u202eb', kind: 'live' }, 'name'],
    ['no kind', { name: 'South Side' }, 'kind'],
    ['another kind', { name: 'South Side', kind: 'generated' }, 'kind'],
    ['a kind given twice', { name: 'South Side', kind: ['live', 'sandbox'] }, 'kind'],
  ])('are not created with %s', async (_what, fields, field) => {
    const before = await names();
    const response = await submitForm(ada.browser, NEW, fields);
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect(await names()).toEqual(before);
  });

  it('that are created concurrently get distinct numbers', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map(() => ada.browser.get(NEW)));
    const sent = await Promise.all(
      pages.map(({ body }, index) =>
        ada.browser.post(NEW, { ...hiddenFields(body), name: `At once ${index}`, kind: 'live' }),
      ),
    );
    expect(new Set(sent.map(({ location }) => location)).size).toBe(4);
  });

  it('that have one name are created once, however many requests are concurrent', async () => {
    const { body } = await ada.browser.get(NEW);
    const sent = await Promise.all(
      [1, 2, 3, 4].map(() => ada.browser.post(NEW, { ...hiddenFields(body), name: 'The Only One', kind: 'live' })),
    );
    expect(sent.map(({ status }) => status).sort()).toEqual([303, 400, 400, 400]);
    expect((await names()).filter((name) => name === 'The Only One')).toHaveLength(1);
  });
});

describe('the installation role gives no access to patients', () => {
  it.each(['patients', 'settings', 'apps', 'disclosures'])(
    'the practice portal’s %s does not exist for administrators',
    async (page) => {
      expect((await ada.browser.get(`/practice/${LIVE_PRACTICE}/${page}`)).status).toBe(404);
    },
  );

  it('but the staff pages of each practice do, because an administrator has to invite its first member', async () => {
    const practiceId = await addAnotherPractice(server, 'Brand New');
    const path = `/practice/${practiceId}/staff`;
    expect((await ada.browser.get(path)).body).toContain('No staff yet.');
    const sent = await submitForm(ada.browser, `${path}/invite`, {
      name: 'Bea Boss',
      email: 'Bea@Example.org',
      roles: 'administrator',
    });
    expect(sent.location).toBe(`${path}?done=invited`);
    const [mail] = await server.db.queryText<{ sender_name: string; content: string }>(
      "select sender_name, content from mail where recipient = 'bea@example.org'",
      [],
    );
    expect(mail).toMatchObject({ sender_name: 'Brand New' });
    expect(mail?.content).toMatch(/http:\/\/localhost:8080\/join\/[\w-]{43}\n/);
    expect((await ada.browser.get(path)).body).toContain('Bea Boss');
    expect((await ada.browser.get('/practice/999999/staff')).status).toBe(404);
  });
});

describe('administrators of the installation', () => {
  it('are invited by email, or with a link that is displayed once', async () => {
    const response = await submitForm(ada.browser, `${ADMINISTRATORS}/invite`, { name: 'Grace Hopper' });
    expect(response.status).toBe(200);
    expect(textOf(response, 'code')).toMatch(/^http:\/\/localhost:8080\/join\/[\w-]{43}$/);
    const mailed = await submitForm(ada.browser, `${ADMINISTRATORS}/invite`, {
      name: 'Grace Hopper',
      email: 'grace@example.org',
    });
    expect(mailed.location).toBe(`${ADMINISTRATORS}?done=invited`);
    expect(mailed.body).not.toContain('/join/');
    // This server has no mail server, so the page must not ask anyone to wait for an email.
    for (const path of [`${ADMINISTRATORS}?done=invited`, `/practice/${LIVE_PRACTICE}/staff?done=invited`]) {
      const { body } = await ada.browser.get(path);
      expect(body).toContain('email isn’t set up on this server');
      expect(body).not.toContain('Invitation sent.');
    }
    const sending = await startServer({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'desk@clinic.example' });
    const other = await signInAdministrator(sending);
    expect((await other.browser.get(`${ADMINISTRATORS}?done=invited`)).body).toContain('Invitation sent.');
    await sending.close();
  });

  it('have invitations that can be canceled once, and then be sent again with a new link', async () => {
    await submitForm(ada.browser, `${ADMINISTRATORS}/invite`, { name: 'Alan Turing', email: 'alan@example.org' });
    const path = attributeOf(await ada.browser.get(ADMINISTRATORS), 'a[aria-label*="Alan Turing"]', 'href') ?? '';
    expect(textOf(await ada.browser.get(path), 'h1')).toBe('Cancel the invitation for Alan Turing?');
    const csrf = hiddenFields((await ada.browser.get(path)).body)['csrf'] ?? '';
    const canceled = await ada.browser.post(path, { csrf });
    expect((await ada.browser.post(path, { csrf })).status).toBe(404);
    const undo = path.replace(/cancel$/, 'undo');
    expect((await submitForm(ada.browser, canceled.location ?? '', {}, undo)).location).toBe(
      `${ADMINISTRATORS}?done=invited`,
    );
    const links = (
      await server.db.queryText<{ content: string }>(
        "select content from mail where recipient = 'alan@example.org' order by created_at",
        [],
      )
    ).map(({ content }) => /\/join\/[\w-]{43}/.exec(content)?.[0] ?? '');
    const statuses = await Promise.all(links.map(async (link) => (await ada.browser.get(link)).status));
    expect(statuses).toEqual([404, 200]);
  });

  it('can be removed one by one, except the last who can sign in', async () => {
    await server.db.queryText('update account set administrator = false where account_id <> $1', [ada.accountId]);
    const grace = await signInAdministrator(server, 'Grace Hopper');
    const locked = await signInAdministrator(server, 'Locked Out');
    await server.db.queryText("update account set locked_at = now() - interval '2 days' where account_id = $1", [
      locked.accountId,
    ]);
    const remove = ({ accountId }: SignedInStaff, by = ada) =>
      submitForm(by.browser, `${ADMINISTRATORS}/${accountId}/remove`);
    const question = await ada.browser.get(`${ADMINISTRATORS}/${grace.accountId}/remove`);
    expect(textOf(question, 'h1')).toBe('Remove Grace Hopper as administrator?');
    expect((await grace.browser.get(HERE)).status).toBe(200);
    // She leaves: a removal by someone else would need the approval of a second administrator.
    expect((await remove(grace, grace)).location).toBe('/practice');
    // The session is still valid, but the role was removed.
    expect((await grace.browser.get(HERE)).status).toBe(403);
    const last = await remove(ada);
    expect({ status: last.status, faultsOn: formErrors(last) }).toEqual({
      status: 400,
      faultsOn: [
        'administrators: At least one administrator must be able to sign in. Invite another administrator first',
      ],
    });
    expect((await ada.browser.get(HERE)).status).toBe(200);
    expect((await listAuditEvents(server, 'staff')).filter(({ detail }) => detail['action'] === 'remove')).toHaveLength(
      1,
    );
  });

  it('who remove each other concurrently leave one', async () => {
    const [one, other] = [await signInAdministrator(server), await signInAdministrator(server)];
    const outcomes = await Promise.all([
      server.db.transaction((tx) => removeAdministrator(tx, one.accountId, other.accountId)),
      server.db.transaction((tx) => removeAdministrator(tx, other.accountId, one.accountId)),
    ]);
    expect(outcomes.sort()).toEqual(['done', 'none']);
  });

  it('do not include other accounts, which are not found', async () => {
    const { accountId } = await signInStaff(server, ['administrator']);
    const csrf = hiddenFields((await ada.browser.get(ADMINISTRATORS)).body)['csrf'] ?? '';
    for (const id of [accountId, 'nobody', '%00', '00000000-0000-4000-8000-000000000000'])
      expect((await ada.browser.post(`${ADMINISTRATORS}/${id}/remove`, { csrf })).status).toBe(404);
  });
});

describe('the home page of staff', () => {
  it('is the patient list of their practice, a choice among several practices, or the administration', async () => {
    const one = await signInStaff(server, ['front-desk']);
    expect((await one.browser.get('/practice')).location).toBe(`/practice/${LIVE_PRACTICE}/patients`);
    const two = await signInStaff(server, ['clinician'], [1 as never, LIVE_PRACTICE]);
    const { body } = await two.browser.get('/practice');
    expect(linksOf(body)).toEqual(expect.arrayContaining(['/practice/1/patients', '/practice/2/patients']));
    expect(body).not.toContain('Administration');
    expect((await ada.browser.get('/practice')).location).toBe(HERE);
    const both = await signInStaff(server, ['front-desk']);
    await server.db.queryText('update account set administrator = true where account_id = $1', [both.accountId]);
    expect((await both.browser.get('/practice')).body).toContain('Administration');
    const none = await signInStaff(server, [], []);
    expect((await none.browser.get('/practice')).body).toContain('You aren’t on the staff of any practice');
  });
});
