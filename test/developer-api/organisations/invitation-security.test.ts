import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { organisationDomain } from '../../../src/sign-up/email-domain.ts';
import { WAITING_FOR_LOCK } from '../../support/database/waiting-for-lock.ts';
import { emailLink, listEmailsTo } from '../../support/people/account-security.ts';
import { type Developer, signInDeveloper } from '../../support/people/developer-portal.ts';
import { PatientBrowser } from '../../support/people/patient.ts';
import { until } from '../../support/runs/until.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const pathOf = ({ organisationId }: Pick<Developer, 'organisationId'>) => `/developer/organisations/${organisationId}`;
const at = ({ session }: Developer) => {
  const browser = new PatientBrowser(server.app);
  browser.setCookie('session', session);
  return browser;
};
async function invite(boss: Developer, email: string, role = 'developer'): Promise<string> {
  expect((await boss.call('POST', `${pathOf(boss)}/invitations`, { email, role })).status).toBe(201);
  return emailLink((await listEmailsTo(server, email))[0], server);
}

describe('an open invitation', () => {
  it('does not readmit a person who was removed since', async () => {
    const boss = await signInDeveloper(server);
    const guest = await signInDeveloper(server);
    const older = await invite(boss, guest.email, 'administrator');
    // They became a member without the invitation: they asked to join and were accepted.
    const now = server.clock.now();
    await server.db.queryText('insert into join_request values ($1, $2, $3)', [
      boss.organisationId,
      guest.accountId,
      now,
    ]);
    const path = `${pathOf(boss)}/join-requests/${guest.accountId}/accept`;
    expect((await boss.call('POST', path, { role: 'reader' })).status).toBe(204);
    expect((await boss.call('DELETE', `${pathOf(boss)}/members/${guest.accountId}`)).status).toBe(204);
    const browser = at(guest);
    expect((await browser.get(older)).status).toBe(404);
    const { csrf } = (await guest.call('GET', '/session')).body;
    await browser.post(`${older}/accept`, { csrf });
    expect((await guest.call('GET', pathOf(boss))).status).toBe(404);
  });

  it('ends when its inviter is removed while it is being accepted', async () => {
    const boss = await signInDeveloper(server);
    const helper = await signInDeveloper(server, { organisationId: boss.organisationId });
    const guest = await signInDeveloper(server);
    const link = await invite(helper, guest.email, 'administrator');
    const browser = at(guest);
    await browser.get(link);
    const { csrf } = (await guest.call('GET', '/session')).body;
    let taking: Promise<unknown> = Promise.resolve();
    await server.db.transaction(async (tx) => {
      await tx.queryText('select 1 from organisation where organisation_id = $1 for update', [boss.organisationId]);
      await tx.queryText('delete from membership where account_id = $1', [helper.accountId]);
      taking = browser.post(`${link}/accept`, { csrf });
      await waitingOrDone(taking);
    });
    await taking;
    expect((await guest.call('GET', pathOf(boss))).status).toBe(404);
  });
});

describe('a request that an administrator started before they were removed or demoted', () => {
  it.each([
    ['removed', 'delete from membership where account_id = $1'],
    ['lowered', "update membership set role = 'reader' where account_id = $1"],
  ])('is not carried out afterwards: %s', async (_name, change) => {
    const boss = await signInDeveloper(server);
    const helper = await signInDeveloper(server, { organisationId: boss.organisationId });
    const friend = await signInDeveloper(server, { organisationId: boss.organisationId, role: 'reader' });
    await helper.call('POST', `${pathOf(boss)}/join-requests/${friend.accountId}/decline`);
    let promotion: ReturnType<Developer['call']> | undefined;
    await server.db.transaction(async (tx) => {
      await tx.queryText('select 1 from organisation where organisation_id = $1 for update', [boss.organisationId]);
      await tx.queryText(change, [helper.accountId]);
      promotion = helper.call('PATCH', `${pathOf(boss)}/members/${friend.accountId}`, { role: 'administrator' });
      await waitingOrDone(promotion);
    });
    expect([403, 404]).toContain((await promotion)?.status);
    expect((await friend.call('GET', pathOf(boss))).body.role).toBe('reader');
  });
});

/** Resolves when a call waits for a lock that the test holds, or when it returned without waiting. */
async function waitingOrDone(call: Promise<unknown>): Promise<void> {
  let done = false;
  const end = () => {
    done = true;
  };
  call.then(end, end);
  const waits = () => server.db.queryText(WAITING_FOR_LOCK, []);
  await until(async () => done || (await waits()).length > 0);
}

it.each([
  'aol.co.uk',
  'aol.de',
  'windowslive.com',
  'msn.cn',
  'yandex.kz',
  'zoho.eu',
  'zoho.in',
  'ntlworld.com',
  'arcor.de',
  'q.com',
  'mindspring.com',
  'netscape.net',
  'pacbell.net',
  'optimum.net',
  'yeah.net',
  'sina.cn',
  'sohu.com',
  'nate.com',
  'abv.bg',
  'freemail.hu',
  'telus.net',
  'videotron.ca',
  'ig.com.br',
  'globo.com',
  'passmail.net',
  'fastmail.us',
  'mchsi.com',
  'tds.net',
  'suddenlink.net',
  'cableone.net',
  'hughes.net',
  'OUTLOOK.co.uk',
  'mail.yahoo.co.uk',
  'centrum.cz',
  'ziggo.nl',
])('%s is a public email provider', (domain) => {
  expect(organisationDomain(`a@${domain.toLowerCase()}`)).toBeUndefined();
});
