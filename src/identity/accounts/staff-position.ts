import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { PracticeKind } from '../../domain/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import type { StaffRole } from './account.ts';

/** The roles of a staff account at one practice. */
export interface StaffPosition {
  readonly accountId: AccountId;
  readonly practiceId: PracticeId;
  readonly practiceName: string;
  readonly practiceKind: PracticeKind;
  readonly roles: readonly StaffRole[];
  /**
   * Id of the staff member's Practitioner resource in the practice's directory; `undefined` for staff who can't launch
   * apps.
   */
  readonly practitionerId: string | undefined;
}

/** A staff member as the practice's staff list shows them. */
export interface StaffMember extends Pick<StaffPosition, 'accountId' | 'roles' | 'practitionerId'> {
  readonly username: string;
  readonly displayName: string;
  readonly published: boolean;
  readonly lockedAt: Date | undefined;
}

const JOB = {
  account_id: 'uuid',
  practice_id: 'int4',
  name: 'text',
  kind: 'text',
  roles: '_text',
  practitioner_id: 'uuid?',
} as const;
const selectPositions = statement(
  'people.jobs',
  JOB,
  `select s.account_id, s.practice_id, p.name, p.kind, s.roles, s.practitioner_id
   from staff s join practice p on p.practice_id = s.practice_id where s.account_id = $1 order by p.name`,
);
const COLLEAGUE = {
  account_id: 'uuid',
  username: 'text',
  display_name: 'text',
  published: 'bool',
  locked_at: 'timestamptz?',
  roles: '_text',
  practitioner_id: 'uuid?',
} as const;
const selectStaffMembers = statement(
  'people.colleagues',
  COLLEAGUE,
  `select a.account_id, a.username, a.display_name, a.published, a.locked_at, s.roles, s.practitioner_id
   from staff s join account a on a.account_id = s.account_id and a.closed_at is null
   where s.practice_id = $1 order by a.display_name, a.username`,
);
const upsertPosition = statement(
  'people.job.keep',
  {},
  `insert into staff (account_id, practice_id, roles, practitioner_id) values ($1, $2, $3, $4)
   on conflict (account_id, practice_id) do update
     set roles = excluded.roles, practitioner_id = excluded.practitioner_id`,
);
const deletePosition = statement(
  'people.job.remove',
  { account_id: 'uuid' },
  'delete from staff where account_id = $1 and practice_id = $2 returning account_id',
);

/** Returns the practices where a staff account works, sorted by name. The list is empty for other kinds of account. */
export async function listStaffPositions(db: Executor, accountId: AccountId): Promise<readonly StaffPosition[]> {
  return (await db.query(selectPositions, [accountId])).map((row: RowOf<typeof JOB>) => ({
    accountId: row.account_id as AccountId,
    practiceId: row.practice_id as PracticeId,
    practiceName: row.name,
    practiceKind: row.kind as StaffPosition['practiceKind'],
    roles: row.roles as StaffRole[],
    practitionerId: row.practitioner_id ?? undefined,
  }));
}

/** Returns the staff of a practice, sorted by name. */
export async function listStaffMembers(db: Executor, practiceId: PracticeId): Promise<readonly StaffMember[]> {
  return (await db.query(selectStaffMembers, [practiceId])).map((row: RowOf<typeof COLLEAGUE>) => ({
    accountId: row.account_id as AccountId,
    username: row.username,
    displayName: row.display_name,
    published: row.published,
    lockedAt: row.locked_at ?? undefined,
    roles: row.roles as StaffRole[],
    practitionerId: row.practitioner_id ?? undefined,
  }));
}

/** Adds a staff account to a practice with the given roles, or replaces the roles that the account has there. */
export async function saveStaffPosition(
  tx: Executor,
  job: Pick<StaffPosition, 'accountId' | 'practiceId' | 'roles' | 'practitionerId'>,
): Promise<void> {
  await tx.query(upsertPosition, [job.accountId, job.practiceId, job.roles, job.practitionerId]);
}

/**
 * Removes a staff account from a practice. Access tokens with which a staff app acts for the account no longer give
 * access to this practice.
 * @returns whether the account worked at the practice
 */
export async function endStaffPosition(tx: Executor, accountId: AccountId, practiceId: PracticeId): Promise<boolean> {
  return (await tx.query(deletePosition, [accountId, practiceId])).length > 0;
}
