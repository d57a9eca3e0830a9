import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appDraft, getDeveloperApp, registerDraft, submitVersion } from '../../support/apps/app-drafts.ts';
import { submitApp } from '../../support/apps/review.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { emailLink, listEmailsTo } from '../../support/people/account-security.ts';
import { type Developer, signInDeveloper, signInReviewer } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { submitForm } from '../../support/people/practice-portal.ts';
import { PASSWORD } from '../../support/people/sign-up.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let boss: Developer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  boss = await signInDeveloper(server);
});

const pathOf = ({ organisationId }: Pick<Developer, 'organisationId'>) => `/developer/organisations/${organisationId}`;
const helperOf = (role: 'administrator' | 'developer') =>
  signInDeveloper(server, { organisationId: boss.organisationId, role });
const query = (text: string, ...values: unknown[]) => server.db.queryText(text, values);

const REMOVED = 'delete from membership where account_id = $1';
const LOWERED = "update membership set role = 'reader' where account_id = $1";

/** SQL of the statement that closes an account. */
const CLOSED = `with gone as (delete from join_request where account_id = $1)
  update account set closed_at = now(), email = null where account_id = $1`;

/**
 * Sends the request `ask` while the row `held` is locked, so that the request waits. Before the lock is released,
 * `change` removes or demotes the sender.
 */
async function meanwhile<Done>(
  held: readonly [text: string, id: string],
  change: readonly [text: string, id: string],
  ask: () => Promise<Done>,
): Promise<Done> {
  let pending: Promise<Done> | undefined;
  await server.db.transaction(async (tx) => {
    await tx.queryText(`select 1 from ${held[0]} for update`, [held[1]]);
    pending = ask();
    await waitingOrDone(pending);
    await tx.queryText(change[0], [change[1]]);
  });
  return (pending ?? ask()) as Promise<Done>;
}

/** Resolves when a call waits for a lock that the test holds, or when it returned without waiting. */
async function waitingOrDone(call: Promise<unknown>): Promise<void> {
  let done = false;
  const end = () => {
    done = true;
  };
  call.then(end, end);
  await until(async () => done || (await query(WAITING_FOR_LOCK)).length > 0);
}

describe.each([
  ['removed', REMOVED, 404],
  ['lowered', LOWERED, 403],
] as const)('a member who is %s while their request waits for the app', (_how, change, status) => {
  it.each<[string, (helper: Developer, clientId: string) => ReturnType<Developer['call']>]>([
    ['gets no secret', (helper, id) => helper.call('POST', `/developer/apps/${id}/secrets`, { name: 'Mine' })],
    [
      'changes no redirect URI',
      (helper, id) =>
        helper.call('POST', `/developer/apps/${id}/versions`, {
          draft: appDraft({ redirectUris: ['https://evil.example/cb'] }),
        }),
    ],
    [
      'changes no authentication method',
      (helper, id) => helper.call('PATCH', `/developer/apps/${id}/auth`, { auth: 'none' }),
    ],
    ['does not retire it', (helper, id) => helper.call('POST', `/developer/apps/${id}/retire`)],
    ['does not withdraw it', (helper, id) => helper.call('POST', `/developer/apps/${id}/withdraw`)],
  ])('%s', async (_what, action) => {
    const helper = await helperOf('administrator');
    const { clientId } = await registerDraft(boss);
    const before = await getDeveloperApp(boss, clientId);
    await helper.call('POST', '/developer/apps/nothing/withdraw');
    const answer = await meanwhile(['app where client_id = $1', clientId], [change, helper.accountId], () =>
      action(helper, clientId),
    );
    expect(answer.status).toBe(status);
    expect(await getDeveloperApp(boss, clientId)).toEqual(before);
  });

  it('registers no app of the organization', async () => {
    const helper = await helperOf('developer');
    await helper.call('POST', '/developer/apps/nothing/withdraw');
    const answer = await meanwhile(
      ['organisation where organisation_id = $1', boss.organisationId],
      [change, helper.accountId],
      () => helper.call('POST', '/developer/apps', { organisationId: boss.organisationId, draft: appDraft() }),
    );
    expect(answer.status).toBe(status);
    expect((await boss.call('GET', `/developer/apps?organisation=${boss.organisationId}`)).body).toEqual([]);
  });

  it('neither sends nor cancels an invitation', async () => {
    const helper = await helperOf('administrator');
    const [first, second] = ['first@guests.example', 'second@guests.example'];
    const { body } = await boss.call('POST', `${pathOf(boss)}/invitations`, { email: first, role: 'reader' });
    const held = ['organisation where organisation_id = $1', boss.organisationId] as const;
    const taken = await meanwhile(held, [change, helper.accountId], () =>
      helper.call('DELETE', `${pathOf(boss)}/invitations/${body.invitationId}`),
    );
    expect(taken.status).toBe(status);
    const other = await helperOf('administrator');
    await other.call('POST', '/developer/apps/nothing/withdraw');
    const invited = await meanwhile(held, [change, other.accountId], () =>
      other.call('POST', `${pathOf(boss)}/invitations`, { email: second, role: 'administrator' }),
    );
    expect(invited.status).toBe(status);
    expect(await listEmailsTo(server, second)).toEqual([]);
    expect((await boss.call('GET', pathOf(boss))).body.invitations).toHaveLength(1);
  });
});

it('an administrator who is locked while their decision waits for the app cannot decide', async () => {
  const ada = await signInReviewer(server);
  const app = await submitApp(server, boss);
  await ada.call('POST', '/review/apps/nothing/checks');
  const answer = await meanwhile(
    ['app where client_id = $1', app.clientId],
    ['update account set locked_at = now() where account_id = $1', ada.accountId],
    () => ada.call('POST', `/review/apps/${app.clientId}/approve`, { version: 1 }),
  );
  expect(answer.status).toBe(403);
  expect((await getDeveloperApp(boss, app.clientId)).state).toBe('provisional');
});

describe('an invitation', () => {
  const invite = async (by: Developer, email: string, role = 'administrator'): Promise<string> => {
    expect((await by.call('POST', `${pathOf(boss)}/invitations`, { email, role })).status).toBe(201);
    return emailLink((await listEmailsTo(server, email))[0], server);
  };
  const ask = (guest: Developer) =>
    query('insert into join_request values ($1, $2, $3)', boss.organisationId, guest.accountId, server.clock.now());

  it('that was never used does not readmit anyone by an email address that they have given up', async () => {
    const guest = await signInDeveloper(server);
    const link = await invite(boss, guest.email);
    await ask(guest);
    const accept = `${pathOf(boss)}/join-requests/${guest.accountId}/accept`;
    expect((await boss.call('POST', accept, { role: 'reader' })).status).toBe(204);
    await query('update account set email = $2 where account_id = $1', guest.accountId, `new-${guest.email}`);
    expect((await boss.call('DELETE', `${pathOf(boss)}/members/${guest.accountId}`)).status).toBe(204);
    const browser = new PatientBrowser(server.app);
    expect((await browser.get(link)).status).toBe(404);
    await submitForm(browser, link, { name: 'Back Again', password: PASSWORD }).catch(() => undefined);
    expect((await boss.call('GET', pathOf(boss))).body.members).toHaveLength(1);
  });

  it.each<[string, (helper: Developer) => Promise<unknown>]>([
    ['removed', (helper) => boss.call('DELETE', `${pathOf(boss)}/members/${helper.accountId}`)],
    ['lowered', (helper) => boss.call('PATCH', `${pathOf(boss)}/members/${helper.accountId}`, { role: 'reader' })],
    ['gone', (helper) => helper.call('POST', `${pathOf(boss)}/leave`)],
  ])('of an inviter who was %s does not become valid again with the inviter', async (_how, end) => {
    const helper = await helperOf('administrator');
    const link = await invite(helper, `friend-${helper.email}`);
    await end(helper);
    expect((await new PatientBrowser(server.app).get(link)).status).toBe(404);
    await query('delete from membership where account_id = $1', helper.accountId);
    const back = [boss.organisationId, helper.accountId, 'administrator', server.clock.now()];
    await query('insert into membership values ($1, $2, $3, $4)', ...back);
    expect((await new PatientBrowser(server.app).get(link)).status).toBe(404);
  });
});

it('an account that is being closed cannot join: an administrator without an account would be counted', async () => {
  const guest = await signInDeveloper(server);
  const pending = [boss.organisationId, guest.accountId, server.clock.now()];
  await query('insert into join_request values ($1, $2, $3)', ...pending);
  const accept = `${pathOf(boss)}/join-requests/${guest.accountId}/accept`;
  await boss.call('POST', '/developer/apps/nothing/withdraw');
  const answer = await meanwhile(['account where account_id = $1', guest.accountId], [CLOSED, guest.accountId], () =>
    boss.call('POST', accept, { role: 'administrator' }),
  );
  expect(answer.status).toBe(409);
  expect(await query('select 1 from membership where organisation_id = $1', boss.organisationId)).toHaveLength(1);
  // The member is the last one of the organization and therefore cannot leave it.
  expect((await boss.call('POST', `${pathOf(boss)}/leave`)).status).toBe(409);
});

describe('a lookalike name', () => {
  // The letters а, е and о in these names are Cyrillic.
  it.each(['Pаtient Access', 'Аcme Health', 'NextGеn', 'Mayo Сlinic'])(
    'cannot be used by an organization: %s',
    async (name) => {
      const { status, body } = await boss.call('PATCH', pathOf(boss), { name });
      expect({ status, field: body.errors?.[0]?.field }).toEqual({ status: 400, field: 'name' });
      expect((await boss.call('POST', '/developer/organisations', { name })).status).toBe(400);
    },
  );

  it.each(['Клиника Здоровье', 'Ελληνική Υγεία', 'Клиника Health', 'Müller & Söhne', '東京Health'])(
    'is allowed if it is written in one alphabet: %s',
    async (name) => expect((await boss.call('PATCH', pathOf(boss), { name })).status).toBe(200),
  );
});

it('the badge of a verified name does not return with the name, neither for the organization nor for its apps', async () => {
  const maker = await signInDeveloper(server, { verified: true });
  const { clientId } = await registerDraft(maker);
  const { name } = (await maker.call('GET', pathOf(maker))).body;
  const rename = async (to: string) => (await maker.call('PATCH', pathOf(maker), { name: to })).body.verifiedAt;
  expect(await rename(name)).toEqual(expect.any(String));
  expect({ anotherMaker: await rename('Another Maker'), name: await rename(name) }).toEqual({
    anotherMaker: null,
    name: null,
  });
  await submitVersion(maker, clientId, { description: 'Other.' });
  const [shown] = await query('select verified_at from app_maker where client_id = $1', clientId);
  expect(shown).toEqual({ verified_at: null });
});
