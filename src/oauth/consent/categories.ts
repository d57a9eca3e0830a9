/** How a kind of data is named to the person it belongs to. */
export interface Category {
  readonly label: string;
  readonly detail: string;
}

/** In the order of the page. Each resource type a person decides about has one. */
export const CATEGORIES: Readonly<Record<string, Category>> = {
  Patient: { label: 'Who you are', detail: 'Name, birth date, address, phone, language, race and ethnicity.' },
  Condition: { label: 'Health problems', detail: 'Diagnoses, your problem list and health concerns.' },
  MedicationRequest: { label: 'Medicines', detail: 'What was prescribed, how to take it, and when.' },
  AllergyIntolerance: { label: 'Allergies', detail: 'What you react to and how.' },
  Observation: {
    label: 'Test results and measurements',
    detail: 'Lab results, blood pressure, weight, and answers about smoking or your living situation.',
  },
  Immunization: { label: 'Vaccinations', detail: 'Vaccines you had, and when.' },
  Encounter: { label: 'Visits', detail: 'When you were seen, where and why.' },
  DocumentReference: { label: 'Notes and documents', detail: 'Visit notes and letters, with their text.' },
};

/** Say who, where and from whom about the data above; without a line of their own they go along if asked for. */
export const SUPPORTING: readonly string[] = ['Practitioner', 'Organization', 'Location', 'Provenance'];
