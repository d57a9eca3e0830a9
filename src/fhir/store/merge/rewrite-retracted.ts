import { derivedUuid, isObject } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import { MASKED_VALUE } from '../../model/masked-value.ts';
import { mapReferences } from '../write/rewrite-references.ts';
import type { RowToInsert } from './move-rows.ts';
import type { RecordState } from './record-merges.ts';

/** A record's row with its content. */
export type RecordContentRow = RowToInsert['row'] & {
  readonly type: string;
  readonly id: string;
  readonly content: string;
};

/** A resource to store as a copy. Its version depends on the record it is copied to. */
export type MedicationCopy = Omit<RowToInsert, 'version'>;

/**
 * FHIR R4 §2.16.4: drops a generated narrative. It adds nothing to the data and may contain the wrong patient's name.
 */
function withoutNarrative(resource: Resource): Resource {
  const { text, ...rest } = resource as Resource & { readonly text?: unknown };
  return isObject(text) && text['status'] === 'generated' ? rest : resource;
}

/**
 * Rewrites resources for the record they move to. They refer to its Patient, without the display name of the former
 * one, and a generated narrative is dropped. References to the other patient's resources are masked. Medications they
 * refer to are copied, because other resources may refer to them as well.
 */
export function createRetractionRewriter(
  from: RecordState,
  to: RecordState,
  {
    rows,
    retracted,
  }: { readonly rows: ReadonlyMap<string, RecordContentRow>; readonly retracted: ReadonlySet<string> },
): { of(row: RecordContentRow): Resource; copies(): readonly MedicationCopy[] } {
  const copied = new Map<string, { readonly id: string; readonly row: RecordContentRow }>();
  const copyOf = (address: string, row: RecordContentRow): string => {
    const one = copied.get(address) ?? { id: derivedUuid('retracted', String(to.recordId), row.id), row };
    copied.set(address, one);
    return one.id;
  };
  const of = (own: RecordContentRow): Resource =>
    mapReferences(withoutNarrative(parseJson(own.content) as Resource), (reference) => {
      const address = reference.reference;
      if (address === `Patient/${from.patientId}`) return { reference: `Patient/${to.patientId}` };
      const row = rows.get(address);
      if (row === undefined || retracted.has(address)) return reference;
      return row.type === 'Medication'
        ? { ...reference, reference: `Medication/${copyOf(address, row)}` }
        : MASKED_VALUE;
    }) as Resource;
  return {
    of,
    copies() {
      const made: MedicationCopy[] = [];
      // Iterating over a Map includes entries added meanwhile. Ingredients of copied Medications are therefore copied
      // too, even if they refer to each other in a circle.
      for (const { id, row } of copied.values()) made.push({ row, resource: { ...of(row), id } });
      return made;
    },
  };
}
