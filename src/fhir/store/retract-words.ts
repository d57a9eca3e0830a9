import { derivedUuid } from '../../kernel/index.ts';
import { parseJson } from '../core/json.ts';
import type { Resource } from '../core/version.ts';
import { isObject } from './elements.ts';
import { mapReferences } from './map-references.ts';
import type { PutRow } from './move-rows.ts';
import type { RecordState } from './record-merges.ts';

/** A row of a record, and what it says. */
export type HeldRow = PutRow['row'] & { readonly type: string; readonly id: string; readonly content: string };

/** What is written beside: its version is that of the record that it comes to. */
export type Copy = Omit<PutRow, 'version'>;

/** FHIR R4, extension data-absent-reason: there was a reference, and it was to something of another person. */
const MASKED = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
};

/** FHIR R4 §2.16.4: one that was generated says nothing that the rest does not; and whose it was, by name. */
function withoutNarrative(resource: Resource): Resource {
  const { text, ...rest } = resource as Resource & { readonly text?: unknown };
  return isObject(text) && text['status'] === 'generated' ? rest : resource;
}

/**
 * What resources say in the record that they come to: they are about its Patient, without the name that the other one had
 * beside the reference or in a narrative that was generated, and what refers to the other one's is masked. Medications that they refer to are copied: other
 * resources may refer to them as well.
 */
export function wordsFor(
  from: RecordState,
  to: RecordState,
  { rows, gone }: { readonly rows: ReadonlyMap<string, HeldRow>; readonly gone: ReadonlySet<string> },
): { of(row: HeldRow): Resource; copies(): readonly Copy[] } {
  const copied = new Map<string, { readonly id: string; readonly row: HeldRow }>();
  const copyOf = (address: string, row: HeldRow): string => {
    const one = copied.get(address) ?? { id: derivedUuid('retracted', String(to.recordId), row.id), row };
    copied.set(address, one);
    return one.id;
  };
  const of = (own: HeldRow): Resource =>
    mapReferences(withoutNarrative(parseJson(own.content) as Resource), (reference) => {
      const address = reference.reference;
      if (address === `Patient/${from.patientId}`) return { reference: `Patient/${to.patientId}` };
      const row = rows.get(address);
      if (row === undefined || gone.has(address)) return reference;
      return row.type === 'Medication' ? { ...reference, reference: `Medication/${copyOf(address, row)}` } : MASKED;
    }) as Resource;
  return {
    of,
    copies() {
      const made: Copy[] = [];
      // A Map tells of what is added to it meanwhile: of what a Medication is made of, in circles too.
      for (const { id, row } of copied.values()) made.push({ row, resource: { ...of(row), id } });
      return made;
    },
  };
}
