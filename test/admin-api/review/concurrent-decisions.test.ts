import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { findVersions, lockApp, withdrawVersion } from '../../../src/apps/index.ts';
import { systemRandom as random } from '../../../src/kernel/index.ts';
import {
  listEmails,
  loadApp,
  type SubmittedApp,
  submitApp,
  submitBackend,
  submitChange,
} from '../../support/apps/review.ts';
import {
  type ApiCaller,
  type Developer,
  signInDeveloper,
  signInReviewer,
} from '../../support/people/developer-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let dev: Developer;
let reviewers: readonly ApiCaller[];
beforeAll(async () => {
  server = await startServer();
  reviewers = await Promise.all(['Ada Min', 'Bob Min', 'Cam Min'].map((name) => signInReviewer(server, name)));
  // Each administrator gets a CSRF token before the races begin.
  await Promise.all(reviewers.map((who) => who.call('POST', '/review/apps/nothing/checks')));
});
afterAll(() => server.close());
beforeEach(async () => {
  dev = await signInDeveloper(server);
});

const ROUNDS = 8;
const approve = async (who: ApiCaller, { clientId }: SubmittedApp, version = 1): Promise<string> => {
  const { body } = await who.call('POST', `/review/apps/${clientId}/approve`, { version });
  return body.outcome ?? body.code;
};
const eventsOf = async ({ clientId }: SubmittedApp, kind: string): Promise<number> =>
  (await server.db.queryText('select 1 from app_event where client_id = $1 and kind = $2', [clientId, kind])).length;

it('only one of several concurrent approvals succeeds, and the developer is notified once', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const app = await submitApp(server, dev);
    const outcomes = await Promise.all(reviewers.map((who) => approve(who, app)));
    expect(outcomes.sort()).toEqual(['approved', 'conflict', 'conflict']);
    expect(await eventsOf(app, 'approved')).toBe(1);
  }
  expect(await listEmails(server, dev.email)).toHaveLength(ROUNDS);
});

it('several concurrent approvals of system/ scopes count as a first and a second one, by two people', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const app = await submitBackend(server, dev);
    const twice = await Promise.all([0, 0, 0].map((index) => approve(reviewers[index] as ApiCaller, app)));
    expect(twice.sort()).toEqual(['approved-first', 'conflict', 'conflict']);
    const others = await Promise.all(reviewers.slice(1).map((who) => approve(who, app)));
    expect(others.sort()).toEqual(['approved', 'conflict']);
  }
});

it('either an approval or a concurrent withdrawal takes effect, completely', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const app = await submitApp(server, dev);
    const withdraw = server.db.transaction(async (tx) => {
      await lockApp(tx, server.clock, app.clientId);
      return withdrawVersion(tx, { clock: server.clock, random }, app.clientId, dev.accountId);
    });
    const [outcome, withdrawn] = await Promise.all([approve(reviewers[0] as ApiCaller, app), withdraw]);
    expect(outcome === 'approved').toBe(!withdrawn);
    const { state } = await loadApp(server, app.clientId);
    const [version] = await findVersions(server.db, app.clientId);
    expect([state, version?.state]).toEqual(withdrawn ? ['provisional', 'withdrawn'] : ['active', 'approved']);
  }
});

it('an approval concurrent with a new version activates only the reviewed version', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const app = await submitApp(server, dev);
    await approve(reviewers[0] as ApiCaller, app);
    await submitChange(server, dev, app.clientId, { name: 'Seen' });
    const replaced = submitChange(server, dev, app.clientId, { name: 'Never seen' });
    const [outcome] = await Promise.all([approve(reviewers[0] as ApiCaller, app, 2), replaced]);
    const { name } = await loadApp(server, app.clientId);
    expect(name).toBe(outcome === 'approved' ? 'Seen' : 'Pillbox');
    const [newest] = await findVersions(server.db, app.clientId);
    expect({ version: newest?.version, state: newest?.state, name: newest?.terms.name }).toEqual({
      version: 3,
      state: 'waiting',
      name: 'Never seen',
    });
  }
});
