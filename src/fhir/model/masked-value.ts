/** FHIR R4 extension data-absent-reason: stands in for a value that must not be shown. */
export const MASKED_VALUE = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }],
};
