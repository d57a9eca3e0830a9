import { type Executor, statement } from '../../database/index.ts';
import { type RecordToErase, type RemovedRows, readStoredResource } from '../../fhir/index.ts';
import { itemsAt, normalizeEmailAddress, textAt } from '../../kernel/index.ts';

const selectNames = statement(
  'intake.erase.names',
  { name: 'text', family: 'text?' },
  'select name, family from demographics where practice_id = $1 and record_id = any($2::int8[])',
);
const deleteDemographics = statement(
  'intake.erase.demographics',
  { name: 'text' },
  'delete from demographics where practice_id = $1 and record_id = any($2::int8[]) returning name',
);
const deleteKeys = statement(
  'intake.erase.keys',
  { value: 'text' },
  'delete from record_key where practice_id = $1 and record_id = any($2::int8[]) returning value',
);
const deleteIssues = statement(
  'intake.erase.issues',
  { type: 'text' },
  `delete from validation_fault f using unnest($2::text[], $3::uuid[]) as k (type, id)
   where f.practice_id = $1 and f.type = k.type and f.id = k.id returning f.type`,
);
/**
 * Deletes rejected entries that are about the patient: they contain one of the ids as a whole JSON string or at the end
 * of a reference, or they are a Patient with one of the family names.
 */
const deleteRejected = statement(
  'intake.erase.rejected',
  { type: 'text' },
  `delete from refused_entry e where e.practice_id = $1 and (
     exists (select 1 from unnest($2::text[]) as v (value) where position('"' || v.value || '"' in e.content) > 0
       or position('/' || v.value || '"' in e.content) > 0 or position(':' || v.value || '"' in e.content) > 0)
     or (e.type = 'Patient' and exists (
       select 1 from unnest($3::text[]) as f (family) where position('"' || f.family || '"' in e.content) > 0)))
   returning e.type`,
);

/** Names and ids of a person, to find texts about them in other tables. */
export interface PatientIdentifiers {
  /** Names as the pages show them. */
  readonly names: readonly string[];
  /** Ids of sources, identifiers such as medical record numbers, and ids of the Patient. */
  readonly values: readonly string[];
  /** Email addresses in the chart, normalized. */
  readonly addresses: readonly string[];
}

/**
 * Deletes what the intake stored about records: search data of the front desk, ids of sources, validation issues, and
 * rejected entries of feeds that are about the patient. Call it before the resources are deleted.
 */
export async function eraseIntake(
  tx: Executor,
  { practiceId, recordIds, patientIds, resources }: RecordToErase,
): Promise<{ readonly removed: RemovedRows; readonly identifiers: PatientIdentifiers }> {
  const at = [practiceId, recordIds] as const;
  const charts = await readPatients(tx, recordIds, patientIds);
  const known = await tx.query(selectNames, at);
  const families = known.flatMap(({ family }) => (family === null || family === '' ? [] : [family]));
  const demographics = await tx.query(deleteDemographics, at);
  const keys = (await tx.query(deleteKeys, at)).map(({ value }) => value);
  const values = [...new Set([...keys, ...patientIds, ...charts.flatMap(listIdentifiers)])].filter((id) => id !== '');
  const ids = [...values, ...resources.map(({ id }) => id)];
  const [types, resourceIds] = [resources.map(({ type }) => type), resources.map(({ id }) => id)];
  const issues = await tx.query(deleteIssues, [practiceId, types, resourceIds]);
  const rejected = await tx.query(deleteRejected, [practiceId, ids, families]);
  return {
    removed: {
      demographics: demographics.length,
      record_key: keys.length,
      validation_fault: issues.length,
      refused_entry: rejected.length,
    },
    identifiers: { names: known.map(({ name }) => name), values, addresses: charts.flatMap(listAddresses) },
  };
}

/** Reads the Patients of the records. The Patient of a merged record is in the record that remained. */
async function readPatients(
  tx: Executor,
  recordIds: RecordToErase['recordIds'],
  patientIds: readonly string[],
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const recordId of recordIds)
    for (const id of patientIds) found.push(await readStoredResource(tx, recordId, { type: 'Patient', id }));
  return found.filter((patient) => patient !== undefined);
}

const listIdentifiers = (patient: unknown): readonly string[] =>
  itemsAt(patient, 'identifier').flatMap((identifier) => textAt(identifier, 'value') ?? []);

const listAddresses = (patient: unknown): readonly string[] =>
  itemsAt(patient, 'telecom')
    .filter((point) => textAt(point, 'system') === 'email')
    .flatMap((point) => textAt(point, 'value') ?? [])
    .map(normalizeEmailAddress);
