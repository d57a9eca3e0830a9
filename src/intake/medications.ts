import type { Resource } from '../fhir/index.ts';
import { derivedUuid } from '../kernel/index.ts';
import type { Carried } from './carried.ts';
import type { Entry } from './entry.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { labelsOf, withLabels } from './labels.ts';
import { finalId, type Names, sourceKeyOf, withFinalReferences } from './names.ts';

/** Types with `medicationReference` in FHIR R4. */
const REFERRING = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'];

export const refersToMedication = (type: string): boolean => REFERRING.includes(type);

/** Ids of the copies in each record, needed for Provenance about a Medication; see `copyKey` for the keys. */
export type Copies = Map<string, Set<string>>;

/** Context of a resource, including the patient whose record it belongs to, by the source's id. */
interface Around {
  readonly carried: Carried;
  readonly names: Names;
  readonly patient: string;
  /** undefined when nothing in the input asks for copies. */
  readonly copies: Copies | undefined;
}

export interface WithMedications {
  readonly resource: Resource;
  /** Copies for the patient's record: the referenced Medication and its ingredients. */
  readonly medications: readonly (Resource & { readonly id: string })[];
}

/**
 * Inlines the Medication that a resource refers to. A Medication doesn't name a patient and may be referenced from many
 * records, so each record gets a copy. The copy has the security labels of everything connected with it, so that it is
 * withheld together with them. A Medication that isn't in the input stays a reference.
 */
export function withMedications(resource: Resource, context: Around): WithMedications {
  const { carried: inlined, names: referenceMap } = context;
  const first = medicationAt(resource['medicationReference'], inlined);
  if (first === undefined) return { resource, medications: [] };
  const all = withIngredients(first, inlined);
  const labels = labelsOf([resource, ...all.map(({ value }) => value)]);
  const idOf = copyIds(context, labels);
  const refer = (reference: unknown): unknown => {
    const entry = medicationAt(reference, inlined);
    return entry === undefined ? reference : referenceTo(reference, entry, idOf(entry));
  };
  for (const entry of all) {
    inlined.taken.add(entry.value);
    remember(context, entry, idOf(entry));
  }
  const referring = { ...resource, medicationReference: refer(resource['medicationReference']) };
  return {
    resource: withLabels(referring, labelsOf(all.map(({ value }) => value))),
    medications: all.map((entry) => {
      const copy = withRenamedIngredients(entry.value as Resource, refer);
      return { ...withLabels(withFinalReferences(referenceMap, copy) as Resource, labels), id: idOf(entry) };
    }),
  };
}

/** Points Provenance about a Medication to the copies of it in the record. */
export function aboutCopies(provenance: Resource, context: Around): Resource {
  const targets = listOf(provenance, 'target');
  const newTargets = targets.flatMap((target) => {
    const entry = medicationAt(target, context.carried);
    const ids = entry === undefined ? [] : [...(context.copies?.get(copyKey(context, entry)) ?? [])].sort();
    if (!isObject(target) || ids.length === 0) return [target];
    return ids.map((id) => ({ ...target, reference: `Medication/${id}` }));
  });
  return targets.length === 0 ? provenance : { ...provenance, target: newTargets };
}

function remember(context: Around, entry: Entry, id: string): void {
  const { copies } = context;
  if (copies === undefined) return;
  const key = copyKey(context, entry);
  const ids = copies.get(key) ?? new Set();
  copies.set(key, ids.add(id));
}

const copyKey = ({ names: referenceMap, patient }: Around, entry: Entry): string =>
  `${patient} ${identityOf(referenceMap, entry)}`;

/** Finds a Medication of the input. A reference to a contained resource never matches, whatever its fullUrl. */
function medicationAt(reference: unknown, { find }: Carried): Entry | undefined {
  const text = textAt(reference, 'reference');
  const entry = text === undefined || text.startsWith('#') ? undefined : find(text);
  return textAt(entry?.value, 'resourceType') === 'Medication' ? entry : undefined;
}

/** Collects a Medication and all of its ingredients. A Medication may list itself as an ingredient. */
function withIngredients(first: Entry, inlined: Carried): readonly Entry[] {
  const found = new Set([first]);
  // A Set iterates over values that are added during the iteration.
  for (const { value } of found) {
    for (const ingredient of listOf(value, 'ingredient')) {
      const entry = isObject(ingredient) ? medicationAt(ingredient['itemReference'], inlined) : undefined;
      if (entry !== undefined) found.add(entry);
    }
  }
  return [...found];
}

function withRenamedIngredients(medication: Resource, refer: (reference: unknown) => unknown): Resource {
  const ingredients = listOf(medication, 'ingredient');
  if (ingredients.length === 0) return medication;
  const ingredient = ingredients.map((one) =>
    isObject(one) && 'itemReference' in one ? { ...one, itemReference: refer(one['itemReference']) } : one,
  );
  return { ...medication, ingredient };
}

/**
 * Creates the id of a copy from the Medication, the record and the labels. These determine the content of the copy, so
 * equal input gives equal ids. A Medication without an id is identified by its content.
 */
function copyIds({ names: referenceMap, patient }: Around, labels: readonly unknown[]): (entry: Entry) => string {
  const { origin } = referenceMap;
  const record = finalId(origin, { type: 'Patient', sourceId: patient });
  const labelsText = JSON.stringify(labels);
  return (entry) =>
    derivedUuid('medication', String(origin.practiceId), record, identityOf(referenceMap, entry), labelsText);
}

function identityOf({ origin }: Names, entry: Entry): string {
  const key = sourceKeyOf(entry);
  return key === undefined ? derivedUuid('said', JSON.stringify(entry.value)) : finalId(origin, key);
}

/**
 * Adds the Medication's name to the reference, for readers who may not or can't read the Medication. A Medication that
 * was entered in error gives no name.
 */
function referenceTo(reference: unknown, { value }: Entry, id: string): object {
  const isError = textAt(value, 'status') === 'entered-in-error';
  const name = isError || !isObject(value) ? undefined : nameOf(value['code']);
  const display = textAt(reference, 'display') ?? name;
  const ownMembers = isObject(reference) ? reference : {};
  return { ...ownMembers, reference: `Medication/${id}`, ...(display === undefined ? {} : { display }) };
}

const nameOf = (code: unknown): string | undefined =>
  textAt(code, 'text') ??
  listOf(code, 'coding')
    .map((coding) => textAt(coding, 'display'))
    .find((text) => text !== undefined);
