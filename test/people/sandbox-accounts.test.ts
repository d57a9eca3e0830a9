import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { addAccount, findAccount, recordsOfAccount, recordsOfStaff } from '../../src/people/index.ts';
import { fillSandbox, lacksLargeAlone, staleSandbox } from '../../src/sandbox/index.ts';
import { addLivePatient, recordOf } from '../support/live-patient.ts';
import { passwordCost } from '../support/password-cost.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const account = async (username: string) => {
  const found = await findAccount(server.db, username);
  if (found === undefined) throw new Error(`there is ${username}`);
  return found;
};

/** As a sandbox that was filled before these accounts were thought of. */
async function fillAgain(): Promise<void> {
  await server.db.queryText(`update practice set generated = 'older' where kind = 'sandbox'`, []);
  expect(await staleSandbox(server.db)).toBeDefined();
  await fillSandbox(server.db, () => {}, { passwordCost });
  expect(await staleSandbox(server.db)).toBeUndefined();
}

it('filling the sandbox again adds the accounts that are missing, and leaves the others as they are', async () => {
  const ids = async () =>
    Promise.all(['patientapitest', 'guardianapitest'].map(async (name) => (await account(name)).accountId));
  const before = await ids();
  await server.db.queryText(
    `with gone as (delete from account where username = 'staffapitest' returning account_id)
     delete from staff where account_id in (select account_id from gone)`,
    [],
  );
  await server.db.queryText(`delete from representation where relationship = 'representative'`, []);
  await fillAgain();
  expect(await ids()).toEqual(before);
  expect(await recordsOfAccount(server.db, (await account('guardianapitest')).accountId)).toHaveLength(3);
  expect(await recordsOfStaff(server.db, (await account('staffapitest')).accountId, '')).toHaveLength(23);
});

it('filling the sandbox again leaves since when somebody acts for another', async () => {
  const since = () =>
    server.db.queryText<object>(
      `select account_id, record_id, began_at from representation where relationship = 'representative' order by 1, 2`,
      [],
    );
  await server.db.queryText(
    `update representation set began_at = '2025-01-02T03:04:05Z' where relationship = 'representative'`,
    [],
  );
  const before = await since();
  expect(before).toHaveLength(2);
  await fillAgain();
  expect(await since()).toEqual(before);
});

it('the large record may come after all others, and its account with it', async () => {
  await server.db.queryText(`update practice set generated = 'older' where practice_id = 1`, []);
  await server.db.queryText(`delete from account where username = 'patient02'`, []);
  await fillSandbox(server.db, () => {}, { passwordCost, butLarge: true });
  const stale = await staleSandbox(server.db);
  expect(stale && lacksLargeAlone(stale)).toBe(true);
  expect(await findAccount(server.db, 'patient02')).toBeUndefined();
  const said: string[] = [];
  await fillSandbox(server.db, (text) => said.push(text), { passwordCost });
  expect(await staleSandbox(server.db)).toBeUndefined();
  expect(await recordsOfAccount(server.db, (await account('patient02')).accountId)).toHaveLength(1);
  expect(said).toEqual([]);
});

it('somebody who had one of the names before keeps it, and is given nothing of the sandbox', async () => {
  const person = await addLivePatient(server);
  const recordId = await recordOf(server, person);
  await server.db.queryText(`delete from account where username in ('guardianapitest', 'staffapitest')`, []);
  for (const username of ['guardianapitest', 'staffapitest']) {
    const wanted = { username, password: 'their own', displayName: 'Somebody', recordId, published: false };
    await addAccount(server.db, { clock: server.clock, random, passwordCost }, wanted);
  }
  await fillAgain();
  for (const username of ['guardianapitest', 'staffapitest']) {
    const { accountId, kind, published } = await account(username);
    expect([kind, published]).toEqual(['patient', false]);
    expect((await recordsOfAccount(server.db, accountId)).map(({ key }) => key)).toEqual([person.key]);
    expect(await recordsOfStaff(server.db, accountId, '')).toEqual([]);
  }
});
