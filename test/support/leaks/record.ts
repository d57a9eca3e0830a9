import { type Resource, r4 } from '../../../src/fhir/index.ts';
import { STORED_PARAMETERS } from '../../../src/fhir/store/index/stored-parameters.ts';
import { fillResource } from './fill-resource.ts';

/**
 * An owner of data. `canary` is a marker text in each of the owner's texts, which must not appear in responses to
 * others.
 */
export interface Owner {
  readonly canary: string;
  /** Digit that all ids of the owner consist of. Two owners with the same digit have the same ids. */
  readonly digit: string;
}

/**
 * Ann; her mother, at the same practice and again at the other practice with the same ids; and the directories of both
 * practices.
 */
export const ANN: Owner = { canary: 'ANNONE', digit: 'a' };
export const MOTHER: Owner = { canary: 'MOMONE', digit: 'b' };
export const MOTHER_ELSEWHERE: Owner = { canary: 'MOMTWO', digit: 'b' };
export const FIRST_DIRECTORY: Owner = { canary: 'DIRONE', digit: 'd' };
export const SECOND_DIRECTORY: Owner = { canary: 'DIRTWO', digit: 'd' };

export const RECORD_TYPES = r4.types.filter(({ compartment }) => compartment === 'record').map(({ stored }) => stored);
export const DIRECTORY_TYPES = r4.types
  .filter(({ compartment }) => compartment === 'practice')
  .map(({ stored }) => stored);

/** Number of resources of each type. Other owners refer only to the first one. */
export const EACH = 4;

export const resourceId = (type: string, number: number, { digit }: Pick<Owner, 'digit'>): string => {
  const place = r4.types.findIndex(({ stored }) => stored === type);
  return `${String(place).padStart(4, '0')}${String(number).padStart(4, '0')}-0000-4000-8000-${digit.repeat(12)}`;
};
export const patientId = (owner: Owner): string => resourceId('Patient', 0, owner);

/** Elements that refer to a person who did something. */
const PERSON_ELEMENTS =
  /\.(asserter|recorder|author|informationSource|performer|who|onBehalfOf|requester|source|enterer|receiver|actor|individual|member|authenticator|collector|operator|payor|policyHolder|subscriber)$/;
const ABOUT = new Set(['subject', 'patient', 'beneficiary']);

/**
 * Makes a record with several resources of each type. They refer to all resources of the record, to the directory, and
 * wherever possible to another owner's record.
 */
export function makeRecord(owner: Owner, other: Owner, base: string, each = EACH): readonly Resource[] {
  const own = (type: string, number: number) => `${type}/${resourceId(type, number, owner)}`;
  const theirs = (type: string) => `${type}/${resourceId(type, 0, other)}`;
  const reference = (path: string, turn: number): string | undefined => {
    const [type = '', ...rest] = path.split('.');
    if (rest.length === 1 && ABOUT.has(rest[0] ?? '')) return `Patient/${patientId(owner)}`;
    if (path === 'Appointment.participant.actor') return `Patient/${patientId(owner)}`;
    if (path === 'Provenance.target') return own('Observation', turn);
    if (PERSON_ELEMENTS.test(path) && turn % 2 === 0) return `Patient/${patientId(other)}`;
    const target = targetAt(type, rest.join('.'), turn);
    if (DIRECTORY_TYPES.includes(target)) return `${target}/${resourceId(target, turn, FIRST_DIRECTORY)}`;
    if (turn % 4 === 3 && path !== 'Observation.focus') return `${base}/${theirs(target)}`;
    return turn % 2 === 0 ? own(target, target === 'Patient' ? 0 : turn) : theirs(target);
  };
  const resources = RECORD_TYPES.flatMap((type) =>
    Array.from({ length: type === 'Patient' ? 1 : each }, (_, number) => {
      const made = fillResource(type, resourceId(type, number, owner), { canary: owner.canary, number, reference });
      return type === 'MedicationStatement' ? ofMedication(made, own('Medication', number)) : made;
    }),
  );
  const filling = { canary: owner.canary, number: 1, reference };
  const others = Object.entries(VARIANTS).map(([type, change]) => {
    const { [change.instead]: _left, ...made } = fillResource(type, resourceId(type, 10, owner), filling);
    return { ...made, ...change.by(owner) } as Resource;
  });
  return [...resources.map((one) => withMore(one, owner)), ...others, ...provenances(owner, other, own, theirs)];
}

/** Further resources, with types of choice elements that `fillResource` selects for no number. */
const VARIANTS: Readonly<
  Record<string, { readonly instead: string; readonly by: (owner: Owner) => Omit<Resource, 'resourceType'> }>
> = {
  Observation: { instead: 'valueCodeableConcept', by: () => ({ valueDateTime: '2024-02-03' }) },
  MedicationStatement: {
    instead: 'medicationReference',
    by: ({ canary }) => ({
      medicationCodeableConcept: { coding: [{ system: 'urn:codes', code: 'c1', display: `${canary} word` }] },
    }),
  },
  Immunization: {
    instead: 'performer',
    by: ({ canary }) => ({
      performer: [
        {
          function: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0443', code: 'OP' }] },
          actor: {
            reference: `Practitioner/${resourceId('Practitioner', 1, FIRST_DIRECTORY)}`,
            display: `${canary} name`,
          },
        },
      ],
    }),
  },
  Condition: {
    instead: 'onsetDateTime',
    by: ({ canary }) => ({
      onsetString: `${canary} onset`,
      abatementDateTime: undefined,
      abatementString: `${canary} abatement`,
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: '2024-02-03' },
      ],
    }),
  },
};

/** Adds elements that depend on the resource type or are extensions, so that a path alone doesn't determine them. */
function withMore(one: Resource, owner: Owner): Resource {
  const more = ADDITIONS[one.resourceType]?.(owner) ?? {};
  const entries = Object.entries(more).map(([name, value]) => {
    const had = one[name];
    return [name, Array.isArray(had) && Array.isArray(value) ? [...had, ...value] : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}

const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
const concept = (code: string, canary: string) => ({
  coding: [{ system: 'urn:codes', code, display: `${canary} word` }],
});
const ADDITIONS: Readonly<Record<string, (owner: Owner) => object>> = {
  Patient: ({ canary }) => ({
    deceasedBoolean: undefined,
    deceasedDateTime: '2024-05-03',
    telecom: [{ system: 'email', value: `${canary}@x.example` }],
    communication: [{ language: concept('c1', canary) }],
    extension: [
      ...['race', 'ethnicity'].map((name) => ({
        url: `${US_CORE}/us-core-${name}`,
        extension: [
          { url: 'ombCategory', valueCoding: concept('c1', canary).coding[0] },
          { url: 'text', valueString: `${canary} text` },
        ],
      })),
      { url: `${US_CORE}/us-core-genderIdentity`, valueCodeableConcept: concept('c1', canary) },
    ],
  }),
  Appointment: ({ canary }) => ({
    participant: ['Location', 'Practitioner'].map((type) => ({
      actor: { reference: `${type}/${resourceId(type, 1, FIRST_DIRECTORY)}`, display: `${canary} name` },
      status: 'accepted',
    })),
  }),
  DocumentReference: ({ canary }) => ({
    content: [{ attachment: { contentType: 'text/plain', language: 'en', url: `https://${canary}.example/text` } }],
  }),
};

/** Makes a statement refer to a Medication. A record has only the Medications that it refers to. */
function ofMedication({ medicationCodeableConcept: _concept, ...statement }: Resource, reference: string): Resource {
  return { ...statement, medicationReference: { reference } };
}

/**
 * Makes Provenance with targets of several types, with targets in another record, and with targets that can't be
 * resolved.
 */
function provenances(
  owner: Owner,
  other: Owner,
  own: (type: string, number: number) => string,
  theirs: (type: string) => string,
): readonly Resource[] {
  const targets = [
    [own('Observation', 0), own('Observation', 1), own('Condition', 0)],
    [own('Observation', 2), theirs('Observation')],
    [own('DocumentReference', 1), `Patient/${patientId(owner)}`],
    [own('Condition', 1), own('Provenance', 0), theirs('Provenance')],
  ];
  return targets.map((list, index) => ({
    resourceType: 'Provenance',
    id: resourceId('Provenance', 10 + index, owner),
    recorded: '2024-06-01T00:00:00Z',
    target: list.map((reference) => ({ reference })),
    agent: [{ who: { reference: `Patient/${patientId(other)}`, display: `${owner.canary} agent` } }],
    entity: [{ role: 'source', what: { reference: own('Encounter', index) } }],
  }));
}

/** Selects a type to refer to at a path, among those that a search parameter for the path covers. */
function targetAt(type: string, path: string, turn: number): string {
  const found = Object.values(STORED_PARAMETERS[type] ?? {}).find(
    (one) => one.kind === 'reference' && one.paths.some((at) => at === path || at.startsWith(`${path}[`)),
  );
  const targets = found?.kind === 'reference' ? found.targets : ['Observation', 'Encounter', 'Practitioner'];
  const storedTypes = targets.filter((one) => RECORD_TYPES.includes(one) || DIRECTORY_TYPES.includes(one));
  return storedTypes[turn % storedTypes.length] ?? 'Observation';
}

/** Makes a directory. Both practices have entries with the same ids and different texts. */
export function makeDirectory(owner: Owner): readonly Resource[] {
  const reference = (path: string, turn: number): string => {
    const [type = '', ...rest] = path.split('.');
    const target = targetAt(type, rest.join('.'), turn);
    return DIRECTORY_TYPES.includes(target)
      ? `${target}/${resourceId(target, turn, owner)}`
      : `${target}/${resourceId(target, 0, ANN)}`;
  };
  const entries = DIRECTORY_TYPES.flatMap((type) =>
    Array.from({ length: EACH }, (_, number) =>
      fillResource(type, resourceId(type, number, owner), { canary: owner.canary, number, reference }),
    ),
  );
  return entries.map((entry) => (entry.resourceType === 'ValueSet' ? { ...entry, ...codesOf(owner) } : entry));
}

/** The content of a value set, as a list of codes that can be expanded. */
const codesOf = ({ canary }: Owner): object => ({
  expansion: undefined,
  compose: { include: [{ system: 'urn:codes', concept: ['c0', 'c1'].map((code) => ({ code, display: canary })) }] },
});
