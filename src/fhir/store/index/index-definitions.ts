import type { ElementGroupIndex } from './element-groups.ts';
import { STORED_PARAMETERS, type StoredParameter } from './stored-parameters.ts';

/**
 * Index of a token search parameter (codes and identifiers): the elements with its values, and the column that stores
 * the hashes of these values.
 */
export interface TokenIndex {
  readonly column: 'flags' | 'codes';
  readonly paths: readonly string[];
  /**
   * Code system that the elements imply. Set for elements of the FHIR type `code`, because their values don't name a
   * system.
   */
  readonly system?: string;
  /** Set if codes are normalized by `normalizeCode`, so that different spellings of a code match. */
  readonly folded?: true;
}

/**
 * Index of the codes of two elements as one text `a/b`. If an element has no code of its system, that side is empty. A
 * search can thereby require a certain combination of both codes. Two separate conditions can't express alternatives
 * such as "(active and confirmed) or (resolved and unconfirmed)".
 */
export interface CodePairIndex {
  readonly column: 'flags';
  readonly pair: readonly [CodedElementPath, CodedElementPath];
}
interface CodedElementPath {
  readonly path: string;
  readonly system: string;
}

/** Index of the types of the resources to which an element refers. */
export interface ReferencedTypeIndex {
  readonly column: 'flags';
  readonly typesOf: string;
}

/** Index of Identifiers by the code of their type, for the search modifier `:of-type` (FHIR R4 search §3.1.1.4.10). */
export interface IdentifierTypeIndex {
  readonly column: 'codes';
  readonly identifiers: readonly string[];
}

/** Index of the Identifiers inside references, for the search modifier `:identifier` (FHIR R4 search §3.1.1.4.12). */
export interface ReferenceIdentifierIndex {
  readonly column: 'codes';
  readonly referred: readonly string[];
}

export type AnyTokenIndex =
  | TokenIndex
  | CodePairIndex
  | ReferencedTypeIndex
  | IdentifierTypeIndex
  | ReferenceIdentifierIndex;

type PathsByParameter = Readonly<Record<string, readonly string[]>>;

/** All search indexes of one R4 type. Search parameters have their R4 names, and paths are paths of R4 elements. */
export interface IndexedType {
  readonly compartment: 'record' | 'practice';
  readonly tokens: Readonly<Record<string, AnyTokenIndex>>;
  /** Element paths of reference parameters. The column `codes` stores their values. */
  readonly references: PathsByParameter;
  /**
   * Element paths of date parameters. The column `dates` stores their values in this order. If the order changes, all
   * resources must be indexed again.
   */
  readonly dates: PathsByParameter;
  /**
   * Names of the date parameters that can have several dates in one resource. If they do, the column `extra` stores
   * each date.
   */
  readonly repeating: readonly string[];
  /**
   * Element paths of string parameters. The column `extra` stores their values, as well as quantities and the display
   * texts of codes.
   */
  readonly strings: PathsByParameter;
  readonly quantities: PathsByParameter;
  /**
   * Element paths of URI parameters. The column `codes` stores their values, and `flags` the URIs above each value in
   * the path hierarchy, for `:below`.
   */
  readonly uris: PathsByParameter;
  /**
   * Composite parameters over a repeating element. The column `extra` stores the component values of each repetition.
   */
  readonly groups: Readonly<Record<string, ElementGroupIndex>>;
  /**
   * Element paths of the type's main date, by which searches are sorted unless the client chooses another order. The
   * first path with a value counts.
   */
  readonly sort: readonly string[];
}

/**
 * Raise this number whenever the stored search index values change. After an upgrade, the server indexes resources with
 * a lower number again.
 */
export const INDEX_VERSION = 5;
/**
 * First index version that fills in the column practice_id for resources of patient records. Earlier versions left it
 * empty.
 */
export const PRACTICE_COLUMN_SINCE = 5;
/**
 * Oldest index version that a supported release may have written. All later versions index everything that this one
 * does.
 */
const OLDEST_SUPPORTED_VERSION = 3;
/**
 * R4 types for which an index version after the oldest supported one added values that searches need, with the number
 * of that version. A search of such a type is complete only if that version or a later one indexed all resources of the
 * type.
 */
const REQUIRED_VERSIONS: Readonly<Record<string, number>> = { CarePlan: 4, CareTeam: 4, Immunization: 4 };

/** Returns the index version that all resources of a type must have before searches of the type find everything. */
export const requiredIndexVersion = (type: string): number => REQUIRED_VERSIONS[type] ?? OLDEST_SUPPORTED_VERSION;

/** First index version that stores security labels. Resources of patient records have them in the column `flags`. */
export const SECURITY_LABELS_SINCE = 1;
/** Search parameter for security labels, which all resources have (FHIR R4 §3.1.1.4). */
export const SECURITY_PARAMETER = '_security';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
/** Code system of R4 immunization functions. OP is the ordering provider, AP the administering provider. */
const PERFORMER_FUNCTIONS = `${TERMINOLOGY}/v2-0443`;
const EFFECTIVE = ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant'];
const ONSET = ['onsetDateTime', 'onsetPeriod'];

/**
 * R4 types that are stored in the directory of a practice, which all patient records of the practice share. All other
 * types are stored in patient records.
 */
const DIRECTORY_TYPES = [
  'Endpoint',
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ValueSet',
];

/**
 * Elements with the main date of each R4 type, in order of preference. Together with the directory types, the keys are
 * the types that the server can store.
 */
const MAIN_DATE: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['recordedDate', ...ONSET],
  Appointment: ['start', 'created'],
  CarePlan: ['period', 'created'],
  CareTeam: ['period'],
  Condition: [...ONSET, 'recordedDate'],
  Coverage: ['period'],
  Device: ['manufactureDate'],
  DiagnosticReport: [...EFFECTIVE, 'issued'],
  DocumentReference: ['date', 'context.period'],
  Encounter: ['period'],
  ExplanationOfBenefit: ['billablePeriod', 'created'],
  FamilyMemberHistory: ['date'],
  Goal: ['startDate', 'statusDate'],
  Immunization: ['occurrenceDateTime', 'recorded'],
  Media: ['createdDateTime', 'createdPeriod', 'issued'],
  Medication: [],
  MedicationAdministration: EFFECTIVE,
  MedicationDispense: ['whenHandedOver', 'whenPrepared'],
  MedicationRequest: ['authoredOn'],
  MedicationStatement: [...EFFECTIVE, 'dateAsserted'],
  Observation: [...EFFECTIVE, 'issued'],
  Patient: ['birthDate'],
  Procedure: ['performedDateTime', 'performedPeriod'],
  Provenance: ['recorded'],
  Questionnaire: ['date'],
  QuestionnaireResponse: ['authored'],
  RelatedPerson: ['period'],
  ServiceRequest: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'],
  Specimen: ['collection.collectedDateTime', 'collection.collectedPeriod', 'receivedTime'],
  ValueSet: ['date'],
};

/**
 * Date parameters whose elements repeat, by R4 type. A search matches if any of the dates does (FHIR R4 search
 * §3.1.1.4.7).
 */
const REPEATING_DATES: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['onset'],
  CarePlan: ['activity-date'],
  Encounter: ['location-period'],
  Goal: ['target-date'],
  Immunization: ['reaction-date'],
  MedicationRequest: ['date'],
};

/**
 * Search indexes for which R4 defines no search parameter. DSTU2 search parameters and the server's own queries use
 * them.
 */
const EXTRA_TOKENS: Readonly<Record<string, IndexedType['tokens']>> = {
  AllergyIntolerance: {
    'clinical-and-verification': {
      column: 'flags',
      pair: [
        { path: 'clinicalStatus', system: `${TERMINOLOGY}/allergyintolerance-clinical` },
        { path: 'verificationStatus', system: `${TERMINOLOGY}/allergyintolerance-verification` },
      ],
    },
  },
  CarePlan: {
    'intent-and-status': {
      column: 'flags',
      pair: [
        { path: 'intent', system: 'http://hl7.org/fhir/request-intent' },
        { path: 'status', system: 'http://hl7.org/fhir/request-status' },
      ],
    },
  },
  Goal: {
    'lifecycle-and-achievement': {
      column: 'flags',
      pair: [
        { path: 'lifecycleStatus', system: 'http://hl7.org/fhir/goal-status' },
        { path: 'achievementStatus', system: `${TERMINOLOGY}/goal-achievement` },
      ],
    },
  },
  Provenance: { 'target-type': { column: 'flags', typesOf: 'target' } },
};

/** Search indexes of references for which R4 defines no search parameter. DSTU2 search parameters use them. */
const EXTRA_REFERENCES: Readonly<Record<string, PathsByParameter>> = {
  // In DSTU2, a CareTeam becomes a CarePlan whose participants include the managing organization. An R4 CarePlan has no
  // participants, so its index `participants` is empty.
  CarePlan: { participants: [] },
  CareTeam: { participants: ['participant.member', 'managingOrganization'] },
  Immunization: {
    'performer-giving': [`performer[function:${PERFORMER_FUNCTIONS}|AP].actor`, 'performer[function:].actor'],
    'performer-ordering': [`performer[function:${PERFORMER_FUNCTIONS}|OP].actor`],
  },
};

/** Indexes of search parameters that all types have (FHIR R4 search §3.1.1.4.1). */
const COMMON_TOKENS = {
  _tag: { column: 'flags', paths: ['meta.tag'] },
} as const satisfies IndexedType['tokens'];
const PROFILES = { _profile: ['meta.profile'] } as const;

/**
 * Index of security labels. They can be on the resource itself, on its contained resources, and in
 * DocumentReference.securityLabel, which is about the content of the document.
 */
const SECURITY_LABEL_INDEX: TokenIndex = {
  column: 'flags',
  paths: ['meta.security', 'contained.meta.security', 'securityLabel'],
  folded: true,
};

/** Returns the name of the additional index for the search modifier `:of-type` of a parameter. */
export const ofTypeIndexName = (name: string): string => `${name}:of-type`;
export const identifierIndexName = (name: string): string => `${name}:identifier`;

/** All R4 types that the server can store, with their search indexes. */
export const RESOURCE_INDEX: Readonly<Record<string, IndexedType>> = Object.fromEntries(
  Object.keys(MAIN_DATE)
    .concat(DIRECTORY_TYPES.filter((type) => !Object.hasOwn(MAIN_DATE, type)))
    .map((type) => [type, buildIndexedType(type)]),
);

function buildIndexedType(type: string): IndexedType {
  const home = DIRECTORY_TYPES.includes(type) ? 'practice' : 'record';
  const parameters = Object.entries(STORED_PARAMETERS[type] ?? {});
  const pathsOf = (kind: StoredParameter['kind']): PathsByParameter =>
    Object.fromEntries(
      parameters.flatMap(([name, one]) => (one.kind === kind && 'paths' in one ? [[name, one.paths]] : [])),
    );
  const labels = home === 'record' ? { [SECURITY_PARAMETER]: SECURITY_LABEL_INDEX } : {};
  return {
    compartment: home,
    tokens: {
      ...buildTokenIndexes(parameters),
      ...buildIdentifierIndexes(type, parameters),
      ...EXTRA_TOKENS[type],
      ...COMMON_TOKENS,
      ...labels,
    },
    references: { ...pathsOf('reference'), ...EXTRA_REFERENCES[type] },
    dates: pathsOf('date'),
    repeating: REPEATING_DATES[type] ?? [],
    strings: pathsOf('string'),
    quantities: pathsOf('quantity'),
    uris: { ...pathsOf('uri'), ...PROFILES },
    groups: Object.fromEntries(parameters.flatMap(([name, one]) => ('group' in one ? [[name, one]] : []))),
    sort: MAIN_DATE[type] ?? [],
  };
}

function buildTokenIndexes(
  parameters: readonly (readonly [string, StoredParameter])[],
): Readonly<Record<string, TokenIndex>> {
  return Object.fromEntries(
    parameters.flatMap(([name, one]) => {
      if (one.kind !== 'token' || 'union' in one) return [];
      const { column, paths, system } = one;
      return [[name, { column, paths, ...(system === undefined ? {} : { system }) }]];
    }),
  );
}

/**
 * Builds the indexes for the search modifiers `:of-type` and `:identifier`. Provenance gets none for `:identifier`,
 * because a search by it could reveal a target that the client may not see.
 */
function buildIdentifierIndexes(
  type: string,
  parameters: readonly (readonly [string, StoredParameter])[],
): Readonly<Record<string, AnyTokenIndex>> {
  return Object.fromEntries(
    parameters.flatMap(([name, one]): readonly [string, AnyTokenIndex][] => {
      if (!('paths' in one)) return [];
      if (one.kind === 'token' && one.typed === true)
        return [[ofTypeIndexName(name), { column: 'codes', identifiers: one.paths }]];
      if ((one.kind !== 'reference' && one.kind !== 'patient') || type === 'Provenance') return [];
      return [[identifierIndexName(name), { column: 'codes', referred: one.paths }]];
    }),
  );
}

/**
 * Returns the search indexes of an R4 type.
 * @throws Error if the server doesn't store the type, which is a programming error
 */
export function getIndexedType(type: string): IndexedType {
  const found = RESOURCE_INDEX[type];
  if (found === undefined) throw new Error(`${type} is not a stored type`);
  return found;
}

/**
 * Returns whether resources of an R4 type are stored in patient records or in directories of practices. Undefined if
 * the server doesn't store the type.
 */
export const getStoredCompartment = (type: string): IndexedType['compartment'] | undefined =>
  Object.hasOwn(RESOURCE_INDEX, type) ? RESOURCE_INDEX[type]?.compartment : undefined;
