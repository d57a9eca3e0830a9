/** Where the values of a token parameter are, and in which column their tokens go. */
export interface TokenIndex {
  /** `flags`: few values, filtered within the record. `codes`: selective, found through the GIN index. */
  readonly column: 'flags' | 'codes';
  readonly paths: readonly string[];
  /** For elements of type `code`: the system their codes come from, which the resource does not repeat. */
  readonly system?: string;
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

/** How one stored type is indexed. Names are those of R4's search parameters; paths are R4's elements. */
export interface IndexedType {
  readonly home: 'record' | 'practice';
  readonly tokens: Readonly<Record<string, TokenIndex | PairIndex | TypeIndex>>;
  /** Always in `codes`. */
  readonly references: Readonly<Record<string, readonly string[]>>;
  /** The order is that of the slots in `dates`: append only, or index everything again. */
  readonly dates: Readonly<Record<string, readonly string[]>>;
  /** Paths of the type's main date, the best first. */
  readonly sort: readonly string[];
}

const flag = (path: string, system?: string): TokenIndex => ({
  column: 'flags',
  paths: [path],
  ...(system === undefined ? {} : { system }),
});
const code = (...paths: readonly string[]): TokenIndex => ({ column: 'codes', paths });
const FHIR = 'http://hl7.org/fhir';
const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';

const EFFECTIVE = ['effectiveDateTime', 'effectivePeriod', 'effectiveTiming', 'effectiveInstant'];
const ONSET = ['onsetDateTime', 'onsetPeriod'];

const DIRECTORY = { home: 'practice', references: {}, dates: {}, sort: [] } as const;

/** Every type this server keeps, and nothing else. FHIR R4, the search parameters of each resource. */
export const INDEX: Readonly<Record<string, IndexedType>> = {
  Patient: {
    home: 'record',
    tokens: {
      identifier: code('identifier'),
      gender: flag('gender', `${FHIR}/administrative-gender`),
      active: flag('active'),
    },
    references: {},
    dates: { birthdate: ['birthDate'] },
    sort: ['birthDate'],
  },
  Observation: {
    home: 'record',
    tokens: {
      category: flag('category'),
      status: flag('status', `${FHIR}/observation-status`),
      code: code('code'),
    },
    references: {},
    dates: { date: EFFECTIVE },
    sort: [...EFFECTIVE, 'issued'],
  },
  Condition: {
    home: 'record',
    tokens: {
      category: flag('category'),
      'clinical-status': flag('clinicalStatus'),
      'verification-status': flag('verificationStatus'),
      code: code('code'),
    },
    references: {},
    dates: {
      'onset-date': ONSET,
      'recorded-date': ['recordedDate'],
      'abatement-date': ['abatementDateTime', 'abatementPeriod'],
    },
    sort: [...ONSET, 'recordedDate'],
  },
  AllergyIntolerance: {
    home: 'record',
    tokens: {
      'clinical-status': flag('clinicalStatus'),
      'verification-status': flag('verificationStatus'),
      category: flag('category', `${FHIR}/allergy-intolerance-category`),
      criticality: flag('criticality', `${FHIR}/allergy-intolerance-criticality`),
      type: flag('type', `${FHIR}/allergy-intolerance-type`),
      'clinical-and-verification': {
        column: 'flags',
        pair: [
          { path: 'clinicalStatus', system: `${TERMINOLOGY}/allergyintolerance-clinical` },
          { path: 'verificationStatus', system: `${TERMINOLOGY}/allergyintolerance-verification` },
        ],
      },
      code: code('code', 'reaction.substance'),
    },
    references: {},
    dates: { date: ['recordedDate'], 'last-date': ['lastOccurrence'], onset: ['reaction.onset'] },
    sort: ['recordedDate', ...ONSET],
  },
  MedicationRequest: {
    home: 'record',
    tokens: {
      status: flag('status', `${FHIR}/CodeSystem/medicationrequest-status`),
      intent: flag('intent', `${FHIR}/CodeSystem/medicationrequest-intent`),
      category: flag('category'),
      code: code('medicationCodeableConcept'),
    },
    references: {},
    dates: { authoredon: ['authoredOn'] },
    sort: ['authoredOn'],
  },
  Encounter: {
    home: 'record',
    tokens: {
      status: flag('status', `${FHIR}/encounter-status`),
      class: flag('class'),
      type: code('type'),
    },
    references: {},
    dates: { date: ['period'] },
    sort: ['period'],
  },
  Immunization: {
    home: 'record',
    tokens: {
      status: flag('status', `${FHIR}/event-status`),
      'vaccine-code': code('vaccineCode'),
    },
    references: {},
    dates: { date: ['occurrenceDateTime'] },
    sort: ['occurrenceDateTime', 'recorded'],
  },
  DocumentReference: {
    home: 'record',
    tokens: {
      category: flag('category'),
      status: flag('status', `${FHIR}/document-reference-status`),
      type: code('type'),
    },
    references: {},
    dates: { date: ['date'], period: ['context.period'] },
    sort: ['date', 'context.period'],
  },
  RelatedPerson: {
    home: 'record',
    tokens: {
      identifier: code('identifier'),
      relationship: flag('relationship'),
      active: flag('active'),
    },
    references: {},
    dates: {},
    sort: ['period'],
  },
  Provenance: {
    home: 'record',
    tokens: { 'target-type': { column: 'flags', typesOf: 'target' } },
    references: { target: ['target'] },
    dates: { recorded: ['recorded'] },
    sort: ['recorded'],
  },
  Practitioner: { ...DIRECTORY, tokens: { identifier: code('identifier') } },
  Organization: { ...DIRECTORY, tokens: { identifier: code('identifier') } },
  Location: { ...DIRECTORY, tokens: { identifier: code('identifier') } },
};

/** @throws a fault of ours: callers know the type to be stored */
export function indexOf(type: string): IndexedType {
  const found = INDEX[type];
  if (found === undefined) throw new Error(`${type} is not a stored type`);
  return found;
}

/** Where resources of a type are kept; undefined: this server keeps none of them. */
export const storedHome = (type: string): IndexedType['home'] | undefined =>
  Object.hasOwn(INDEX, type) ? INDEX[type]?.home : undefined;
