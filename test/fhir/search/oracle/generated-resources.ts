import type { Resource } from '../../../../src/fhir/index.ts';
import type { FhirElementDefinition } from '../../../../src/fhir/model/xml/element-definitions.ts';
import { r4Elements } from '../../../../src/fhir/r4/elements.ts';
import { type SeededRandom, seededRandom } from '../../../support/fuzzing/seeded-random.ts';
import expressions from '../../../support/generated/search-expressions.json' with { type: 'json' };
import { type GeneratedContext, VALUE_GENERATORS } from './generated-values.ts';

const EXPRESSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = expressions;
const US_CORE = 'http://hl7.org/fhir/us/core/StructureDefinition';
/** The generator sets the patient itself, and search doesn't cover the elements of documents. */
const NOT_MADE = ['extension', 'modifierExtension', 'contained', 'text', 'id', 'meta', 'implicitRules'];
const OFTEN = /^(Patient|Practitioner|PractitionerRole|Organization|Location|Encounter)\//;
const ABOUT = ['subject', 'patient', 'beneficiary'];

const NOTHING: GeneratedContext = { references: [], often: [] };

export interface GeneratedChart {
  readonly patientId: string;
  readonly types: readonly string[];
  /** The number of resources of each type. */
  readonly count: number;
  readonly seed: number;
}

const idOf = (seed: number, type: number, number: number): string =>
  `${String(seed).padStart(8, '0')}-${String(type).padStart(4, '0')}-4000-8000-${String(number).padStart(12, '0')}`;

/**
 * Generates resources of each type with values in all elements that its search parameters cover, from the table of
 * elements. This also tests searches that no published data would match.
 */
export function generateResources({ patientId, types, count: many, seed }: GeneratedChart): readonly Resource[] {
  const others = types.filter((type) => type !== 'Patient');
  const names = others.flatMap((type, place) =>
    Array.from({ length: many }, (_, number) => ({ type, id: idOf(seed, place, number) })),
  );
  const references = [`Patient/${patientId}`, ...names.map(({ type, id }) => `${type}/${id}`)];
  const around = { references, often: references.filter((text) => OFTEN.test(text)) };
  return [{ type: 'Patient', id: patientId }, ...names].map(({ type, id }, number) => {
    const random = seededRandom(seed * 100_000 + number);
    return {
      ...generateBody(type, random, around),
      ...aboutOf(type, patientId, random, around),
      resourceType: type,
      id,
    };
  });
}

function generateBody(type: string, random: SeededRandom, around: GeneratedContext): object {
  const searchedElements = new Set(Object.values(EXPRESSIONS[type] ?? {}).flatMap((text) => text.match(/\w+/g) ?? []));
  return { ...partOf(type, searchedElements, random, around, 1), meta: metaOf(random), ...extensionsOf(type, random) };
}

const metaOf = (random: SeededRandom): object => ({
  ...(random.chance(0.5) ? { tag: [VALUE_GENERATORS['Coding']?.(random, NOTHING)] } : {}),
  ...(random.chance(0.3) ? { security: [{ system: 'urn:labels', code: random.pick(['blue', 'GREEN']) }] } : {}),
  ...(random.chance(0.5) ? { profile: [`http://example.org/${random.pick(['a', 'b', 'B'])}`] } : {}),
});

/** Picks one type of a choice element, and up to three values of a repeating one. */
function partOf(
  name: string,
  searchedElements: ReadonlySet<string>,
  random: SeededRandom,
  around: GeneratedContext,
  depth: number,
): object {
  const elements = [...r4Elements.getType(name).elements.values()].filter((one) =>
    isGenerated(one, searchedElements, depth),
  );
  const groups = Object.values(Object.groupBy(elements, (one) => one.choice ?? one.name));
  const pairs = groups.flatMap((choices = []) => {
    if (random.chance(0.3)) return [];
    // Prefers coded values, because there are many ways to search for them.
    const coded = choices.filter(({ type }) => type === 'CodeableConcept');
    const element = random.pick(coded.length > 0 && random.chance(0.3) ? coded : choices);
    const one = () => elementOf(element, searchedElements, random, around, depth);
    const value = element.repeats ? Array.from({ length: 1 + random.below(3) }, one) : one();
    return value === undefined ? [] : [[element.name, value] as const];
  });
  return Object.fromEntries(pairs);
}

function isGenerated(
  { name, choice, type }: FhirElementDefinition,
  searchedElements: ReadonlySet<string>,
  depth: number,
): boolean {
  const plain = choice === undefined ? name : choice.replace('[x]', '');
  if (NOT_MADE.includes(name) || (depth === 1 && ABOUT.includes(name))) return false;
  if (choice !== undefined && VALUE_GENERATORS[type] === undefined) return false;
  return searchedElements.has(plain) || searchedElements.has(name);
}

function elementOf(
  element: FhirElementDefinition,
  searchedElements: ReadonlySet<string>,
  random: SeededRandom,
  around: GeneratedContext,
  depth: number,
) {
  const make = VALUE_GENERATORS[element.type];
  if (make !== undefined) return make(random, around);
  if (element.kind !== 'complex' || depth > 4) return undefined;
  const part = partOf(element.type, searchedElements, random, around, depth + 1);
  return Object.keys(part).length === 0 ? undefined : part;
}

function aboutOf(type: string, patientId: string, random: SeededRandom, around: GeneratedContext): object {
  const patient = {
    reference: `Patient/${patientId}`,
    ...(random.chance(0.5) ? { identifier: { system: 'urn:mrn', value: `MRN-${patientId.slice(0, 8)}` } } : {}),
  };
  // A Medication belongs to the record of the resource that refers to it.
  const medications = around.references.filter((text) => text.startsWith('Medication/'));
  if (type === 'MedicationStatement' && random.chance(0.7))
    return {
      subject: patient,
      medicationReference: { reference: random.pick(medications) },
      medicationCodeableConcept: undefined,
    };
  // Two patients with the same identifier would be treated as one person.
  if (type === 'Patient') return { identifier: [{ system: 'urn:mrn', value: `MRN-${patientId.slice(0, 8)}` }] };
  if (type === 'Provenance') return { target: [patient, { reference: random.pick(around.references) }] };
  if (type === 'Appointment') return { participant: participantsOf(patient, random, around) };
  const { elements } = r4Elements.getType(type);
  const name = ABOUT.find((one) => elements.has(one));
  return name === undefined ? {} : { [name]: patient };
}

const participantsOf = (patient: object, random: SeededRandom, { often }: GeneratedContext): readonly object[] => [
  { actor: patient, status: 'accepted' },
  { actor: { reference: random.pick(often) }, status: random.pick(['tentative', 'declined']) },
];

function extensionsOf(type: string, random: SeededRandom): object {
  const race = (kind: string) => ({
    url: `${US_CORE}/us-core-${kind}`,
    extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3' } }],
  });
  if (type === 'Patient')
    return {
      extension: [
        race('race'),
        race('ethnicity'),
        {
          url: `${US_CORE}/us-core-genderIdentity`,
          valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '446151000124109' }] },
        },
      ],
    };
  if (type !== 'Condition' || random.chance(0.5)) return {};
  const url = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate';
  return { extension: [{ url, valueDateTime: VALUE_GENERATORS['dateTime']?.(random, NOTHING) }] };
}
