import type { GroupIndex } from './element-groups.ts';
import { PARAMETERS, type StoredParameter } from './parameters.ts';

/** Where the values of a token parameter are, and in which column their tokens go. */
export interface TokenIndex {
  readonly column: 'flags' | 'codes';
  readonly paths: readonly string[];
  /** For elements of type `code`: the system their codes come from, which the resource does not repeat. */
  readonly system?: string;
  /** They are compared as people mean them: see `foldedCode`. */
  readonly folded?: true;
}

/**
 * Two coded elements as one token, `a/b`, either of them empty where its system has no code: for questions about both
 * that no conjunction of questions about each can ask.
 */
export interface PairIndex {
  readonly column: 'flags';
  readonly pair: readonly [CodedElement, CodedElement];
}
interface CodedElement {
  readonly path: string;
  readonly system: string;
}

/** The types of what is referred to, as tokens. */
export interface TypeIndex {
  readonly column: 'flags';
  readonly typesOf: string;
}

/** Of Identifiers, by what they are of: FHIR R4 search §3.1.1.4.10, `:of-type`. */
export interface IdentifierTypeIndex {
  readonly column: 'codes';
  readonly identifiers: readonly string[];
}

/** The Identifiers in references: FHIR R4 search §3.1.1.4.12, `:identifier`. */
export interface ReferredIndex {
  readonly column: 'codes';
  readonly referred: readonly string[];
}

export type AnyTokenIndex = TokenIndex | PairIndex | TypeIndex | IdentifierTypeIndex | ReferredIndex;

type Paths = Readonly<Record<string, readonly string[]>>;

/** How one stored type is indexed. Names are those of R4's search parameters; paths are R4's elements. */
export interface IndexedType {
  readonly home: 'record' | 'practice';
  readonly tokens: Readonly<Record<string, AnyTokenIndex>>;
  /** Always in `codes`. */
  readonly references: Paths;
  /** The order is that of the slots in `dates`: with another one everything is indexed again. */
  readonly dates: Paths;
  /** Those of elements that repeat: where there are several dates, each is in `extra` as well. */
  readonly repeating: readonly string[];
  /** In `extra`, as are quantities and the words of tokens. */
  readonly strings: Paths;
  readonly quantities: Paths;
  /** Always in `codes`, as they are written, and in `flags` what they are below. */
  readonly uris: Paths;
  /** In `extra`: elements that repeat, for what is asked of one of them. */
  readonly groups: Readonly<Record<string, GroupIndex>>;
  /** Paths of the type's main date, the best first. */
  readonly sort: readonly string[];
}

/** Raised with every change of what is kept of a resource to find it by; what an older one made is made again at start. */
export const INDEXER = 5;
/** From this one on rows of records carry their practice. */
export const PRACTICES_SINCE = 5;
/** The oldest version that a release in use may have left behind: what it has, all later ones have. */
const OLDEST = 3;
/**
 * Types that a later version finds by something more than the versions before it. Until a row is at that version, no search
 * of the type by an index is answered from it.
 */
const FOUND_SINCE: Readonly<Record<string, number>> = { CarePlan: 4, CareTeam: 4, Immunization: 4 };

/** The version that the index has to be at for searches of a type. */
export const foundSince = (type: string): number => FOUND_SINCE[type] ?? OLDEST;

/** From this one on security labels are among the flags of every row of a record. */
export const LABELS_SINCE = 1;
/** FHIR R4 §3.1.1.4: a parameter of all resources. */
export const SECURITY = '_security';

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
/** R4 immunization-function: who ordered (OP), who administered (AP). */
const FUNCTIONS = `${TERMINOLOGY}/v2-0443`;
const EFFECTIVE = ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant'];
const ONSET = ['onsetDateTime', 'onsetPeriod'];

/** What is shared by all records of a practice; everything else is in a patient's record. */
const DIRECTORY = [
  'Endpoint',
  'HealthcareService',
  'Location',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'ValueSet',
];

/** Where the main date of a type is, the best first. */
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

/** Date parameters of elements that repeat. FHIR R4 search §3.1.1.4.7: any of the dates may match. */
const REPEATING: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['onset'],
  CarePlan: ['activity-date'],
  Encounter: ['location-period'],
  Goal: ['target-date'],
  Immunization: ['reaction-date'],
  MedicationRequest: ['date'],
};

/** What is asked in DSTU2's words, or by the server itself, and is no parameter of R4. */
const OWN_TOKENS: Readonly<Record<string, IndexedType['tokens']>> = {
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

/** Where that is a reference. */
const OWN_REFERENCES: Readonly<Record<string, Paths>> = {
  // A care team is a care plan there, in which who manages it takes part; in a plan of R4 nobody does.
  CarePlan: { participants: [] },
  CareTeam: { participants: ['participant.member', 'managingOrganization'] },
  Immunization: {
    'performer-giving': [`performer[function:${FUNCTIONS}|AP].actor`, 'performer[function:].actor'],
    'performer-ordering': [`performer[function:${FUNCTIONS}|OP].actor`],
  },
};

/** FHIR R4 search §3.1.1.4.1: parameters of all resources. */
const OF_ALL = {
  _tag: { column: 'flags', paths: ['meta.tag'] },
} as const satisfies IndexedType['tokens'];
const PROFILES = { _profile: ['meta.profile'] } as const;

/**
 * Where labels are: on the entry, on what it contains, and where a document has those of its contents (FHIR R4
 * DocumentReference.securityLabel).
 */
const LABELS: TokenIndex = {
  column: 'flags',
  paths: ['meta.security', 'contained.meta.security', 'securityLabel'],
  folded: true,
};

/** Names of the indexes of a parameter that are asked for by a modifier. */
export const ofTypeIndex = (name: string): string => `${name}:of-type`;
export const referredIndex = (name: string): string => `${name}:identifier`;

/** Every type this server keeps, and nothing else. */
export const INDEX: Readonly<Record<string, IndexedType>> = Object.fromEntries(
  Object.keys(MAIN_DATE)
    .concat(DIRECTORY.filter((type) => !Object.hasOwn(MAIN_DATE, type)))
    .map((type) => [type, indexedType(type)]),
);

function indexedType(type: string): IndexedType {
  const home = DIRECTORY.includes(type) ? 'practice' : 'record';
  const parameters = Object.entries(PARAMETERS[type] ?? {});
  const pathsOf = (kind: StoredParameter['kind']): Paths =>
    Object.fromEntries(
      parameters.flatMap(([name, one]) => (one.kind === kind && 'paths' in one ? [[name, one.paths]] : [])),
    );
  const labels = home === 'record' ? { [SECURITY]: LABELS } : {};
  return {
    home,
    tokens: { ...tokensOf(parameters), ...identifiersOf(type, parameters), ...OWN_TOKENS[type], ...OF_ALL, ...labels },
    references: { ...pathsOf('reference'), ...OWN_REFERENCES[type] },
    dates: pathsOf('date'),
    repeating: REPEATING[type] ?? [],
    strings: pathsOf('string'),
    quantities: pathsOf('quantity'),
    uris: { ...pathsOf('uri'), ...PROFILES },
    groups: Object.fromEntries(parameters.flatMap(([name, one]) => ('group' in one ? [[name, one]] : []))),
    sort: MAIN_DATE[type] ?? [],
  };
}

function tokensOf(parameters: readonly (readonly [string, StoredParameter])[]): Readonly<Record<string, TokenIndex>> {
  return Object.fromEntries(
    parameters.flatMap(([name, one]) => {
      if (one.kind !== 'token' || 'union' in one) return [];
      const { column, paths, system } = one;
      return [[name, { column, paths, ...(system === undefined ? {} : { system }) }]];
    }),
  );
}

/** Of Provenance none: a part of its targets may be hidden, and what is searched by would tell of them. */
function identifiersOf(
  type: string,
  parameters: readonly (readonly [string, StoredParameter])[],
): Readonly<Record<string, AnyTokenIndex>> {
  return Object.fromEntries(
    parameters.flatMap(([name, one]): readonly [string, AnyTokenIndex][] => {
      if (!('paths' in one)) return [];
      if (one.kind === 'token' && one.typed === true)
        return [[ofTypeIndex(name), { column: 'codes', identifiers: one.paths }]];
      if ((one.kind !== 'reference' && one.kind !== 'patient') || type === 'Provenance') return [];
      return [[referredIndex(name), { column: 'codes', referred: one.paths }]];
    }),
  );
}

/** @throws a fault of ours: callers know the type to be stored */
export function indexOf(type: string): IndexedType {
  const found = INDEX[type];
  if (found === undefined) throw new Error(`${type} is not a stored type`);
  return found;
}

/** Where resources of a type are kept; undefined: this server keeps none of them. */
export const storedHome = (type: string): IndexedType['home'] | undefined =>
  Object.hasOwn(INDEX, type) ? INDEX[type]?.home : undefined;
