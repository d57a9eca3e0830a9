import { derivedUuid, isObject } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import { MASKED_VALUE } from '../../model/masked-value.ts';
import { mapReferences } from '../write/rewrite-references.ts';
import type { RowToInsert } from './move-rows.ts';
import type { RecordState } from './record-merges.ts';

/** A stored resource of a patient record, with its JSON text and the feed that sent it. */
export type RecordContentRow = RowToInsert['row'] & {
  readonly type: string;
  readonly id: string;
  readonly content: string;
};

/** A copy of a Medication to store. Its version number depends on the record to which it is copied. */
export type MedicationCopy = Omit<RowToInsert, 'version'>;

/**
 * Removes the narrative of a resource if it was generated from the data (FHIR R4 §2.16.4). Such a narrative adds
 * nothing, and it may contain the wrong patient's name.
 */
function withoutNarrative(resource: Resource): Resource {
  const { text, ...rest } = resource as Resource & { readonly text?: unknown };
  return isObject(text) && text['status'] === 'generated' ? rest : resource;
}

/**
 * Creates functions that rewrite retracted resources for the right patient's record. `of` makes a resource refer to the
 * right Patient, without the wrong patient's display name, and removes a generated narrative. It masks references to
 * other resources of the wrong patient. A Medication to which a resource refers is copied, because resources of the
 * wrong patient may refer to it as well; `copies` returns these copies.
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
      // The loop also reaches entries that are added to the Map meanwhile. So the ingredients of copied Medications are
      // copied too, even if Medications refer to each other in a circle.
      for (const { id, row } of copied.values()) made.push({ row, resource: { ...of(row), id } });
      return made;
    },
  };
}
