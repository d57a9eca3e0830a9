import type { Database } from '../../../src/database/index.ts';
import { findDifference, restoreText } from '../../../src/fhir/store/text-difference.ts';

/** A resource of a patient record in another FHIR version. */
export interface StoredConversion {
  readonly record_id: number;
  /** FHIR version, and the converted type if it is a further one: `dstu2`, `dstu2/MedicationStatement`. */
  readonly name: string;
  readonly type: string;
  readonly id: string;
  /** Version of the converter. */
  readonly maker: number | null;
  readonly content: string | null;
  readonly hidden_by: string | null;
  readonly asked: readonly string[] | null;
}

const SAME_RESOURCE = 'c.record_id = r.record_id and c.type = r.type and c.id = r.id';
const CONVERSIONS = `
  select r.record_id, coalesce(c.name, 'dstu2') as name, r.type, r.id, r.converted_with as maker,
    r.converted || r.content as content, c.hidden_by, c.asked
  from resource r left join conversion c on ${SAME_RESOURCE} and strpos(c.name, '/') = 0
  where r.converted is not null or c.name is not null
  union all
  select c.record_id, c.name, c.type, c.id, r.converted_with, c.difference || r.content, c.hidden_by, c.asked
  from conversion c join resource r on ${SAME_RESOURCE} where strpos(c.name, '/') > 0
  order by record_id, name, type, id`;

/** Lists the conversions of all patient records. */
export async function storedConversions({ queryText }: Pick<Database, 'queryText'>): Promise<StoredConversion[]> {
  const rows = await queryText<StoredConversion>(CONVERSIONS, []);
  return rows.map((row) => ({ ...row, content: row.content === null ? null : restoreText(row.content) }));
}

/** Deletes the conversions of all patient records, or of one. */
export async function deleteConversions({ queryText }: Pick<Database, 'queryText'>, patient?: string): Promise<void> {
  const where = patient === undefined ? '' : ' where record_id = (select record_id from record where patient_id = $1)';
  const parameters = patient === undefined ? [] : [patient];
  await queryText(`delete from conversion${where}`, parameters);
  await queryText(`update resource set converted = null, converted_with = null${where}`, parameters);
}

/**
 * Replaces the converted texts of resources, as if another version of the converter had made them.
 * @param change returns the new text, null for none, or undefined to leave the resource as it is
 */
export async function replaceConverted(
  { queryText }: Pick<Database, 'queryText'>,
  maker: number,
  change: (resource: { readonly id: string; readonly content: string | null }) => string | null | undefined,
): Promise<void> {
  const rows = await queryText<{ row: string; id: string; original: string; content: string | null }>(
    'select ctid::text as row, id, content as original, converted || content as content from resource where converted_with is not null',
    [],
  );
  for (const { row, id, original, content } of rows) {
    const text = change({ id, content: content === null ? null : restoreText(content) });
    if (text === undefined) continue;
    const difference = text === null ? null : findDifference(original, text);
    await queryText('update resource set converted = $1, converted_with = $2 where ctid = $3::tid', [
      difference,
      maker,
      row,
    ]);
  }
}
