import { type Executor, statement } from '../../database/index.ts';
import { IS_GROUP_MEMBER_SQL } from '../groups/group-store.ts';

const known = statement(
  'fhir.export.known-patients',
  { patient_id: 'uuid' },
  `select distinct x.patient_id from record x
   where x.practice_id = any($1) and x.state = 'active' and x.patient_id = any($2::uuid[])
     and ($3::uuid is null or exists (select 1 from patient_group g where g.group_id = $3 and ${IS_GROUP_MEMBER_SQL}))`,
);

/**
 * Returns those of the given patient ids that the practices have records of. If there is a group, only its members are
 * returned.
 */
export async function findKnownPatients(
  db: Executor,
  practices: readonly number[],
  patientIds: readonly string[],
  groupId: string | undefined,
): Promise<ReadonlySet<string>> {
  const rows = await db.query(known, [practices, patientIds, groupId ?? null]);
  return new Set(rows.map(({ patient_id }) => patient_id));
}
