import type { Resource } from '../../fhir/index.ts';
import { derivedUuid, isObject, itemsAt, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import type { InlinedResources } from '../references/inlined.ts';
import { type ReferenceMap, toSourceKey, toStoredId, toStoredReferences } from '../references/reference-map.ts';
import { addLabels, collectLabels } from './security-labels.ts';

/** Types that have `medicationReference` in FHIR R4. */
const REFERRING_TYPES = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'];

export const refersToMedication = (type: string): boolean => REFERRING_TYPES.includes(type);

/**
 * Ids of the copies of each Medication in each patient's record, by keys from `copyKey`. Provenance about a Medication
 * refers to these copies.
 */
export type MedicationCopies = Map<string, Set<string>>;

/**
 * Context of a resource that may refer to a Medication. `patient` is the id of its patient, as the source system uses
 * it.
 */
interface MedicationContext {
  readonly carried: InlinedResources;
  readonly names: ReferenceMap;
  readonly patient: string;
  /** Copies of Medications that were made so far; undefined if the input has no Provenance, which alone needs them. */
  readonly copies: MedicationCopies | undefined;
}

export interface InlinedMedications {
  readonly resource: Resource;
  /** Copies of the Medication that the resource refers to, and of its ingredients, for the record of the patient. */
  readonly medications: readonly (Resource & { readonly id: string })[];
}

/**
 * Makes copies of the Medication that a resource refers to, and of its ingredients. A Medication doesn't name a patient
 * and many records may refer to it, so each record gets copies of its own. The resource and the copies get the security
 * labels of all of them, so that they are withheld together. A reference to a Medication that isn't in the input stays
 * as it is.
 */
export function inlineMedications(resource: Resource, context: MedicationContext): InlinedMedications {
  const { carried: inlined, names: referenceMap } = context;
  const first = findMedication(resource['medicationReference'], inlined);
  if (first === undefined) return { resource, medications: [] };
  const all = collectIngredients(first, inlined);
  const labels = collectLabels([resource, ...all.map(({ value }) => value)]);
  const idOf = createCopyIds(context, labels);
  const refer = (reference: unknown): unknown => {
    const entry = findMedication(reference, inlined);
    return entry === undefined ? reference : toCopyReference(reference, entry, idOf(entry));
  };
  for (const entry of all) {
    inlined.stored.add(entry.value);
    recordCopy(context, entry, idOf(entry));
  }
  const referring = { ...resource, medicationReference: refer(resource['medicationReference']) };
  return {
    resource: addLabels(referring, collectLabels(all.map(({ value }) => value))),
    medications: all.map((entry) => {
      const copy = renameIngredients(entry.value as Resource, refer);
      return { ...addLabels(toStoredReferences(referenceMap, copy) as Resource, labels), id: idOf(entry) };
    }),
  };
}

/**
 * Changes a Provenance about a Medication so that its targets are the copies of the Medication in the patient's record.
 */
export function retargetToCopies(provenance: Resource, context: MedicationContext): Resource {
  const targets = itemsAt(provenance, 'target');
  const newTargets = targets.flatMap((target) => {
    const entry = findMedication(target, context.carried);
    const ids = entry === undefined ? [] : [...(context.copies?.get(copyKey(context, entry)) ?? [])].sort();
    if (!isObject(target) || ids.length === 0) return [target];
    return ids.map((id) => ({ ...target, reference: `Medication/${id}` }));
  });
  return targets.length === 0 ? provenance : { ...provenance, target: newTargets };
}

function recordCopy(context: MedicationContext, entry: ImportEntry, id: string): void {
  const { copies } = context;
  if (copies === undefined) return;
  const key = copyKey(context, entry);
  const ids = copies.get(key) ?? new Set();
  copies.set(key, ids.add(id));
}

const copyKey = ({ names: referenceMap, patient }: MedicationContext, entry: ImportEntry): string =>
  `${patient} ${medicationIdentity(referenceMap, entry)}`;

/**
 * Finds the Medication that a reference in the input points to. A reference to a contained resource never matches,
 * whatever the fullUrl of an entry is.
 */
function findMedication(reference: unknown, { find }: InlinedResources): ImportEntry | undefined {
  const text = textAt(reference, 'reference');
  const entry = text === undefined || text.startsWith('#') ? undefined : find(text);
  return textAt(entry?.value, 'resourceType') === 'Medication' ? entry : undefined;
}

/** Returns a Medication and all of its ingredients. A Medication may list itself as an ingredient. */
function collectIngredients(first: ImportEntry, inlined: InlinedResources): readonly ImportEntry[] {
  const found = new Set([first]);
  // A Set also iterates over values that are added during the iteration, so this loop finds the ingredients of
  // ingredients too.
  for (const { value } of found) {
    for (const ingredient of itemsAt(value, 'ingredient')) {
      const entry = isObject(ingredient) ? findMedication(ingredient['itemReference'], inlined) : undefined;
      if (entry !== undefined) found.add(entry);
    }
  }
  return [...found];
}

function renameIngredients(medication: Resource, refer: (reference: unknown) => unknown): Resource {
  const ingredients = itemsAt(medication, 'ingredient');
  if (ingredients.length === 0) return medication;
  const ingredient = ingredients.map((one) =>
    isObject(one) && 'itemReference' in one ? { ...one, itemReference: refer(one['itemReference']) } : one,
  );
  return { ...medication, ingredient };
}

/**
 * Returns a function that derives the id of a copy from the Medication, the patient record and the security labels.
 * These determine the content of the copy, so equal input gives equal ids. A Medication without an id is identified by
 * its content.
 */
function createCopyIds(
  { names: referenceMap, patient }: MedicationContext,
  labels: readonly unknown[],
): (entry: ImportEntry) => string {
  const { origin } = referenceMap;
  const record = toStoredId(origin, { type: 'Patient', sourceId: patient });
  const labelsText = JSON.stringify(labels);
  return (entry) =>
    derivedUuid('medication', String(origin.practiceId), record, medicationIdentity(referenceMap, entry), labelsText);
}

function medicationIdentity({ origin }: ReferenceMap, entry: ImportEntry): string {
  const key = toSourceKey(entry);
  return key === undefined ? derivedUuid('said', JSON.stringify(entry.value)) : toStoredId(origin, key);
}

/**
 * Returns a reference to the copy of a Medication, with the Medication's name for readers who may not or can't read the
 * copy. A Medication that was entered in error gives no name.
 */
function toCopyReference(reference: unknown, { value }: ImportEntry, id: string): object {
  const isError = textAt(value, 'status') === 'entered-in-error';
  const name = isError || !isObject(value) ? undefined : medicationName(value['code']);
  const display = textAt(reference, 'display') ?? name;
  const ownMembers = isObject(reference) ? reference : {};
  return { ...ownMembers, reference: `Medication/${id}`, ...(display === undefined ? {} : { display }) };
}

const medicationName = (code: unknown): string | undefined =>
  textAt(code, 'text') ??
  itemsAt(code, 'coding')
    .map((coding) => textAt(coding, 'display'))
    .find((text) => text !== undefined);
