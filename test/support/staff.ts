import { type AccountId, systemRandom as random } from '../../src/kernel/index.ts';
import { addStaff } from '../../src/people/index.ts';
import { listPractices } from '../../src/practices/index.ts';
import type { TestServer } from './server.ts';

export const SANDBOX_STAFF = { username: 'staffapitest', password: 'Password1!' };
export const SANDBOX_GUARDIAN = { username: 'guardianapitest', password: 'Password1!' };

export interface StaffMember {
  readonly accountId: AccountId;
  readonly username: string;
  readonly password: string;
}

/** Somebody who works at these practices. */
export async function addStaffMember(
  { db, clock }: Pick<TestServer, 'db' | 'clock'>,
  kinds: readonly ('sandbox' | 'live')[] = ['live'],
): Promise<StaffMember> {
  const practices = (await listPractices(db))
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ practiceId }) => ({ practiceId, practitionerId: random.uuid() }));
  const person = { username: `staff-${random.bytes(6).toString('hex')}`, password: random.bytes(12).toString('hex') };
  const wanted = { ...person, displayName: 'Dr. Test', published: false, practices };
  const accountId = await db.transaction((tx) => addStaff(tx, { clock, random }, wanted));
  if (accountId === undefined) throw new Error('the username is new');
  return { ...person, accountId };
}
