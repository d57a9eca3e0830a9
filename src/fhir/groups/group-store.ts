import { type Executor, type RowOf, statement } from '../../database/index.ts';
import { isUuid, type PracticeId, type RecordId } from '../../kernel/index.ts';

const GROUP_COLUMNS = {
  group_id: 'uuid',
  practice_id: 'int4',
  name: 'text',
  everyone: 'bool',
  version: 'int4',
  changed_at: 'timestamptz',
  members: 'int4',
} as const;

/**
 * SQL condition that patient record `x` belongs to group `g`. The record must be active and of the group's practice. If
 * the group doesn't include all patients, the record must also be listed as a member. Records of patients who left,
 * merged records and erased records belong to no group.
 */
export const IS_GROUP_MEMBER_SQL = `x.practice_id = g.practice_id and x.state = 'active' and (g.everyone or exists (
    select 1 from patient_group_member m where m.group_id = g.group_id and m.record_id = x.record_id))`;
const SELECT_GROUPS = `select g.group_id, g.practice_id, g.name, g.everyone, g.version, g.changed_at,
    (select count(*) from record x where ${IS_GROUP_MEMBER_SQL})::int4 as members from patient_group g`;

const insertGroup = statement(
  'fhir.group.insert',
  { group_id: 'uuid' },
  `insert into patient_group (group_id, practice_id, name, everyone, changed_at) values ($1, $2, $3, $4, $5)
   on conflict (practice_id, lower(name)) do nothing returning group_id`,
);
const selectByPractices = statement(
  'fhir.group.of-practices',
  GROUP_COLUMNS,
  `${SELECT_GROUPS} where g.practice_id = any($1) order by g.practice_id, lower(g.name)`,
);
const selectById = statement(
  'fhir.group.by-id',
  GROUP_COLUMNS,
  `${SELECT_GROUPS} where g.group_id = $1 and g.practice_id = any($2)`,
);
const updateName = statement(
  'fhir.group.rename',
  { group_id: 'uuid' },
  `update patient_group g set name = $2, version = version + 1, changed_at = $3 where g.group_id = $1
     and not exists (select 1 from patient_group o where o.practice_id = g.practice_id and lower(o.name) = lower($2)
       and o.group_id <> g.group_id) returning g.group_id`,
);
const deleteGroup = statement(
  'fhir.group.remove',
  { group_id: 'uuid' },
  `with members as (delete from patient_group_member where group_id = $1)
   delete from patient_group where group_id = $1 returning group_id`,
);
const insertMembers = statement(
  'fhir.group.add-members',
  { record_id: 'int8' },
  `insert into patient_group_member (group_id, record_id)
   select g.group_id, x.record_id from patient_group g join record x on x.practice_id = g.practice_id
   where g.group_id = $1 and x.patient_id = any($2::uuid[]) and x.state = 'active'
   on conflict do nothing returning record_id`,
);
const deleteMembers = statement(
  'fhir.group.remove-members',
  { record_id: 'int8' },
  `delete from patient_group_member m using patient_group g, record x
   where g.group_id = $1 and m.group_id = g.group_id and x.record_id = m.record_id and x.patient_id = any($2::uuid[])
   returning m.record_id`,
);
const raiseVersion = statement(
  'fhir.group.touch',
  {},
  'update patient_group set version = version + 1, changed_at = $2 where group_id = $1',
);
const raiseVersionsOfRecord = statement(
  'fhir.group.touch-all-of',
  {},
  `update patient_group g set version = g.version + 1, changed_at = $2 from record x
   where x.record_id = $1 and g.practice_id = x.practice_id and (g.everyone or exists (
     select 1 from patient_group_member m where m.group_id = g.group_id and m.record_id = x.record_id))`,
);
const selectPatients = statement(
  'fhir.group.patients',
  { patient_id: 'uuid', record_id: 'int8' },
  `select x.patient_id, x.record_id from patient_group g join record x on ${IS_GROUP_MEMBER_SQL}
   where g.group_id = $1 and g.practice_id = any($2) order by x.record_id`,
);

/** A group of patients of one practice, defined by an administrator. */
export interface PatientGroup {
  readonly groupId: string;
  readonly practiceId: PracticeId;
  readonly name: string;
  /**
   * True if the group always consists of all current patients of the practice. Its list of members doesn't matter then.
   */
  readonly everyone: boolean;
  readonly version: number;
  readonly changedAt: Date;
  /** Number of patients who belong to the group now. */
  readonly members: number;
}

export interface NewPatientGroup {
  readonly groupId: string;
  readonly practiceId: PracticeId;
  readonly name: string;
  readonly everyone: boolean;
}

/**
 * Creates a patient group without members.
 * @returns false if the practice already has a group with this name
 */
export const addGroup = async (tx: Executor, now: Date, group: NewPatientGroup): Promise<boolean> =>
  (await tx.query(insertGroup, [group.groupId, group.practiceId, group.name, group.everyone, now])).length > 0;

/** Lists the patient groups of some practices, sorted by practice and name. */
export const listGroups = async (db: Executor, practices: readonly number[]): Promise<readonly PatientGroup[]> =>
  (await db.query(selectByPractices, [practices])).map(toPatientGroup);

/** Finds a patient group by its id. Returns undefined if no such group belongs to one of the practices. */
export async function findGroup(
  db: Executor,
  practices: readonly number[],
  id: string,
): Promise<PatientGroup | undefined> {
  const [row] = isUuid(id) ? await db.query(selectById, [id, practices]) : [];
  return row === undefined ? undefined : toPatientGroup(row);
}

/**
 * Renames a patient group.
 * @returns false if the group doesn't exist, or if another group of the practice has the name
 */
export const renameGroup = async (tx: Executor, now: Date, id: string, name: string): Promise<boolean> =>
  (await tx.query(updateName, [id, name, now])).length > 0;

/**
 * Deletes a patient group with its list of members.
 * @returns false if the group doesn't exist
 */
export const removeGroup = async (tx: Executor, id: string): Promise<boolean> =>
  (await tx.query(deleteGroup, [id])).length > 0;

/**
 * Adds active patients of the practice to a group, or removes members. Raises the group's version if that changes
 * anything.
 * @param patientIds values of Patient.id; ids that the practice doesn't have are ignored
 * @returns patient records that were added or removed
 */
export async function changeGroupMembers(
  tx: Executor,
  now: Date,
  id: string,
  change: 'add' | 'remove',
  patientIds: readonly string[],
): Promise<readonly RecordId[]> {
  const rows = await tx.query(change === 'add' ? insertMembers : deleteMembers, [id, patientIds.filter(isUuid)]);
  if (rows.length > 0) await tx.query(raiseVersion, [id, now]);
  return rows.map(({ record_id }) => record_id as RecordId);
}

/**
 * Raises the version of every group that lists a patient record. Called after a merge of two records, or its reversal,
 * has changed who belongs to the groups.
 */
export const raiseGroupVersions = async (tx: Executor, now: Date, recordId: RecordId): Promise<void> =>
  void (await tx.query(raiseVersionsOfRecord, [recordId, now]));

/** Lists the current members of a patient group, in the order of their record ids. */
export const listGroupMembers = async (
  db: Executor,
  practices: readonly number[],
  id: string,
): Promise<readonly { readonly patientId: string; readonly recordId: RecordId }[]> =>
  (await db.query(selectPatients, [id, practices])).map((row) => ({
    patientId: row.patient_id,
    recordId: row.record_id as RecordId,
  }));

/**
 * Returns the given patients who don't belong to the group.
 * @param patientIds values of Patient.id, in upper or lower case
 */
export async function findNonMembers(
  db: Executor,
  { groupId, practiceId }: Pick<PatientGroup, 'groupId' | 'practiceId'>,
  patientIds: readonly string[],
): Promise<readonly string[]> {
  const members = new Set((await listGroupMembers(db, [practiceId], groupId)).map(({ patientId }) => patientId));
  return patientIds.filter((one) => !members.has(one.toLowerCase()));
}

const toPatientGroup = (row: RowOf<typeof GROUP_COLUMNS>): PatientGroup => ({
  groupId: row.group_id,
  practiceId: row.practice_id as PracticeId,
  name: row.name,
  everyone: row.everyone,
  version: row.version,
  changedAt: row.changed_at,
  members: row.members,
});
