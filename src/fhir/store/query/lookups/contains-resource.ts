import { type Executor, statement } from '../../../../database/index.ts';
import { isUuid, type PracticeId, type RecordId } from '../../../../kernel/index.ts';
import { getStoredCompartment } from '../../index/index-definitions.ts';

const inRecord = statement(
  'fhir.record-holds',
  { id: 'uuid' },
  'select id from resource where record_id = $1 and type = $2 and id = $3',
);
const inDirectory = statement(
  'fhir.directory-holds',
  { id: 'uuid' },
  'select id from shared_resource where practice_id = $1 and type = $2 and id = $3',
);

/** Returns true if a patient record currently has a resource. */
export async function recordContains(db: Executor, recordId: RecordId, type: string, id: string): Promise<boolean> {
  if (getStoredCompartment(type) !== 'record' || !isUuid(id)) return false;
  return (await db.query(inRecord, [recordId, type, id])).length > 0;
}

/** Returns true if the directory of a practice currently has a resource. */
export async function directoryContains(
  db: Executor,
  practiceId: PracticeId,
  type: string,
  id: string,
): Promise<boolean> {
  if (getStoredCompartment(type) !== 'practice' || !isUuid(id)) return false;
  return (await db.query(inDirectory, [practiceId, type, id])).length > 0;
}
