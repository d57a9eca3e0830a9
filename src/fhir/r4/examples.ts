const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';
const SINCE_2000 = 'ge2000-01-01';
const SINCE_2024 = 'ge2024-01-01';

/**
 * Search values by type and parameter that find something in the sandbox. Forms and documentation show them as
 * examples.
 */
export const EXAMPLES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Patient: { gender: 'female', birthdate: 'ge1940-01-01' },
  AllergyIntolerance: { 'clinical-status': 'active', code: `${RXNORM}|7980`, date: SINCE_2000 },
  Condition: {
    category: 'problem-list-item',
    'clinical-status': 'active',
    code: `${SNOMED}|44054006`,
    'onset-date': SINCE_2000,
    'recorded-date': SINCE_2000,
  },
  DocumentReference: {
    category: 'clinical-note',
    type: `${LOINC}|11506-3`,
    date: SINCE_2024,
    period: SINCE_2024,
    status: 'current',
  },
  Encounter: { date: SINCE_2024, status: 'finished', class: 'AMB', type: `${SNOMED}|390906007` },
  FamilyMemberHistory: { relationship: 'MTH', status: 'completed', code: `${SNOMED}|44054006` },
  Immunization: { date: SINCE_2024, status: 'completed', 'vaccine-code': 'http://hl7.org/fhir/sid/cvx|140' },
  Medication: { code: `${RXNORM}|311041`, status: 'active' },
  MedicationRequest: { status: 'active', intent: 'order', authoredon: SINCE_2024, code: `${RXNORM}|860975` },
  Observation: {
    category: 'laboratory',
    code: `${LOINC}|4548-4`,
    'component-code-value-quantity': `${LOINC}|8480-6$gt90`,
    date: SINCE_2024,
    status: 'final',
  },
  RelatedPerson: { relationship: 'MTH', active: 'true' },
};
