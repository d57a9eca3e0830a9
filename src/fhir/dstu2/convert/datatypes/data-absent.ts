import type { FhirJson } from '../conversion-rules.ts';

/**
 * Returns the `_name` sibling of a primitive element whose value is absent.
 * @param reason DSTU2 code of data-absent-reason, such as `astext` or `unknown`
 */
export const dataAbsentSibling = (reason: string): FhirJson => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: reason }],
});
