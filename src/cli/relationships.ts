import { OperatorError } from '../kernel/index.ts';

/**
 * Relationships of people who usually represent a patient, from HL7's RoleCode. FHIR R4 RelatedPerson.relationship
 * prefers these codes.
 */
export const RELATIONSHIPS = {
  PRN: 'parent',
  MTH: 'mother',
  FTH: 'father',
  GRPRN: 'grandparent',
  GUARD: 'guardian',
  SPS: 'spouse',
  DOMPART: 'domestic partner',
  CHILD: 'child',
  SIB: 'sibling',
  FRND: 'unrelated friend',
  POWATT: 'power of attorney',
  HPOWATT: 'healthcare power of attorney',
} as const;

/**
 * Returns a relationship as a FHIR R4 CodeableConcept.
 * @throws OperatorError for an unknown code
 */
export function parseRelationship(given: string) {
  const code = given.toUpperCase();
  if (!Object.hasOwn(RELATIONSHIPS, code)) {
    const known = Object.entries(RELATIONSHIPS).map(([known, meaning]) => `${known} (${meaning})`);
    throw new OperatorError(`--relationship must be one of: ${known.join(', ')}.`);
  }
  const display = RELATIONSHIPS[code as keyof typeof RELATIONSHIPS];
  return { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code, display }], text: display };
}
