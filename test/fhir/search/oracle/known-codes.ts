import type { Coded } from './token-rule.ts';

/** URL of a value set of the practice. It has codes that occur in the generated resources. */
export const TEST_VALUE_SET_URL = 'http://example.org/ValueSet/oracle';
const LOINC = 'http://loinc.org';
const SNOMED = 'http://snomed.info/sct';
const GENDER = 'http://hl7.org/fhir/administrative-gender';
export const CLINICAL = 'http://terminology.hl7.org/CodeSystem/condition-clinical';

/** Codes of each value set that the test searches by. One is the practice's own, the other one R4's. */
export const VALUE_SETS: Readonly<Record<string, readonly Coded[]>> = {
  [TEST_VALUE_SET_URL]: [
    { system: LOINC, code: 'lab' },
    { system: LOINC, code: '8480-6' },
    { system: SNOMED, code: 'vital-signs' },
  ],
  'http://hl7.org/fhir/ValueSet/administrative-gender': ['male', 'female', 'other', 'unknown'].map((code) => ({
    system: GENDER,
    code,
  })),
};

export const TEST_VALUE_SET = {
  resourceType: 'ValueSet',
  id: '0000a11c-0000-4000-8000-000000000000',
  url: TEST_VALUE_SET_URL,
  status: 'active',
  compose: {
    include: [LOINC, SNOMED].map((system) => ({
      system,
      concept: VALUE_SETS[TEST_VALUE_SET_URL]?.flatMap((one) => (one.system === system ? [{ code: one.code }] : [])),
    })),
  },
};

/** Code system of R4 for the clinical status of a condition: each code with the codes that it includes. */
export const SUBSUMED_CODES: Readonly<Record<string, readonly string[]>> = {
  active: ['active', 'recurrence', 'relapse'],
  inactive: ['inactive', 'remission', 'resolved'],
  recurrence: ['recurrence'],
  relapse: ['relapse'],
  remission: ['remission'],
  resolved: ['resolved'],
};
