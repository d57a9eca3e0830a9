import type { ElementGroupIndex } from './element-groups.ts';
import { STORED_PARAMETERS, type StoredParameter } from './stored-parameters.ts';

/** The elements a token parameter is read from, and the column that stores its tokens. */
export interface TokenIndex {
  readonly column: 'flags' | 'codes';
  readonly paths: readonly string[];
  /** The code system of elements of type `code`, which don't name one. */
  readonly system?: string;
  /** Normalizes codes so that spelling variants match: see `normalizeCode`. */
  readonly folded?: true;
}

/**
 * Indexes two coded elements as one token `a/b`; a side is empty if its system has no code. It answers conditions on
 * both codes that no conjunction of two separate conditions can express.
 */
export interface CodePairIndex {
  readonly column: 'flags';
  readonly pair: readonly [CodedElementPath, CodedElementPath];
}
interface CodedElementPath {
  readonly path: string;
  readonly system: string;
}

/** Indexes the types of referenced resources as tokens. */
export interface ReferencedTypeIndex {
  readonly column: 'flags';
  readonly typesOf: string;
}

/** FHIR R4 search §3.1.1.4.10 (`:of-type`): indexes Identifiers by the code of their type. */
export interface IdentifierTypeIndex {
  readonly column: 'codes';
  readonly identifiers: readonly string[];
}

/** FHIR R4 search §3.1.1.4.12 (`:identifier`): indexes the Identifiers within references. */
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

/** How one stored type is indexed. Parameters have their R4 names, and paths are R4 elements. */
export interface IndexedType {
  readonly compartment: 'record' | 'practice';
  readonly tokens: Readonly<Record<string, AnyTokenIndex>>;
  /** Stored in `codes`. */
  readonly references: PathsByParameter;
  /**
   * The order is the order of the slots in the `dates` column. Changing it requires all resources to be indexed again.
   */
  readonly dates: PathsByParameter;
  /** Date parameters of repeating elements. If a resource has several dates, each is stored in `extra` as well. */
  readonly repeating: readonly string[];
  /** Stored in `extra`, as are quantities and the display texts of tokens. */
  readonly strings: PathsByParameter;
  readonly quantities: PathsByParameter;
  /** Stored in `codes` as written; the URIs they are below (`:below`) are stored in `flags`. */
  readonly uris: PathsByParameter;
  /** Stored in `extra`: repeating elements whose components are searched together. */
  readonly groups: Readonly<Record<string, ElementGroupIndex>>;
  /** Paths of the type's main date, in order of preference. */
  readonly sort: readonly string[];
}

/** Raise this whenever the stored index values change. Rows with a lower version are indexed again after an upgrade. */
export const INDEX_VERSION = 5;
/** From this index version on, rows of records have their practice_id filled in. */
export const PRACTICE_COLUMN_SINCE = 5;
/**
 * The oldest index version that a supported release may have written. Everything it indexes is indexed by all later
 * versions.
 */
const OLDEST_SUPPORTED_VERSION = 3;
/**
 * Types for which a later index version added values that searches use. Index searches of such a type need rows of at
 * least this version.
 */
const REQUIRED_VERSIONS: Readonly<Record<string, number>> = { CarePlan: 4, CareTeam: 4, Immunization: 4 };

/** Returns the index version that searches of a type need. */
export const requiredIndexVersion = (type: string): number => REQUIRED_VERSIONS[type] ?? OLDEST_SUPPORTED_VERSION;

/** From this index version on, the flags of every record row include its security labels. */
export const SECURITY_LABELS_SINCE = 1;
/** FHIR R4 §3.1.1.4: a search parameter of all resources. */
export const SECURITY_PARAMETER = '_security';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
/** R4 immunization-function codes: OP is the ordering provider, AP the administering provider. */
const PERFORMER_FUNCTIONS = `${TERMINOLOGY}/v2-0443`;
const EFFECTIVE = ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant'];
const ONSET = ['onsetDateTime', 'onsetPeriod'];

/**
 * Types stored in the practice's directory, which all its records share. All other types are stored in a patient's
 * record.
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

/** Elements of each type's main date, in order of preference. The keys are also the list of stored types. */
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

/** Date parameters of repeating elements. FHIR R4 search §3.1.1.4.7: any of the dates may match. */
const REPEATING_DATES: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['onset'],
  CarePlan: ['activity-date'],
  Encounter: ['location-period'],
  Goal: ['target-date'],
  Immunization: ['reaction-date'],
  MedicationRequest: ['date'],
};

/** Token indexes that are not R4 search parameters: DSTU2 parameters and the server's own queries use them. */
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

/** Reference indexes that are not R4 search parameters. */
const EXTRA_REFERENCES: Readonly<Record<string, PathsByParameter>> = {
  // DSTU2 represents a care team as a CarePlan whose managing organization is a participant. An R4 CarePlan has no
  // participants.
  CarePlan: { participants: [] },
  CareTeam: { participants: ['participant.member', 'managingOrganization'] },
  Immunization: {
    'performer-giving': [`performer[function:${PERFORMER_FUNCTIONS}|AP].actor`, 'performer[function:].actor'],
    'performer-ordering': [`performer[function:${PERFORMER_FUNCTIONS}|OP].actor`],
  },
};

/** FHIR R4 search §3.1.1.4.1: parameters of all resources. */
const COMMON_TOKENS = {
  _tag: { column: 'flags', paths: ['meta.tag'] },
} as const satisfies IndexedType['tokens'];
const PROFILES = { _profile: ['meta.profile'] } as const;

/**
 * The elements that may carry security labels: the resource itself, its contained resources, and
 * DocumentReference.securityLabel for the document's content.
 */
const SECURITY_LABEL_INDEX: TokenIndex = {
  column: 'flags',
  paths: ['meta.security', 'contained.meta.security', 'securityLabel'],
  folded: true,
};

/** Names of the additional indexes that serve a parameter's modifiers. */
export const ofTypeIndexName = (name: string): string => `${name}:of-type`;
export const identifierIndexName = (name: string): string => `${name}:identifier`;

/** The complete list of stored types with their index definitions. */
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

/** No :identifier index for Provenance: searching by a hidden target would reveal it. */
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
 * Returns the index definition of a stored type.
 * @throws Error for a type that isn't stored, which is a programming error
 */
export function getIndexedType(type: string): IndexedType {
  const found = RESOURCE_INDEX[type];
  if (found === undefined) throw new Error(`${type} is not a stored type`);
  return found;
}

/** Tells whether resources of a type are stored in records or in directories; undefined if the type isn't stored. */
export const getStoredCompartment = (type: string): IndexedType['compartment'] | undefined =>
  Object.hasOwn(RESOURCE_INDEX, type) ? RESOURCE_INDEX[type]?.compartment : undefined;
