import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addRepresentation,
  createRepresentativeAccount,
  endRepresentation,
  findAccountByUsername,
  listAccountRecords,
  listRepresentations,
} from '../../src/identity/index.ts';
import type { AccountId, RecordId } from '../../src/kernel/index.ts';
import { systemRandom as random } from '../../src/kernel/index.ts';
import { setSandboxOpen } from '../../src/practices/index.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { passwordCost } from '../support/people/password-cost.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let child: LivePerson;
let recordId: RecordId;
beforeAll(async () => {
  server = await startServer();
  child = await addLivePatient(server);
  recordId = await findRecordId(server, child);
});
afterAll(() => server.close());

async function addRepresentative(username: string): Promise<AccountId> {
  const { db, clock } = server;
  const account = { username, password: 'a password', displayName: 'A Mother', published: false };
  const accountId = await createRepresentativeAccount(db, { clock, random, passwordCost }, account);
  if (accountId === undefined) throw new Error('the username is new');
  return accountId;
}

const add = (accountId: AccountId) =>
  addRepresentation(server.db, { accountId, recordId, relatedPersonId: random.uuid() });
const end = (accountId: AccountId) =>
  endRepresentation(server.db, server.clock, { accountId, recordId, reason: 'of age' });
const keys = async (accountId: AccountId) => (await listAccountRecords(server.db, accountId)).map(({ key }) => key);

describe('a representative', () => {
  it('can open that record, and is distinguished from the patient', async () => {
    const mother = await addRepresentative('opens');
    expect(await keys(mother)).toEqual([]);
    expect(await add(mother)).toBe(true);
    expect(await listAccountRecords(server.db, mother)).toEqual([
      expect.objectContaining({ key: child.key, relation: 'representative', practiceId: 2, birthDate: null }),
    ]);
    expect(await listAccountRecords(server.db, child.accountId)).toEqual([
      expect.objectContaining({ key: child.key, relation: 'self' }),
    ]);
  });

  it('loses access when the representation ends, and regains it when it is added again', async () => {
    const mother = await addRepresentative('loses');
    await add(mother);
    expect({ first: await end(mother), second: await end(mother) }).toEqual({ first: true, second: false });
    expect(await keys(mother)).toEqual([]);
    expect(await listRepresentations(server.db)).toContainEqual(
      expect.objectContaining({ username: 'loses', endReason: 'of age', endedAt: expect.any(Date) }),
    );
    expect(await add(mother)).toBe(true);
    expect(await keys(mother)).toEqual([child.key]);
  });

  it('has a start time from when it was added, or added again, or linked to another person of the record', async () => {
    const mother = await addRepresentative('starts');
    const relatedPersonId = random.uuid();
    const addAs = (id: string) => addRepresentation(server.db, { accountId: mother, recordId, relatedPersonId: id });
    // In seconds with their fraction, because several changes can be made in one millisecond.
    const since = async (): Promise<number> => {
      const [row] = await server.db.queryText<{ seconds: number }>(
        `select extract(epoch from began_at)::float8 as seconds from representation
         where account_id = $1 and record_id = $2`,
        [mother, recordId],
      );
      return row?.seconds ?? Number.NaN;
    };
    await addAs(relatedPersonId);
    const first = await since();
    await addAs(relatedPersonId);
    expect(await since()).toBe(first);
    await end(mother);
    await addAs(relatedPersonId);
    const again = await since();
    expect(again).toBeGreaterThan(first);
    await addAs(random.uuid());
    expect(await since()).toBeGreaterThan(again);
  });

  it('is never staff or the patient: an own record is not shared this way, and does not end', async () => {
    const { accountId } = await addStaffMember(server);
    expect({
      accountId: await add(accountId),
      add: await add(child.accountId),
      end: await end(child.accountId),
    }).toEqual({ accountId: false, add: false, end: false });
    expect(await keys(accountId)).toEqual([]);
    expect(await listAccountRecords(server.db, child.accountId)).toEqual([
      expect.objectContaining({ relation: 'self' }),
    ]);
  });

  it('is never a shared account, unless the patient belongs to the sandbox', async () => {
    const { accountId } = (await findAccountByUsername(server.db, 'patientapitest')) ?? {};
    if (accountId === undefined) throw new Error('the sandbox has its patient');
    expect(await add(accountId)).toBe(false);
    expect(await keys(accountId)).toHaveLength(1);
  });
});

describe('the sandbox’s guardian', () => {
  it('has her own record first, then those of her children, while the sandbox is on', async () => {
    const { accountId, published } = (await findAccountByUsername(server.db, 'guardianapitest')) ?? {};
    if (accountId === undefined) throw new Error('the sandbox has its guardian');
    expect(published).toBe(true);
    const held = await listAccountRecords(server.db, accountId);
    expect(held.map(({ personName, relation }) => [personName, relation])).toEqual([
      ['Claire Elise Meadowlark', 'self'],
      ['June Alma Meadowlark', 'representative'],
      ['Milo Rowan Meadowlark', 'representative'],
    ]);
    await setSandboxOpen(server.db, false);
    expect(await listAccountRecords(server.db, accountId)).toEqual([]);
    await setSandboxOpen(server.db, true);
  });

  it('is a RelatedPerson in the record of each child', async () => {
    const rows = await server.db.queryText<{ name: string }>(
      `select s.content::jsonb #>> '{name,0,text}' as name from representation r
       join resource s on s.record_id = r.record_id and s.type = 'RelatedPerson' and s.id = r.related_person_id`,
      [],
    );
    expect(rows.map(({ name }) => name)).toEqual(['Claire Meadowlark', 'Claire Meadowlark']);
  });
});
