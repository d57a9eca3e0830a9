import type { Json } from './element.ts';

/**
 * The `_sibling` of a primitive element that has no value.
 * @param reason DSTU2 code of data-absent-reason, such as `astext` or `unknown`
 */
export const absentBecause = (reason: string): Json => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: reason }],
});
