import type { Resource } from '../fhir/index.ts';
import { derivedUuid } from '../kernel/index.ts';
import type { Carried } from './carried.ts';
import type { Entry } from './entry.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { labelsOf, withLabels } from './labels.ts';
import { finalId, type Names, sourceKeyOf, withFinalReferences } from './names.ts';

/** What tells of a patient's medicines: FHIR R4 has `medicationReference` in each. */
const REFERRING = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'];

export const refersToMedication = (type: string): boolean => REFERRING.includes(type);

/** Ids of the copies in each record, for what is told of a Medication itself: see `copyKey`. */
export type Copies = Map<string, Set<string>>;

/** What a resource is read by, and whose record it is in: the source's id of the patient. */
interface Around {
  readonly carried: Carried;
  readonly names: Names;
  readonly patient: string;
  /** undefined: nothing in the input asks. */
  readonly copies: Copies | undefined;
}

export interface WithMedications {
  readonly resource: Resource;
  /** Copies for the patient's record: of what it refers to, and of what that is made of. */
  readonly medications: readonly (Resource & { readonly id: string })[];
}

/**
 * A resource that refers to the copy that its patient's record has of a Medication. The Medication of the input says nothing
 * of patients, and many records may refer to it: each has its own, under the labels of all that it hangs together with, so
 * that what a label hides is hidden with it. One that is not in the input stays a reference.
 */
export function withMedications(resource: Resource, around: Around): WithMedications {
  const { carried, names } = around;
  const first = medicationAt(resource['medicationReference'], carried);
  if (first === undefined) return { resource, medications: [] };
  const all = withIngredients(first, carried);
  const labels = labelsOf([resource, ...all.map(({ value }) => value)]);
  const idOf = copyIds(around, labels);
  const refer = (reference: unknown): unknown => {
    const entry = medicationAt(reference, carried);
    return entry === undefined ? reference : referenceTo(reference, entry, idOf(entry));
  };
  for (const entry of all) {
    carried.taken.add(entry.value);
    remember(around, entry, idOf(entry));
  }
  const referring = { ...resource, medicationReference: refer(resource['medicationReference']) };
  return {
    resource: withLabels(referring, labelsOf(all.map(({ value }) => value))),
    medications: all.map((entry) => {
      const copy = withRenamedIngredients(entry.value as Resource, refer);
      return { ...withLabels(withFinalReferences(names, copy) as Resource, labels), id: idOf(entry) };
    }),
  };
}

/** A Provenance of a Medication tells of the copies that were made of it in its record. */
export function aboutCopies(provenance: Resource, around: Around): Resource {
  const targets = listOf(provenance, 'target');
  const told = targets.flatMap((target) => {
    const entry = medicationAt(target, around.carried);
    const ids = entry === undefined ? [] : [...(around.copies?.get(copyKey(around, entry)) ?? [])].sort();
    if (!isObject(target) || ids.length === 0) return [target];
    return ids.map((id) => ({ ...target, reference: `Medication/${id}` }));
  });
  return targets.length === 0 ? provenance : { ...provenance, target: told };
}

function remember(around: Around, entry: Entry, id: string): void {
  const { copies } = around;
  if (copies === undefined) return;
  const key = copyKey(around, entry);
  const ids = copies.get(key) ?? new Set();
  copies.set(key, ids.add(id));
}

const copyKey = ({ names, patient }: Around, entry: Entry): string => `${patient} ${identityOf(names, entry)}`;

/** What is contained is no Medication of the input, whatever that has for a fullUrl. */
function medicationAt(reference: unknown, { find }: Carried): Entry | undefined {
  const text = textAt(reference, 'reference');
  const entry = text === undefined || text.startsWith('#') ? undefined : find(text);
  return textAt(entry?.value, 'resourceType') === 'Medication' ? entry : undefined;
}

/** With all that it is made of. A Medication may have itself for an ingredient. */
function withIngredients(first: Entry, carried: Carried): readonly Entry[] {
  const found = new Set([first]);
  // A Set tells of what is added to it meanwhile.
  for (const { value } of found) {
    for (const ingredient of listOf(value, 'ingredient')) {
      const entry = isObject(ingredient) ? medicationAt(ingredient['itemReference'], carried) : undefined;
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
 * The same id for the same Medication, in the same record, under the same labels, and for nothing else: all that a copy
 * says follows from these. A Medication without an id is told by what it says.
 */
function copyIds({ names, patient }: Around, labels: readonly unknown[]): (entry: Entry) => string {
  const { origin } = names;
  const record = finalId(origin, { type: 'Patient', sourceId: patient });
  const under = JSON.stringify(labels);
  return (entry) => derivedUuid('medication', String(origin.practiceId), record, identityOf(names, entry), under);
}

function identityOf({ origin }: Names, entry: Entry): string {
  const key = sourceKeyOf(entry);
  return key === undefined ? derivedUuid('said', JSON.stringify(entry.value)) : finalId(origin, key);
}

/** Whoever may not read the Medication, or can't, is told its name: not that of one which is an error. */
function referenceTo(reference: unknown, { value }: Entry, id: string): object {
  const isError = textAt(value, 'status') === 'entered-in-error';
  const name = isError || !isObject(value) ? undefined : nameOf(value['code']);
  const display = textAt(reference, 'display') ?? name;
  const own = isObject(reference) ? reference : {};
  return { ...own, reference: `Medication/${id}`, ...(display === undefined ? {} : { display }) };
}

const nameOf = (code: unknown): string | undefined =>
  textAt(code, 'text') ??
  listOf(code, 'coding')
    .map((coding) => textAt(coding, 'display'))
    .find((text) => text !== undefined);
