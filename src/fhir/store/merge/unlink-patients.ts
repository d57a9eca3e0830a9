import { type Executor, statement } from '../../../database/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson, printJson } from '../../model/json.ts';
import { moveResources, type RowMove } from './move-rows.ts';
import { removePatientLinks } from './patient-links.ts';

/**
 * Columns of a Patient version that links to a Patient of the other record. The version is rewritten without the link
 * when the merge of the two records is undone.
 */
const LINKED = { id: 'uuid', version: 'int4', content: 'text' } as const;
const NAMING = `record_id = $1 and type = 'Patient' and id = any($2::uuid[])
   and exists (select 1 from unnest($3::uuid[]) as o (id) where strpos(content, '"Patient/' || o.id || '"') > 0)`;
const current = statement(
  'fhir.unlink.current',
  LINKED,
  `select id, version, content from resource where ${NAMING} order by id`,
);
const past = statement(
  'fhir.unlink.past',
  LINKED,
  `select id, version, content from resource_history where ${NAMING} order by id, version`,
);
const rewrite = statement(
  'fhir.unlink.rewrite',
  {},
  "update resource_history set content = $4 where record_id = $1 and type = 'Patient' and id = $2 and version = $3",
);

/** Patients of two records whose merge is undone: `patients` belong to one record, `others` to the other. */
export interface PatientSeparation {
  readonly patients: readonly string[];
  readonly others: readonly string[];
}

/**
 * When a merge is undone, removes links to the other record's Patients from older versions of Patients. A record must
 * not disclose with whom its patient was confused.
 */
export async function unlinkHistory(
  tx: Executor,
  { to }: Pick<RowMove, 'to'>,
  { patients, others }: PatientSeparation,
): Promise<void> {
  for (const { id, version, content } of await tx.query(past, [to, patients, others]))
    await tx.query(rewrite, [to, id, version, printJson(removePatientLinks(parseJson(content) as Resource, others))]);
}

/**
 * Writes a new version of each Patient that stays in the record and links to a Patient that leaves it. The new version
 * doesn't have these links. The Patient to whom the record belongs always gets a new version.
 */
export async function unlinkRemaining(
  tx: Executor,
  move: RowMove,
  survivorId: string,
  separation: PatientSeparation,
): Promise<void> {
  const linked = await tx.query(current, [move.to, separation.patients, separation.others]);
  const ids = [...new Set([survivorId, ...linked.map(({ id }) => id)])];
  const keys = ids.map((id) => ({ type: 'Patient', id, first: 1 }));
  await moveResources(tx, move, keys, async (rows) =>
    rows.map(({ resource }) => removePatientLinks(resource, separation.others)),
  );
  await unlinkHistory(tx, move, separation);
}
