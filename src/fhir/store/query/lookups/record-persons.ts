import { type Executor, statement } from '../../../../database/index.ts';
import type { PatientId, RecordId } from '../../../../kernel/index.ts';
import type { Resource } from '../../../model/fhir-version.ts';
import { parseJson } from '../../../model/json.ts';

const read = statement(
  'fhir.read-people',
  { type: 'text', content: 'text' },
  `select type, content from resource
   where record_id = $1 and ((type = 'Patient' and id = $2) or type = 'RelatedPerson') order by type, id limit 101`,
);

/** Reads the Patient of a patient record, and up to 100 of its RelatedPersons. */
export async function readRecordPersons(
  db: Executor,
  { recordId, patientId }: { readonly recordId: RecordId; readonly patientId: PatientId },
): Promise<{ readonly patient: Resource | undefined; readonly relatedPersons: readonly Resource[] }> {
  const rows = await db.query(read, [recordId, patientId]);
  const of = (wanted: string): readonly Resource[] =>
    rows.filter(({ type }) => type === wanted).map(({ content }) => parseJson(content) as Resource);
  return { patient: of('Patient')[0], relatedPersons: of('RelatedPerson') };
}
