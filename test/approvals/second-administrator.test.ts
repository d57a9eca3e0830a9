import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listEmails, loadApp, submitApp, submitBackend } from '../support/apps/review.ts';
import { csrfIn, hiddenFields, textOf } from '../support/browser/html.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { addAuthenticatorApp, authenticatorCode } from '../support/people/account-security.ts';
import { apiCaller, type Developer, signInDeveloper } from '../support/people/developer-portal.ts';
import {
  addAnotherPractice,
  formErrors,
  type SignedInStaff,
  signInAdministrator,
  submitForm,
} from '../support/people/practice-portal.ts';
import { startSession } from '../support/people/staff.ts';
import { runCli } from '../support/servers/command-line.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const ADMINISTRATORS = '/practice/administration/administrators';
const HOUR = 3_600_000;
const REASON = { ground: 'security-risk', text: 'Its server leaks tokens.' };

let server: TestServer;
let dev: Developer;
beforeAll(async () => {
  server = await startServer();
  dev = await signInDeveloper(server);
});
afterAll(() => server.close());

type Caller = ReturnType<typeof apiCaller>;
interface Administrator extends SignedInStaff, Caller {
  readonly email: string;
}

/** Signs in an administrator who has an email address. */
async function signIn(name: string, language = 'en'): Promise<Administrator> {
  const made = await signInAdministrator(server, name);
  const email = `${made.accountId}@clinic.example`;
  const change = 'update account set email = $2, language = $3 where account_id = $1';
  await server.db.queryText(change, [made.accountId, email, language]);
  return { ...made, ...apiCaller(server, made.browser.cookie('session')), email };
}

let [ada, bob, cam]: Administrator[] = [];
const people = () => [ada, bob, cam] as [Administrator, Administrator, Administrator];
/** Each test has its own administrators, who have just signed in. */
beforeEach(async () => {
  await server.db.queryText('update account set administrator = false', []);
  await server.db.queryText('delete from approval_request', []);
  [ada, bob, cam] = [await signIn('Ada Min'), await signIn('Bob Min', 'es'), await signIn('Cam Min')];
});

const dismiss = (...whom: readonly Administrator[]) =>
  server.db.queryText('update account set administrator = false where account_id = any($1)', [
    whom.map(({ accountId }) => accountId),
  ]);
const rotate = (who: Administrator, reason?: string) =>
  who.call('POST', '/review/keys/rotations', { leaked: false, reason });
const countKeys = async () => (await server.db.queryText('select 1 from signing_key', [])).length;
const pending = async (who: Administrator) =>
  (await who.call('GET', '/review/approvals')).body.approvals.filter(
    ({ state }: { state: string }) => state === 'pending',
  );
async function approve(who: Administrator, request?: { approvalId: string; digest: string }) {
  const { approvalId, digest } = request ?? (await pending(who))[0];
  const { status, body } = await who.call('POST', `/review/approvals/${approvalId}/approve`, { digest });
  return { status, result: body.outcome ?? body.code };
}
const subjects = async ({ email }: Administrator) => (await listEmails(server, email)).map(({ subject }) => subject);
const CONFLICT = { status: 409, result: 'conflict' };

describe('an action that needs two administrators', () => {
  it('takes effect at once if there is only one, who is told so by email', async () => {
    const [one] = people();
    await dismiss(bob as Administrator, cam as Administrator);
    const before = await countKeys();
    const { body } = await rotate(one);
    expect({ made: body.made.length, approval: body.approval }).toEqual({ made: 2, approval: null });
    expect(await countKeys()).toBe(before + 2);
    const [email] = await listEmails(server, one.email);
    expect(email?.subject).toBe('Done: Rotate the signing keys');
    expect(email?.text).toContain('there is no other administrator');
    expect((await one.call('GET', '/review/approvals')).body).toEqual({ approvals: [], onlyAdministrator: true });
  });

  it('waits for another one, who gets an email in their language with the reason', async () => {
    const [one, other] = people();
    const before = await countKeys();
    const { body } = await rotate(one, 'Every year');
    expect(body).toMatchObject({ made: [], approval: { approvalId: expect.any(String) } });
    expect(await countKeys()).toBe(before);
    expect(await subjects(one)).toEqual(['Approval needed: Rotate the signing keys']);
    const [email] = await listEmails(server, other.email);
    expect(email?.subject).toBe('Falta una aprobación: Rotar las claves de firma');
    expect(email?.text).toContain('Motivo: Every year');
    expect(email?.text).toContain('http://localhost:8080/review/approvals');
    expect(await approve(other)).toEqual({ status: 200, result: 'approved' });
    expect(await countKeys()).toBe(before + 2);
    expect((await subjects(one)).at(-1)).toBe('Approved and done: Rotate the signing keys');
    const [shown] = (await one.call('GET', '/review/approvals')).body.approvals;
    expect(shown).toMatchObject({ state: 'approved', requestedBy: 'Ada Min', decidedBy: 'Bob Min', byYou: true });
    const { body: log } = await one.call('GET', '/review/audit?kind=approval,key');
    expect(
      log.entries.slice(0, 3).map(({ person, kind, detail }: never) => ({ person, kind, what: detail['action'] })),
    ).toEqual(
      expect.arrayContaining([
        { person: 'Bob Min', kind: 'approval', what: 'approved' },
        { person: 'Ada Min', kind: 'key', what: 'rotate' },
        { person: 'Ada Min', kind: 'approval', what: 'requested' },
      ]),
    );
  });

  it('can’t be approved by the person who asked for it, who can only withdraw it', async () => {
    const [one, other] = people();
    await rotate(one);
    const [request] = await pending(one);
    expect(await approve(one, request)).toEqual(CONFLICT);
    const { body } = await one.call('POST', `/review/approvals/${request.approvalId}/reject`);
    expect(body.outcome).toBe('withdrawn');
    expect(await approve(other, request)).toEqual(CONFLICT);
  });

  it('is asked for once, however often it is requested', async () => {
    const [one, , third] = people();
    const responses = [await rotate(one), await rotate(one), await rotate(third)];
    expect(new Set(responses.map(({ body }) => body.approval.approvalId)).size).toBe(1);
    expect(await subjects(one)).toHaveLength(1);
  });

  it('runs once if two administrators approve it at the same time', async () => {
    const [one, other, third] = people();
    const before = await countKeys();
    await rotate(one);
    const [request] = await pending(other);
    await third.call('POST', '/review/approvals/none/reject');
    const results = await Promise.all([approve(other, request), approve(third, request)]);
    expect(results.map(({ result }) => result).sort()).toEqual(['approved', 'conflict']);
    expect(await countKeys()).toBe(before + 2);
  });

  it('can be rejected, which changes nothing', async () => {
    const [one, other] = people();
    const before = await countKeys();
    await rotate(one);
    const [request] = await pending(other);
    const { body } = await other.call('POST', `/review/approvals/${request.approvalId}/reject`);
    expect({ outcome: body.outcome, keys: await countKeys() }).toEqual({ outcome: 'rejected', keys: before });
    expect((await subjects(one)).at(-1)).toBe('Rejected: Rotate the signing keys');
    expect(await approve(other, request)).toEqual(CONFLICT);
  });

  it('expires after a day', async () => {
    const [one, other] = people();
    await rotate(one);
    const [request] = await pending(other);
    server.clock.advance(24 * HOUR);
    const again = { ...other, ...apiCaller(server, (await signInAgain(other)).cookie) };
    expect(await approve(again, request)).toEqual(CONFLICT);
    expect((await again.call('GET', '/review/approvals')).body.approvals[0].state).toBe('expired');
  });

  it('needs an approval by someone who confirmed their identity within five minutes', async () => {
    const [one, other] = people();
    await rotate(one);
    const [request] = await pending(other);
    server.clock.advance(6 * 60_000);
    expect(await approve(other, request)).toEqual({ status: 403, result: 'proof-needed' });
  });

  it('can’t be approved by a removed or locked administrator, nor for one', async () => {
    const [one, other, third] = people();
    await rotate(one);
    const [request] = await pending(other);
    await dismiss(other);
    expect(await approve(other, request)).toEqual({ status: 403, result: 'wrong-account' });
    await server.db.queryText('update account set locked_at = $2 where account_id = $1', [
      one.accountId,
      server.clock.now(),
    ]);
    expect(await approve(third, request)).toEqual(CONFLICT);
  });

  it('is only approved as the administrator saw it', async () => {
    const [one, other] = people();
    await rotate(one);
    const [request] = await pending(other);
    expect(await approve(other, { ...request, digest: '0'.repeat(64) })).toEqual(CONFLICT);
    await server.db.queryText(`update approval_request set parameters = '{"leaked":true}'`, []);
    expect(await approve(other, request)).toEqual(CONFLICT);
  });

  it('still needs two for a day after the only other administrator was locked', async () => {
    const [one, other, third] = people();
    await dismiss(third);
    const lock = 'update account set locked_at = $2 where account_id = $1';
    await server.db.queryText(lock, [other.accountId, server.clock.now()]);
    expect((await rotate(one)).body.approval).not.toBeNull();
    expect(await subjects(other)).toHaveLength(1);
    server.clock.advance(24 * HOUR + 1000);
    const again = { ...one, ...apiCaller(server, (await signInAgain(one)).cookie) };
    expect((await rotate(again)).body.approval).toBeNull();
  });

  it('is deleted 90 days after it expired, decided or not', async () => {
    const [one] = people();
    await rotate(one);
    server.clock.advance(90 * 24 * HOUR);
    await server.purgeExpired();
    expect(await server.db.queryText('select 1 from approval_request', [])).toHaveLength(1);
    server.clock.advance(2 * 24 * HOUR);
    await server.purgeExpired();
    expect(await server.db.queryText('select 1 from approval_request', [])).toHaveLength(0);
  });
});

describe('an app', () => {
  const decide = async (who: Administrator, clientId: string, action: string, body: object) =>
    (await who.call('POST', `/review/apps/${clientId}/${action}`, body)).body;
  async function activeApp() {
    const app = await submitApp(server, dev);
    await server.db.queryText("update app set state = 'active' where client_id = $1", [app.clientId]);
    return app.clientId;
  }

  it('is suspended by one administrator at once, and all of them hear of it', async () => {
    const [one, other] = people();
    const clientId = await activeApp();
    expect(await decide(one, clientId, 'suspend', REASON)).toMatchObject({ outcome: 'suspended', approval: null });
    expect((await loadApp(server, clientId)).state).toBe('suspended');
    const [email] = await listEmails(server, other.email);
    expect(email?.subject).toBe('Hecho: Suspender la aplicación Pillbox');
    expect(email?.text).toContain(REASON.text);
  });

  it('may read whole practices only when two administrators approved it, and all of them hear of both', async () => {
    const [one, other] = people();
    const { clientId } = await submitBackend(server, dev);
    for (const [who, outcome] of [
      [one, 'approved-first'],
      [other, 'approved'],
    ] as const)
      expect(await decide(who, clientId, 'approve', { version: 1 })).toMatchObject({ outcome });
    const about = (await subjects(one)).filter((subject) =>
      subject.includes('Let the app Pillbox read whole practices'),
    );
    expect(about).toHaveLength(2);
  });

  it('works again only when a second administrator approved it, and only after the same suspension', async () => {
    const [one, other] = people();
    const clientId = await activeApp();
    await decide(one, clientId, 'suspend', REASON);
    const asked = await decide(one, clientId, 'resume', { reason: 'Fixed' });
    expect(asked).toMatchObject({ outcome: 'requested', state: 'suspended' });
    const [earlier] = await pending(other);
    // An operator resumes the app, and it is suspended for another reason.
    await server.db.queryText("update app set state = 'active' where client_id = $1", [clientId]);
    await decide(other, clientId, 'suspend', REASON);
    expect(await approve(other, earlier)).toEqual(CONFLICT);
    expect((await loadApp(server, clientId)).state).toBe('suspended');
    await decide(one, clientId, 'resume', { reason: 'Fixed too' });
    const [later] = await pending(other);
    expect(await approve(other, later)).toEqual({ status: 200, result: 'approved' });
    expect((await loadApp(server, clientId)).state).toBe('active');
  });

  it('is retired only when a second administrator approved it', async () => {
    const [one, other] = people();
    const clientId = await activeApp();
    expect(await decide(one, clientId, 'retire', { ...REASON, ground: 'other' })).toMatchObject({
      code: 'fields-invalid',
    });
    expect(await decide(one, clientId, 'retire', REASON)).toMatchObject({ outcome: 'requested', state: 'active' });
    expect(await approve(other)).toEqual({ status: 200, result: 'approved' });
    expect((await loadApp(server, clientId)).state).toBe('retired');
    expect((await subjects(one)).at(-1)).toBe('Approved and done: Retire the app Pillbox permanently');
  });
});

describe('leaked signing keys', () => {
  it('are replaced at once, and all administrators hear of it', async () => {
    const [one, other] = people();
    const { body } = await one.call('POST', '/review/keys/rotations', { leaked: true, reason: 'Found on a laptop' });
    expect({ made: body.made.length, approval: body.approval }).toEqual({ made: 2, approval: null });
    expect(body.discarded.length).toBeGreaterThan(0);
    const [email] = await listEmails(server, other.email);
    expect(email?.text).toContain('Found on a laptop');
  });
});

describe('the administrators themselves', () => {
  const NOTICE = 'Another administrator must approve this within 24 hours.';

  it('are invited by email once another one approved it', async () => {
    const [one, other] = people();
    const grace = { name: 'Grace Hopper', email: `grace.${one.accountId}@example.org` };
    const unmailed = await submitForm(one.browser, `${ADMINISTRATORS}/invite`, { name: grace.name });
    expect(formErrors(unmailed).map((error) => error.split(':')[0])).toEqual(['email']);
    const asked = await submitForm(one.browser, `${ADMINISTRATORS}/invite`, grace);
    expect((await one.browser.get(asked.location ?? '')).body).toContain(NOTICE);
    expect(await listEmails(server, grace.email)).toEqual([]);
    expect((await pending(other))[0].subject).toBe(`Grace Hopper (${grace.email})`);
    expect(await approve(other)).toEqual({ status: 200, result: 'approved' });
    expect((await listEmails(server, grace.email))[0]?.text).toMatch(/\/join\/[\w-]{43}\n/);
  });

  it('are removed once another one approved it, or when they leave', async () => {
    const [one, other, third] = people();
    const isAdministrator = async ({ browser }: Administrator) => (await browser.get(ADMINISTRATORS)).status === 200;
    const asked = await submitForm(one.browser, `${ADMINISTRATORS}/${third.accountId}/remove`);
    expect((await one.browser.get(asked.location ?? '')).body).toContain(NOTICE);
    expect(await isAdministrator(third)).toBe(true);
    expect(await approve(other)).toEqual({ status: 200, result: 'approved' });
    expect(await isAdministrator(third)).toBe(false);
    expect((await subjects(third)).at(-1)).toBe('Approved and done: Remove Cam Min as an administrator');
    await submitForm(other.browser, `${ADMINISTRATORS}/${other.accountId}/remove`);
    expect(await isAdministrator(other)).toBe(false);
    expect((await subjects(one)).at(-1)).toBe('Done: Bob Min gives up the role of administrator');
  });

  it('can be locked by one administrator at once, but get a new second factor from an operator only', async () => {
    const [one, other] = people();
    const [practice] = await server.db.queryText<{ practice_id: number }>(
      "select practice_id from practice where kind = 'live' order by 1 limit 1",
      [],
    );
    await server.db.queryText("insert into staff (account_id, practice_id, roles) values ($1, $2, '{front-desk}')", [
      other.accountId,
      practice?.practice_id,
    ]);
    const page = `/practice/${practice?.practice_id}/staff/${other.accountId}`;
    const { body } = await one.browser.get(page);
    expect(body).toContain('Only an operator can unlock the account');
    expect(body).not.toContain(`${page}/lost-factor`);
    const csrf = hiddenFields(body)['csrf'] ?? '';
    const reset = await one.browser.post(`${page}/lost-factor`, { csrf, proofing: 'Passport' });
    expect({ status: reset.status, link: reset.body.includes('/lost-factor/') }).toEqual({ status: 403, link: false });
    expect((await one.browser.post(`${page}/lock`, { csrf, reason: 'Laptop stolen' })).status).toBe(303);
    expect((await subjects(other)).at(-1)).toBe('Hecho: Bloquear la cuenta de administrador de Bob Min');
    expect((await one.browser.post(`${page}/unlock`, { csrf })).status).toBe(403);
    expect(textOf(await one.browser.get(page), 'h1')).toBe('Bob Min');
  });
});

describe('an operator', () => {
  it('needs no second administrator, and all of them hear of the command', async () => {
    const [one, other] = people();
    const before = await countKeys();
    const run = (...words: readonly string[]) => runCli(words, { DATABASE_URL: server.databaseUrl });
    expect(await run('keys', 'rotate')).toMatchObject({ code: 0 });
    expect(await countKeys()).toBe(before + 2);
    const [account] = await server.db.queryText<{ username: string }>(
      'select username from account where account_id = $1',
      [other.accountId],
    );
    expect(await run('accounts', 'lock', account?.username ?? '', '--reason', 'Left')).toMatchObject({ code: 0 });
    const clientId = (await submitApp(server, dev)).clientId;
    await server.db.queryText("update app set state = 'active' where client_id = $1", [clientId]);
    const stop = ['--ground', 'security-risk', '--reason', 'It leaks tokens.'];
    expect(await run('apps', 'set-state', clientId, 'suspended', ...stop)).toMatchObject({ code: 0 });
    await addAnotherPractice(server, 'Moved away');
    expect(await run('practices', 'export', 'Moved away', path.join(temporaryFolder(), 'export'))).toMatchObject({
      code: 0,
    });
    const confirmed = ['--reason', 'Moved', '--confirm', 'Moved away'];
    expect(await run('practices', 'remove', 'Moved away', ...confirmed)).toMatchObject({ code: 0 });
    expect((await subjects(one)).toSorted()).toEqual([
      'Done: Export everything of the practice Moved away',
      'Done: Lock the account of the administrator Bob Min',
      'Done: Remove the practice Moved away with all of its records',
      'Done: Rotate the signing keys',
      'Done: Suspend the app Pillbox',
    ]);
    const texts = (await listEmails(server, one.email)).map(({ text }) => text);
    for (const text of texts) expect(text).toContain('An operator of this server did this at the command line');
  });
});

async function signInAgain({ accountId }: Administrator) {
  return { cookie: await startSession(server, accountId) };
}

describe('an administrator who signed in more than five minutes ago', () => {
  const PASSWORD = 'three words and more';
  const CONFIRM = '/account/security/confirm';
  /** Signs in an administrator with an authenticator app, six minutes ago. */
  async function signInEarlier(): Promise<Administrator & { readonly code: (steps?: number) => string }> {
    const [one] = people();
    const { key } = await addAuthenticatorApp(server, one.browser);
    server.clock.advance(6 * 60_000);
    return { ...one, code: (steps) => authenticatorCode(key, server, steps) };
  }
  const confirm = (who: Administrator, fields: Record<string, string>) => submitForm(who.browser, CONFIRM, fields);
  const rotateNow = async ({ browser }: Administrator) => {
    const { status, body } = await rotate({ ...apiCaller(server, browser.cookie('session')) } as Administrator);
    return { status, result: body.code ?? 'requested' };
  };

  it('confirms with the second factor before asking for an action: the password isn’t enough', async () => {
    const one = await signInEarlier();
    expect(await rotateNow(one)).toEqual({ status: 403, result: 'proof-needed' });
    expect(formErrors(await confirm(one, { password: PASSWORD }))).toEqual([expect.stringMatching(/^code: /)]);
    expect(await rotateNow(one)).toEqual({ status: 403, result: 'proof-needed' });
    const code = one.code();
    expect((await confirm(one, { code })).status).toBe(303);
    expect(await rotateNow(one)).toEqual({ status: 200, result: 'requested' });
    // The code can't be used again.
    expect((await confirm(one, { code })).status).toBe(400);
  });

  it('confirms with the second factor before approving one', async () => {
    const [, other] = people();
    await rotate(other);
    const one = await signInEarlier();
    const [request] = await pending(one);
    expect(await approve(one, request)).toEqual({ status: 403, result: 'proof-needed' });
    await confirm(one, { code: one.code() });
    const confirmed = { ...one, ...apiCaller(server, one.browser.cookie('session')) };
    expect(await approve(confirmed, request)).toEqual({ status: 200, result: 'approved' });
  });

  it('is asked for it before inviting or removing an administrator', async () => {
    const one = await signInEarlier();
    for (const page of [`${ADMINISTRATORS}/invite`, `${ADMINISTRATORS}/${bob?.accountId}/remove`]) {
      const { location } = await one.browser.get(page);
      expect(location).toBe(`${CONFIRM}?${new URLSearchParams({ return_to: page })}`);
      const csrf = csrfIn(await one.browser.get(ADMINISTRATORS));
      const { status } = await one.browser.post(page, { csrf, name: 'Eve', email: 'eve@clinic.example' });
      expect(status).toBe(303);
    }
    expect(await pending(one)).toEqual([]);
    await confirm(one, { code: one.code() });
    expect((await one.browser.get(`${ADMINISTRATORS}/invite`)).status).toBe(200);
  });

  it('signs in again after five wrong codes', async () => {
    const one = await signInEarlier();
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect((await confirm(one, { code: `00000${attempt}` })).status).toBe(400);
    expect((await confirm(one, { code: one.code() })).location).toMatch(/^\/sign-in\?/);
    expect((await one.browser.get('/account/security')).location).toMatch(/^\/sign-in/);
  });
});
