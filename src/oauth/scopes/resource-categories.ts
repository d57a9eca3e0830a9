import type { Messages } from '../../i18n/index.ts';

type CategoryLabels = Messages['dataCategories'];
/** A data category of the consent page: the R4 name of a resource type that a person decides about. */
export type DataCategory = keyof CategoryLabels['types'];

/** A part of a resource type, by its FHIR `category`, that can be allowed or denied separately. */
export interface ResourceCategory {
  /**
   * Values of the R4 `category` parameter (`system|code`). Scopes that are limited to this category use these values.
   */
  readonly codings: readonly string[];
  /** Codes that other FHIR versions use for the same category. */
  readonly otherCodes?: readonly string[];
}

const CONDITION = 'http://terminology.hl7.org/CodeSystem/condition-category|';
const US_CORE_CONDITION = 'http://hl7.org/fhir/us/core/CodeSystem/condition-category|';
const OBSERVATION = 'http://terminology.hl7.org/CodeSystem/observation-category|';
const US_CORE = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-category|';

/** All data categories, in the order of the consent page. Their labels are in the message catalog. */
export const DATA_CATEGORIES: readonly DataCategory[] = [
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
 * Maps each type that only accompanies others to the types that it accompanies. Medication, for example, accompanies
 * MedicationRequest. It has no consent item if a type that it accompanies is requested, and it is denied if one of them
 * is denied, because nothing says which of them a Medication belongs to. If none of them is requested, Medication has
 * an item of its own.
 */
export const ACCOMPANIED_CATEGORIES: Readonly<Partial<Record<DataCategory, readonly DataCategory[]>>> = {
  Medication: ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'],
};

/** Types that have a consent item whenever they are requested. */
export const STANDALONE_CATEGORIES: readonly DataCategory[] = DATA_CATEGORIES.filter(
  (type) => ACCOMPANIED_CATEGORIES[type] === undefined,
);

/** Type of `RESOURCE_CATEGORIES`: exactly the categories that have a label in the message catalog. */
type ResourceCategoryTable = {
  readonly [Type in keyof CategoryLabels['parts']]: Readonly<
    Record<keyof CategoryLabels['parts'][Type], ResourceCategory>
  >;
};

/**
 * The categories of each resource type that can be denied separately, as in ONC § 170.315(g)(10) and US Core 6.1 to
 * 8.0. The keys are the names that denials use. The categories cover all codes of US Core: as soon as one category is
 * denied, only resources with a code of another category are visible. US Core has no code for clinical tests (it had
 * one up to 5.0), so the category `clinical-test` covers the R4 codes for exams, procedures, imaging and therapy.
 */
export const RESOURCE_CATEGORIES: Readonly<Record<string, Readonly<Record<string, ResourceCategory>>>> = {
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
} satisfies ResourceCategoryTable;

/**
 * Types that only explain other data, such as who provided care (Practitioner) or who sent a resource (Provenance).
 * They have no consent item. An app that requests them gets them together with any other data.
 */
export const SUPPORTING_TYPES: readonly string[] = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'HealthcareService',
  'Endpoint',
  'Questionnaire',
  'ValueSet',
  'Provenance',
];

/**
 * Returns the key of a category, such as `Condition:health-concern`, as it is stored when a person denies the category.
 */
export const categoryKey = (type: string, name: string): string => `${type}:${name}`;

/** Returns the keys of all categories of a type. Empty for a type that a person can only allow or deny as a whole. */
export const categoryKeys = (type: string): readonly string[] => CATEGORY_KEYS[type] ?? [];

const CATEGORY_KEYS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(RESOURCE_CATEGORIES).map(([type, parts]) => [
    type,
    Object.keys(parts).map((name) => categoryKey(type, name)),
  ]),
);

/** For each type, maps lowercase category codes to category keys. */
const CATEGORY_KEYS_BY_CODE: Readonly<Record<string, ReadonlyMap<string, string>>> = Object.fromEntries(
  Object.entries(RESOURCE_CATEGORIES).map(([type, parts]) => [
    type,
    new Map(
      Object.entries(parts).flatMap(([name, { codings, otherCodes = [] }]) =>
        [...codings.map(toCategoryCode), ...otherCodes].map((code) => [code, categoryKey(type, name)] as const),
      ),
    ),
  ]),
);

/**
 * Returns the key of the category that a value of `?category=` belongs to, or 'several' if the value names only a code
 * system. The code system is ignored, because DSTU2 uses another one for the same code. Case is ignored as in the
 * search index. A denied category must not be reachable under another spelling.
 */
export function findCategoryKey(type: string, value: string): string | 'several' | undefined {
  const code = toCategoryCode(value);
  return code === '' ? 'several' : CATEGORY_KEYS_BY_CODE[type]?.get(code);
}

function toCategoryCode(value: string): string {
  const unescaped = value.replace(/\\([\\,|$])/g, '$1');
  return unescaped.slice(unescaped.lastIndexOf('|') + 1).toLowerCase();
}
