import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATA_USE_QUESTIONS } from '../../src/access/index.ts';
import { findApp, updateApp } from '../../src/apps/index.ts';
import { systemClock, systemRandom } from '../../src/kernel/index.ts';
import { ensureDemoApp } from '../../src/sandbox/index.ts';
import { DEMO_CLIENT_ID } from '../../src/sandbox/published-credentials.ts';
import { WAITING_FOR_LOCK } from '../support/database/waiting-for-lock.ts';
import { until } from '../support/runs/until.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HOME = 'http://localhost:8080';
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const demo = async () => {
  const app = await findApp(server.db, systemClock, DEMO_CLIENT_ID);
  const { developer, dataUse, metadata, redirectUris } = app ?? {};
  return { developer, answers: Object.keys(dataUse ?? {}).length, policy: metadata?.['policy_uri'], redirectUris };
};
const all = {
  developer: 'Patient Access project',
  answers: DATA_USE_QUESTIONS.length,
  policy: `${HOME}/demo/privacy`,
  redirectUris: [`${HOME}/demo`],
};

describe('the demo app at start', () => {
  beforeEach(async () => {
    await server.db.queryText('delete from app where client_id = $1', [DEMO_CLIENT_ID]);
    await ensureDemoApp(server.db, HOME);
  });

  it('has a developer, answers to the questions on data use, and a privacy policy', async () => {
    expect(await demo()).toEqual(all);
  });

  it('gets them if an older version registered it without', async () => {
    const before = `update app set developer = null, data_use = '{}', metadata = '{}' where client_id = $1`;
    await server.db.queryText(before, [DEMO_CLIENT_ID]);
    await ensureDemoApp(server.db, HOME);
    expect(await demo()).toEqual(all);
  });

  it('is registered once by servers that start at the same time', async () => {
    await server.db.queryText('delete from app where client_id = $1', [DEMO_CLIENT_ID]);
    const waiting = async () => (await server.db.queryText(WAITING_FOR_LOCK, [])).length;
    // No row can be added before all of them wait.
    const starts = await server.db.transaction(async (tx) => {
      await tx.queryText('lock table stored_app in share mode', []);
      const begun = Promise.all(Array.from({ length: 3 }, () => ensureDemoApp(server.db, HOME)));
      await until(async () => (await waiting()) === 3);
      return { begun };
    });
    await starts.begun;
    expect(await demo()).toEqual(all);
  });

  it('follows the URL of the server, with its privacy policy', async () => {
    await ensureDemoApp(server.db, 'https://records.example');
    expect(await demo()).toEqual({
      ...all,
      policy: 'https://records.example/demo/privacy',
      redirectUris: ['https://records.example/demo'],
    });
  });

  it('keeps an operator’s changes', async () => {
    const deps = { clock: systemClock, random: systemRandom };
    await server.db.transaction((tx) =>
      updateApp(tx, deps, DEMO_CLIENT_ID, { developer: 'Bay Practice', dataUse: {} }),
    );
    await ensureDemoApp(server.db, HOME);
    expect(await demo()).toMatchObject({ developer: 'Bay Practice', answers: 0, redirectUris: [`${HOME}/demo`] });
  });
});
