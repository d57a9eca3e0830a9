/** Replaces a value that must not be shown: an element with the extension data-absent-reason, code `masked`. */
export const MASKED_VALUE = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
};
