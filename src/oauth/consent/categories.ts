/** A kind of data as it is named to people. In words that fit whoever reads: the person, who acts for them, or staff. */
export interface Kind {
  readonly label: string;
  readonly detail: string;
}

/** A part of a type that can be allowed or denied by itself. */
export interface Category extends Kind {
  /** `system|code` of `category` in R4: what a scope for this part is written with. */
  readonly codings: readonly string[];
  /** Codes that other versions have for it. */
  readonly otherCodes?: readonly string[];
}

const CONDITION = 'http://terminology.hl7.org/CodeSystem/condition-category|';
const US_CORE_CONDITION = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category|';
const OBSERVATION = 'http://terminology.hl7.org/CodeSystem/observation-category|';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category|';

/** Each resource type a person decides about, in the order of the page. */
export const KINDS: Readonly<Record<string, Kind>> = {
  Patient: { label: 'Personal details', detail: 'Name, birth date, address, phone, language, race and ethnicity.' },
  MedicationRequest: { label: 'Medicines', detail: 'What was prescribed, how to take it, and when.' },
  AllergyIntolerance: { label: 'Allergies', detail: 'What causes a reaction, and what kind of reaction.' },
  Immunization: { label: 'Vaccinations', detail: 'Which vaccines were given, and when.' },
  Encounter: { label: 'Visits', detail: 'Appointments and hospital stays: when, where and why.' },
  DocumentReference: { label: 'Notes and documents', detail: 'Visit notes and letters, with their text.' },
  RelatedPerson: { label: 'Family and carers', detail: 'Who they are, and how to reach them.' },
  Location: { label: 'Places of care', detail: 'Clinics, wards and other places that are named.' },
  Condition: { label: 'Health problems', detail: 'Diagnoses, the problem list and health concerns.' },
  Observation: {
    label: 'Test results and measurements',
    detail: 'Lab results, blood pressure, weight, and answers about smoking or living situation.',
  },
};

/**
 * The parts of a type, by the name they have in a denial. As in ONC § 170.315(g)(10) and US Core 6.1 to 8.0, whose codes
 * are all spread over the parts: once some are denied, only what has one of the codes of the others is shown. US Core has
 * no code for clinical tests (it had one up to 5.0): they are what is neither measured nor made in a laboratory.
 */
export const CATEGORIES: Readonly<Record<string, Readonly<Record<string, Category>>>> = {
  Condition: {
    'problem-list-item': {
      label: 'Problem list',
      detail: 'Illnesses and health problems that the practice keeps an eye on.',
      codings: [`${CONDITION}problem-list-item`, `${US_CORE_CONDITION}problem`],
    },
    'encounter-diagnosis': {
      label: 'Diagnoses from visits',
      detail: 'What was found or treated at an appointment or hospital stay.',
      codings: [`${CONDITION}encounter-diagnosis`],
      otherCodes: ['diagnosis'],
    },
    'health-concern': {
      label: 'Health concerns',
      detail: 'Worries and risks, such as trouble with food or housing.',
      codings: [`${US_CORE_CONDITION}health-concern`],
    },
  },
  Observation: {
    laboratory: {
      label: 'Lab results',
      detail: 'Blood, urine and other samples.',
      codings: [`${OBSERVATION}laboratory`],
    },
    'vital-signs': {
      label: 'Vital signs',
      detail: 'Blood pressure, pulse, temperature, height and weight.',
      codings: [`${OBSERVATION}vital-signs`],
    },
    'clinical-test': {
      label: 'Examinations and other tests',
      detail: 'Such as heart tracings, eye tests, X-rays and scans.',
      codings: [
        ...['exam', 'procedure', 'imaging', 'therapy'].map((code) => `${OBSERVATION}${code}`),
        'http://hl7.org/fhir/us/core/CodeSystem/us-core-observation-category|clinical-test',
      ],
    },
    'social-history': {
      label: 'Way of life',
      detail: 'Smoking, alcohol, exercise, work, pregnancy, sexual orientation.',
      codings: ['social-history', 'activity'].map((code) => `${OBSERVATION}${code}`),
    },
    sdoh: {
      label: 'Living situation',
      detail: 'Food, housing, money, transport, and safety at home.',
      codings: [`${US_CORE}sdoh`],
    },
    survey: {
      label: 'Questionnaires and assessments',
      detail: 'Answers given, how well daily life goes, and wishes about care.',
      codings: [
        `${OBSERVATION}survey`,
        ...[
          'functional-status',
          'disability-status',
          'cognitive-status',
          'treatment-intervention-preference',
          'care-experience-preference',
          'observation-adi-documentation',
        ].map((code) => `${US_CORE}${code}`),
      ],
    },
  },
};

/** Say who, where and from whom about the data above; without a line of their own they go along if asked for. */
export const SUPPORTING: readonly string[] = ['Practitioner', 'Organization', 'Provenance'];

/** How a denial names a category: `Condition:health-concern`. */
export const categoryKey = (type: string, name: string): string => `${type}:${name}`;

/** The names that denials of parts of this type have; none for a type that is decided about as a whole. */
export const categoryKeys = (type: string): readonly string[] => KEYS[type] ?? [];

const KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(CATEGORIES).map(([type, parts]) => [type, Object.keys(parts).map((name) => categoryKey(type, name))]),
);

/** The codes of each type's categories, as they are compared. */
const BY_CODE: Readonly<Record<string, ReadonlyMap<string, string>>> = Object.fromEntries(
  Object.entries(CATEGORIES).map(([type, parts]) => [
    type,
    new Map(
      Object.entries(parts).flatMap(([name, { codings, otherCodes = [] }]) =>
        [...codings.map(codeOf), ...otherCodes].map((code) => [code, categoryKey(type, name)] as const),
      ),
    ),
  ]),
);

/**
 * The category that a value of `?category=` is about; 'several' when it names a system only. By its code and whatever its
 * system, for the code has another system in DSTU2, and in any case of letters, as the index has it: what was denied must
 * not come back under another name.
 */
export function categoryOf(type: string, value: string): string | 'several' | undefined {
  const code = codeOf(value);
  return code === '' ? 'several' : BY_CODE[type]?.get(code);
}

function codeOf(value: string): string {
  const plain = value.replace(/\\([\\,|$])/g, '$1');
  return plain.slice(plain.lastIndexOf('|') + 1).toLowerCase();
}
