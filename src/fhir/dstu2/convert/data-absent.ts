import type { Json } from './element.ts';

/** The `_sibling` of a primitive that has no value. @param reason a code of DSTU2: astext, unknown, … */
export const absentBecause = (reason: string): Json => ({
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: reason }],
});
