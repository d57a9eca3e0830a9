import type { Words } from '../../words/index.ts';

type Named = Words['kinds'];
/** A resource type that a person decides about, by its R4 name. */
export type KindName = keyof Named['types'];

/** A part of a type that can be allowed or denied by itself. */
export interface Category {
  /** `system|code` of `category` in R4: what a scope for this part is written with. */
  readonly codings: readonly string[];
  /** Codes that other versions have for it. */
  readonly otherCodes?: readonly string[];
}

const CONDITION = 'http://terminology.hl7.org/CodeSystem/condition-category|';
const US_CORE_CONDITION = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category|';
const OBSERVATION = 'http://terminology.hl7.org/CodeSystem/observation-category|';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category|';

/** In the order of the page. Their words are in the catalogue. */
export const ALL_KINDS: readonly KindName[] = [
  'Patient',
  'MedicationRequest',
  'MedicationDispense',
  'MedicationStatement',
  'MedicationAdministration',
  'Medication',
  'AllergyIntolerance',
  'Immunization',
  'Procedure',
  'DiagnosticReport',
  'Specimen',
  'Media',
  'Encounter',
  'Appointment',
  'DocumentReference',
  'QuestionnaireResponse',
  'CarePlan',
  'Goal',
  'CareTeam',
  'ServiceRequest',
  'Device',
  'Coverage',
  'ExplanationOfBenefit',
  'RelatedPerson',
  'Location',
  'FamilyMemberHistory',
  'Condition',
  'Observation',
];

/**
 * What is only told of along with other kinds: it has no line beside theirs, and who denies one of them denies it, since
 * nothing says which of them it belongs to. It has a line of its own where it is asked for without any of them.
 */
export const GOES_WITH: Readonly<Partial<Record<KindName, readonly KindName[]>>> = {
  Medication: ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'],
};

/** Those with lines of their own. */
export const KINDS: readonly KindName[] = ALL_KINDS.filter((type) => GOES_WITH[type] === undefined);

/** Those that have words, and no others. */
type Categories = {
  readonly [Type in keyof Named['parts']]: Readonly<Record<keyof Named['parts'][Type], Category>>;
};

/**
 * The parts of a type, by the name they have in a denial. As in ONC § 170.315(g)(10) and US Core 6.1 to 8.0, whose codes
 * are all spread over the parts: once some are denied, only what has one of the codes of the others is shown. US Core has
 * no code for clinical tests (it had one up to 5.0): they are what is neither measured nor made in a laboratory.
 */
export const CATEGORIES: Readonly<Record<string, Readonly<Record<string, Category>>>> = {
  Condition: {
    'problem-list-item': { codings: [`${CONDITION}problem-list-item`, `${US_CORE_CONDITION}problem`] },
    'encounter-diagnosis': { codings: [`${CONDITION}encounter-diagnosis`], otherCodes: ['diagnosis'] },
    'health-concern': { codings: [`${US_CORE_CONDITION}health-concern`] },
  },
  Observation: {
    laboratory: { codings: [`${OBSERVATION}laboratory`] },
    'vital-signs': { codings: [`${OBSERVATION}vital-signs`] },
    'clinical-test': {
      codings: [
        ...['exam', 'procedure', 'imaging', 'therapy'].map((code) => `${OBSERVATION}${code}`),
        'http://hl7.org/fhir/us/core/CodeSystem/us-core-observation-category|clinical-test',
      ],
    },
    'social-history': { codings: ['social-history', 'activity'].map((code) => `${OBSERVATION}${code}`) },
    sdoh: { codings: [`${US_CORE}sdoh`] },
    survey: {
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
} satisfies Categories;

/** Say who, where and from whom about the data above; without a line of their own they go along if asked for. */
export const SUPPORTING: readonly string[] = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'HealthcareService',
  'Endpoint',
  'Questionnaire',
  'ValueSet',
  'Provenance',
];

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
