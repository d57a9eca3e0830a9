import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes, systemRandom as random } from '../../../src/kernel/index.ts';
import { emailLink, listEmailsTo } from '../../support/people/account-security.ts';
import { type ApiCaller, apiCaller, type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { listAuditEvents, signInStaff, submitForm } from '../../support/people/practice-portal.ts';
import { PASSWORD, signUp } from '../../support/people/sign-up.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const LIST = '/developer/organisations';
const pathOf = ({ organisationId }: Pick<Developer, 'organisationId'>) => `${LIST}/${organisationId}`;
const statusAndCode = ({ status, body }: { status: number; body: { code?: string } | null }) => ({
  status,
  code: body?.code,
});

/** Creates a person who asks to join the organization, with an email address of its domain. */
async function newcomer(boss: Developer): Promise<ApiCaller & { accountId: string; email: string }> {
  const email = `new-${random.bytes(4).toString('hex')}@${boss.email.split('@')[1]}`;
  const { browser } = await signUp(server, email, { name: 'New Comer' });
  const caller = apiCaller(server, browser.cookie('session'));
  const { accountId } = (await caller.call('GET', '/session')).body.person;
  return { ...caller, accountId, email };
}

/** Keeps the sessions of an account alive when the clock is advanced, as if its owner had been active. */
const refresh = ({ accountId }: { accountId: string }) =>
  server.db.queryText('update session set seen_at = $2, proved_at = $2 where account_id = $1', [
    accountId,
    server.clock.now(),
  ]);

describe('a user’s organizations', () => {
  it('are listed with the user’s role', async () => {
    const dev = await signInDeveloper(server, { role: 'reader', verified: true });
    const { status, body } = await dev.call('GET', LIST);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      organisations: [{ organisationId: dev.organisationId, role: 'reader', verifiedAt: expect.any(String) }],
      requests: [],
      mayAsk: null,
      account: { email: dev.email, secondFactor: false },
    });
  });

  it('can be created without a domain, a few a day', async () => {
    const dev = await signInDeveloper(server);
    const created = await dev.call('POST', LIST, { name: ' Side  Project ', website: 'https://side.example' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ name: 'Side Project', domain: null, verifiedAt: null, role: 'administrator' });
    for (let time = 0; time < 4; time += 1) await dev.call('POST', LIST, { name: `Again ${time}` });
    expect(statusAndCode(await dev.call('POST', LIST, { name: 'Too many' }))).toEqual({
      status: 429,
      code: 'too-many-attempts',
    });
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(101) }, 'name'],
    [{ name: '‮live' }, 'name'],
    [{ name: 'Fine', website: 'javascript:alert(1)' }, 'website'],
    [{ name: 'Fine', website: 'http://plain.example' }, 'website'],
    [{ name: 'Fine', website: 'https://a@b.example' }, 'website'],
    [{ name: 'Fine', domain: 'gmail.com' }, 'domain'],
  ])('%j is rejected, field by field', async (body, field) => {
    const answer = await (await signInDeveloper(server)).call('POST', LIST, body);
    expect(statusAndCode(answer)).toEqual({ status: 400, code: 'fields-invalid' });
    expect(answer.body.errors[0]).toMatchObject({ field });
  });
});

describe('an organization', () => {
  it('lists its members to all of them, and pending requests to its administrators', async () => {
    const boss = await signInDeveloper(server);
    // Members are in the order in which they joined.
    server.clock.advance(1);
    const reader = await signInDeveloper(server, {
      organisationId: boss.organisationId,
      role: 'reader',
      name: 'Rea Der',
    });
    const asking = await newcomer(boss);
    await boss.call('POST', `${pathOf(boss)}/invitations`, { email: 'inv@elsewhere.example', role: 'reader' });
    const { body } = await boss.call('GET', pathOf(boss));
    expect(body.members).toMatchObject([
      { name: 'Dev Eloper', role: 'administrator', you: true },
      { name: 'Rea Der', role: 'reader', you: false },
    ]);
    expect(body.requests).toMatchObject([{ accountId: asking.accountId, email: asking.email }]);
    expect(body.invitations).toMatchObject([{ email: 'inv@elsewhere.example', invitedBy: 'Dev Eloper' }]);
    const seen = (await reader.call('GET', pathOf(boss))).body;
    expect({ members: seen.members.length, requests: seen.requests, invitations: seen.invitations }).toEqual({
      members: 2,
      requests: [],
      invitations: [],
    });
  });

  it('loses its verification with a new name, and not with a new website', async () => {
    const boss = await signInDeveloper(server, { verified: true });
    const website = await boss.call('PATCH', pathOf(boss), { website: 'https://maker.example/' });
    expect(website.body.verifiedAt).not.toBeNull();
    const renamed = await boss.call('PATCH', pathOf(boss), { name: 'Other Maker' });
    expect(renamed.body).toMatchObject({ name: 'Other Maker', website: 'https://maker.example/', verifiedAt: null });
    const cleared = await boss.call('PATCH', pathOf(boss), { website: '' });
    expect(cleared.body.website).toBeNull();
  });
});

describe('a request to join', () => {
  it('can be accepted with a role: the person is notified, and becomes a member', async () => {
    const boss = await signInDeveloper(server);
    const asking = await newcomer(boss);
    expect((await asking.call('GET', pathOf(boss))).status).toBe(404);
    const path = `${pathOf(boss)}/join-requests/${asking.accountId}/accept`;
    expect((await boss.call('POST', path, { role: 'developer' })).status).toBe(204);
    expect((await asking.call('GET', pathOf(boss))).body.role).toBe('developer');
    expect((await listEmailsTo(server, asking.email))[0]?.subject).toContain('You now belong to');
    expect((await listAuditEvents(server, 'organisation'))[0]?.detail).toMatchObject({
      action: 'accept',
      whom: asking.accountId,
    });
    expect(statusAndCode(await boss.call('POST', path, { role: 'administrator' }))).toEqual({
      status: 409,
      code: 'conflict',
    });
  });

  it('can be declined: they may ask again a day later, or create their own organization', async () => {
    const boss = await signInDeveloper(server);
    const asking = await newcomer(boss);
    const path = `${pathOf(boss)}/join-requests/${asking.accountId}`;
    expect((await boss.call('POST', `${path}/decline`)).status).toBe(204);
    expect((await listEmailsTo(server, asking.email))[0]?.subject).toContain('declined your request');
    const own = (await asking.call('GET', LIST)).body;
    expect(own.requests).toMatchObject([{ declinedAt: expect.any(String) }]);
    expect((await boss.call('POST', `${path}/accept`, { role: 'reader' })).status).toBe(409);
    expect(statusAndCode(await asking.call('POST', `${LIST}/join-requests`))).toEqual({
      status: 409,
      code: 'conflict',
    });
    server.clock.advance(hours(24) + 1);
    await server.db.queryText(`update session set expires_at = $1`, [new Date(server.clock.now().getTime() + 9e6)]);
    await refresh(asking);
    expect((await asking.call('POST', `${LIST}/join-requests`)).status).toBe(204);
    expect((await listEmailsTo(server, boss.email))[0]?.subject).toContain('asks to join');
  });

  it('is decided once by two concurrent decisions', async () => {
    const boss = await signInDeveloper(server);
    const other = await signInDeveloper(server, { organisationId: boss.organisationId });
    const asking = await newcomer(boss);
    const path = `${pathOf(boss)}/join-requests/${asking.accountId}`;
    const answers = await Promise.all([
      boss.call('POST', `${path}/accept`, { role: 'developer' }),
      other.call('POST', `${path}/decline`),
      boss.call('POST', `${path}/accept`, { role: 'administrator' }),
    ]);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
  });

  it('is required for acceptance, and cannot be made by an organization’s id', async () => {
    const boss = await signInDeveloper(server);
    const stranger = await signInDeveloper(server);
    const path = `${pathOf(boss)}/join-requests/${stranger.accountId}/accept`;
    expect((await boss.call('POST', path, { role: 'reader' })).status).toBe(409);
    expect((await stranger.call('POST', path, { role: 'administrator' })).status).toBe(404);
    // The stranger's own domain has an organization, and they are already a member of that.
    const request = await stranger.call('POST', `${LIST}/join-requests`, { organisationId: boss.organisationId });
    expect(request.status).not.toBe(204);
    expect((await stranger.call('GET', pathOf(boss))).status).toBe(404);
  });
});

describe('invitations', () => {
  const invite = async (boss: Developer, email: string, role = 'developer') => {
    const created = await boss.call('POST', `${pathOf(boss)}/invitations`, { email, role });
    expect(created.status).toBe(201);
    const [mail] = await listEmailsTo(server, email.toLowerCase());
    return { path: emailLink(mail, server), invitationId: created.body.invitationId as string, mail };
  };

  it('create an account in the organization with its role, whatever the domain', async () => {
    const boss = await signInDeveloper(server);
    const { path, mail } = await invite(boss, 'Freelance@gmail.com', 'reader');
    expect(mail?.content).toContain('invited you to join Maker');
    const browser = new PatientBrowser(server.app);
    expect((await browser.get(path)).body).toContain('as reader');
    const response = await submitForm(browser, path, { name: 'Free Lance', password: PASSWORD });
    expect(response.location).toBe('/developer');
    const own = (await apiCaller(server, browser.cookie('session')).call('GET', LIST)).body;
    expect(own).toMatchObject({
      organisations: [{ organisationId: boss.organisationId, role: 'reader' }],
      requests: [],
    });
    expect((await boss.call('GET', pathOf(boss))).body.invitations).toEqual([]);
  });

  it('can be accepted only by the account with the invited email address', async () => {
    const boss = await signInDeveloper(server);
    const [guest, other] = [await signInDeveloper(server), await signInDeveloper(server)];
    const { path } = await invite(boss, guest.email);
    const at = ({ session }: Developer) => {
      const browser = new PatientBrowser(server.app);
      browser.setCookie('session', session);
      return browser;
    };
    const signedOut = await new PatientBrowser(server.app).get(path);
    expect(signedOut.body).toContain(`There is an account for ${guest.email}`);
    const stranger = at(other);
    const response = await stranger.get(path);
    expect(response.body).toContain('Sign in with another account');
    expect(response.body).not.toContain('/accept');
    const { csrf } = (await other.call('GET', '/session')).body;
    expect((await stranger.post(`${path}/accept`, { csrf })).location).toBeUndefined();
    expect((await other.call('GET', pathOf(boss))).status).toBe(404);
    const mine = at(guest);
    const accepted = await submitForm(mine, path, {}, `${path}/accept`);
    expect(accepted.location).toBe(`/developer/organisation/${boss.organisationId}`);
    expect((await guest.call('GET', pathOf(boss))).body.role).toBe('developer');
    expect((await mine.post(`${path}/accept`, { csrf })).location ?? '').not.toContain('organisation');
  });

  it('end when they are cancelled, replaced or expired, or when their inviter loses the right to invite', async () => {
    const boss = await signInDeveloper(server);
    const helper = await signInDeveloper(server, { organisationId: boss.organisationId });
    const opens = async (path: string) => (await new PatientBrowser(server.app).get(path)).status;
    const back = await invite(boss, 'back@guest.example');
    expect(await opens(back.path)).toBe(200);
    expect((await boss.call('DELETE', `${pathOf(boss)}/invitations/${back.invitationId}`)).status).toBe(204);
    expect(await opens(back.path)).toBe(404);
    expect((await boss.call('DELETE', `${pathOf(boss)}/invitations/${back.invitationId}`)).status).toBe(404);
    const first = await invite(boss, 'anew@guest.example');
    const second = await invite(boss, 'anew@guest.example', 'reader');
    expect({ first: await opens(first.path), second: await opens(second.path) }).toEqual({ first: 404, second: 200 });
    const lost = await invite(helper, 'lost@guest.example');
    await boss.call('PATCH', `${pathOf(boss)}/members/${helper.accountId}`, { role: 'developer' });
    expect(await opens(lost.path)).toBe(404);
    expect((await boss.call('GET', pathOf(boss))).body.invitations).toMatchObject([{ email: 'anew@guest.example' }]);
    server.clock.advance(hours(24 * 7) + 1);
    expect(await opens(second.path)).toBe(404);
  });

  it('of another organization cannot be cancelled by guessing', async () => {
    const [boss, other] = [await signInDeveloper(server), await signInDeveloper(server)];
    const { path, invitationId } = await invite(boss, 'guess@guest.example');
    expect((await other.call('DELETE', `${pathOf(other)}/invitations/${invitationId}`)).status).toBe(404);
    expect((await new PatientBrowser(server.app).get(path)).status).toBe(200);
  });

  it('go to one email address, of a non-member, and not repeatedly', async () => {
    const boss = await signInDeveloper(server);
    const path = `${pathOf(boss)}/invitations`;
    for (const email of ['a@x.example, b@x.example', 'a@x.example\r\nBcc: b@x.example', 'nobody'])
      expect((await boss.call('POST', path, { email, role: 'reader' })).status, email).toBe(400);
    expect((await boss.call('POST', path, { email: boss.email, role: 'reader' })).status).toBe(409);
    expect((await boss.call('POST', path, { email: 'x@y.example', role: 'owner' })).status).toBe(400);
    for (let time = 0; time < 3; time += 1) await invite(boss, 'often@guest.example');
    const answer = await boss.call('POST', path, { email: 'often@guest.example', role: 'reader' });
    expect(statusAndCode(answer)).toEqual({ status: 429, code: 'too-many-attempts' });
  });
});

describe('membership', () => {
  it('roles can be changed, and a removed member loses access immediately', async () => {
    const boss = await signInDeveloper(server);
    const dev = await signInDeveloper(server, { organisationId: boss.organisationId, role: 'developer' });
    const path = `${pathOf(boss)}/members/${dev.accountId}`;
    expect((await boss.call('PATCH', path, { role: 'reader' })).status).toBe(204);
    expect((await dev.call('GET', pathOf(boss))).body.role).toBe('reader');
    expect((await boss.call('DELETE', path)).status).toBe(204);
    expect((await dev.call('GET', pathOf(boss))).status).toBe(404);
    expect((await dev.call('GET', '/session')).body.person.memberships).toEqual([]);
    expect((await listEmailsTo(server, dev.email))[0]?.subject).toContain('no longer belong');
    expect((await boss.call('DELETE', path)).status).toBe(404);
  });

  it('the last administrator cannot be removed, demoted or leave', async () => {
    const boss = await signInDeveloper(server);
    const dev = await signInDeveloper(server, { organisationId: boss.organisationId, role: 'developer' });
    const own = `${pathOf(boss)}/members/${boss.accountId}`;
    expect(statusAndCode(await boss.call('PATCH', own, { role: 'reader' }))).toEqual({ status: 409, code: 'conflict' });
    expect(statusAndCode(await boss.call('DELETE', own))).toEqual({ status: 409, code: 'conflict' });
    expect(statusAndCode(await boss.call('POST', `${pathOf(boss)}/leave`))).toEqual({ status: 409, code: 'conflict' });
    expect((await dev.call('POST', `${pathOf(boss)}/leave`)).status).toBe(204);
    expect((await dev.call('GET', pathOf(boss))).status).toBe(404);
  });

  it('of two administrators who remove or demote each other concurrently, one remains', async () => {
    for (const round of ['remove', 'lower', 'leave'] as const) {
      const one = await signInDeveloper(server);
      const two = await signInDeveloper(server, { organisationId: one.organisationId });
      const removeOrDemote = (by: Developer, whom: Developer) => {
        if (round === 'remove') return by.call('DELETE', `${pathOf(one)}/members/${whom.accountId}`);
        if (round === 'leave') return by.call('POST', `${pathOf(one)}/leave`);
        return by.call('PATCH', `${pathOf(one)}/members/${whom.accountId}`, { role: 'reader' });
      };
      const answers = await Promise.all([removeOrDemote(one, two), removeOrDemote(two, one)]);
      expect(answers.filter(({ status }) => status === 204).length, round).toBeGreaterThan(0);
      const left = await server.db.queryText<{ role: string }>(
        `select role from membership where organisation_id = $1 and role = 'administrator'`,
        [one.organisationId],
      );
      expect(left.length, round).toBeGreaterThan(0);
    }
  });
});

/** Every body is valid, so only missing access can be the reason for a rejection. */
const routesOf = (boss: Developer) =>
  [
    ['GET', pathOf(boss), undefined, 'reader'],
    ['PATCH', pathOf(boss), { name: 'Stolen' }, 'administrator'],
    ['PATCH', `${pathOf(boss)}/members/${boss.accountId}`, { role: 'reader' }, 'administrator'],
    ['DELETE', `${pathOf(boss)}/members/${boss.accountId}`, undefined, 'administrator'],
    ['POST', `${pathOf(boss)}/join-requests/${boss.accountId}/accept`, { role: 'reader' }, 'administrator'],
    ['POST', `${pathOf(boss)}/join-requests/${boss.accountId}/decline`, undefined, 'administrator'],
    ['POST', `${pathOf(boss)}/invitations`, { email: 'r@r.example', role: 'reader' }, 'administrator'],
    ['DELETE', `${pathOf(boss)}/invitations/${random.uuid()}`, undefined, 'administrator'],
    ['POST', `${pathOf(boss)}/leave`, undefined, 'reader'],
  ] as const;
const OWN = [
  ['GET', LIST, undefined],
  ['POST', LIST, { name: 'Theirs' }],
  ['POST', `${LIST}/join-requests`, undefined],
] as const;

describe('access to organizations', () => {
  it('is denied without a session, to patients and to staff', async () => {
    const boss = await signInDeveloper(server);
    const patient = new PatientBrowser(server.app);
    await patient.signIn('/sign-in');
    const staff = (await signInStaff(server, ['administrator'])).browser;
    for (const [method, path, body] of [...routesOf(boss), ...OWN]) {
      const signedOut = await apiCaller(server, undefined).call(method, path, body);
      expect(statusAndCode(signedOut), `${method} ${path}`).toEqual({ status: 401, code: 'not-signed-in' });
      for (const browser of [patient, staff]) {
        const answer = await apiCaller(server, browser.cookie('session')).call(method, path, body);
        expect(statusAndCode(answer), `${method} ${path}`).toEqual({ status: 403, code: 'wrong-account' });
      }
    }
  });

  it('is denied to other organizations, as if it did not exist', async () => {
    const [boss, other] = [await signInDeveloper(server), await signInDeveloper(server)];
    for (const [method, path, body] of routesOf(boss))
      expect((await other.call(method, path, body)).status, `${method} ${path}`).toBe(404);
  });

  it.each(['developer', 'reader'] as const)('for a %s is read-only', async (role) => {
    const boss = await signInDeveloper(server);
    for (const [method, path, body, needed] of routesOf(boss)) {
      const dev = await signInDeveloper(server, { organisationId: boss.organisationId, role });
      const answer = await dev.call(method, path, body);
      if (needed === 'administrator')
        expect(statusAndCode(answer), `${method} ${path}`).toEqual({ status: 403, code: 'role-missing' });
      else expect(answer.status, path).toBeLessThan(300);
    }
    const { body } = await boss.call('GET', pathOf(boss));
    expect(body.name).toContain('Maker');
    expect(body.invitations).toEqual([]);
  });

  it('requires the session’s header', async () => {
    const boss = await signInDeveloper(server);
    for (const [method, path, body] of [...routesOf(boss), ...OWN]) {
      if (method === 'GET') continue;
      const answer = await server.app.inject({
        method,
        url: `/api${path}`,
        headers: { cookie: `session=${boss.session}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      expect({ status: answer.statusCode, code: answer.json().code }, `${method} ${path}`).toEqual({
        status: 403,
        code: 'form-expired',
      });
    }
  });

  it('requires recent reauthentication for admitting or promoting, and not for removing', async () => {
    const boss = await signInDeveloper(server);
    const dev = await signInDeveloper(server, { organisationId: boss.organisationId, role: 'developer' });
    server.clock.advance(minutes(6));
    const asks = [
      ['PATCH', `${pathOf(boss)}/members/${dev.accountId}`, { role: 'administrator' }],
      ['POST', `${pathOf(boss)}/join-requests/${dev.accountId}/accept`, { role: 'reader' }],
      ['POST', `${pathOf(boss)}/invitations`, { email: 'late@late.example', role: 'reader' }],
    ] as const;
    for (const [method, path, body] of asks)
      expect(statusAndCode(await boss.call(method, path, body))).toEqual({ status: 403, code: 'proof-needed' });
    expect((await boss.call('DELETE', `${pathOf(boss)}/members/${dev.accountId}`)).status).toBe(204);
  });
});
