import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPatientAccount,
  findAccountByUsername,
  listAccountRecords,
  searchStaffPatients,
} from '../../src/identity/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { fillSandbox, findStaleSandbox, lacksOnlyLargeRecords } from '../../src/sandbox/index.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;

/** Starts a server for the tests of a suite, which change the accounts of the sandbox. */
function withOwnServer(): void {
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());
}

const account = async (username: string) => {
  const found = await findAccountByUsername(server.db, username);
  if (found === undefined) throw new Error(`there is ${username}`);
  return found;
};

/**
 * Fills the sandbox again, as an upgrade does when an older version didn't have some of the accounts. The large record
 * isn't loaded again.
 */
async function fillAgain(): Promise<void> {
  await server.db.queryText(`update practice set generated = 'older' where kind = 'sandbox'`, []);
  expect(await findStaleSandbox(server.db)).toBeDefined();
  await fillSandbox(server.db, () => {}, { passwordCost, skipLargeRecords: true });
  const stale = await findStaleSandbox(server.db);
  expect(stale && lacksOnlyLargeRecords(stale)).toBe(true);
}

describe('filling the sandbox again', () => {
  withOwnServer();
  const ids = async () =>
    Promise.all(['patientapitest', 'guardianapitest'].map(async (name) => (await account(name)).accountId));
  const representations = () =>
    server.db.queryText<{ record_id: number; began_at: Date }>(
      `select record_id, began_at from representation where relationship = 'representative' order by record_id`,
      [],
    );
  let [idsBefore, since]: [readonly string[], readonly object[]] = [[], []];
  beforeAll(async () => {
    idsBefore = await ids();
    await server.db.queryText(
      `with gone as (delete from account where username = 'staffapitest' returning account_id)
       delete from staff where account_id in (select account_id from gone)`,
      [],
    );
    await server.db.queryText(
      `update representation set began_at = '2025-01-02T03:04:05Z' where relationship = 'representative'`,
      [],
    );
    const [deleted, ...others] = await representations();
    await server.db.queryText(`delete from representation where relationship = 'representative' and record_id = $1`, [
      deleted?.record_id,
    ]);
    since = others;
    await fillAgain();
  });

  it('adds missing accounts, and leaves the others unchanged', async () => {
    expect(await ids()).toEqual(idsBefore);
    expect(await listAccountRecords(server.db, (await account('guardianapitest')).accountId)).toHaveLength(3);
    expect(await searchStaffPatients(server.db, (await account('staffapitest')).accountId, '')).toHaveLength(30);
  });

  it('retains the start time of a representation', async () => {
    expect(since).toHaveLength(1);
    expect(await representations()).toEqual(expect.arrayContaining([...since]));
  });
});

describe('filling the sandbox again, where its usernames are taken and the large record comes last', () => {
  withOwnServer();
  let person: LivePerson;
  beforeAll(async () => {
    person = await addLivePatient(server);
    const recordId = await findRecordId(server, person);
    await server.db.queryText(
      `delete from account where username in ('guardianapitest', 'staffapitest', 'patient02')`,
      [],
    );
    for (const username of ['guardianapitest', 'staffapitest']) {
      const accountInput = { username, password: 'their own', displayName: 'Somebody', recordId, published: false };
      await createPatientAccount(server.db, { clock: server.clock, random, passwordCost }, accountInput);
    }
    await fillAgain();
  });

  it.each(['guardianapitest', 'staffapitest'])(
    'leaves %s with its owner, who gets nothing of the sandbox',
    async (username) => {
      const { accountId, kind, published } = await account(username);
      expect({ kind, published }).toEqual({ kind: 'patient', published: false });
      expect((await listAccountRecords(server.db, accountId)).map(({ key }) => key)).toEqual([person.key]);
      expect(await searchStaffPatients(server.db, accountId, '')).toEqual([]);
    },
  );

  it('adds the large record after all others, and its account with it', async () => {
    expect(await findAccountByUsername(server.db, 'patient02')).toBeUndefined();
    const messages: string[] = [];
    await fillSandbox(server.db, (text) => messages.push(text), { passwordCost });
    expect(await findStaleSandbox(server.db)).toBeUndefined();
    expect(await listAccountRecords(server.db, (await account('patient02')).accountId)).toHaveLength(1);
    expect(messages).toEqual([]);
  });
});
