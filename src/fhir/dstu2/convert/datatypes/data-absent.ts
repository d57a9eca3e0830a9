import type { FhirJson } from '../conversion-rules.ts';

/**
 * The `_sibling` of a primitive element that has no value.
 * @param reason DSTU2 code of data-absent-reason, such as `astext` or `unknown`
 */
export const dataAbsentSibling = (reason: string): FhirJson => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: reason }],
});
