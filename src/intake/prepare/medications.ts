import type { Resource } from '../../fhir/index.ts';
import { derivedUuid, isObject, itemsAt, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import type { InlinedResources } from '../references/inlined.ts';
import { type ReferenceMap, toSourceKey, toStoredId, toStoredReferences } from '../references/reference-map.ts';
import { addLabels, collectLabels } from './security-labels.ts';

/** Types with `medicationReference` in FHIR R4. */
const REFERRING_TYPES = ['MedicationRequest', 'MedicationDispense', 'MedicationStatement', 'MedicationAdministration'];

export const refersToMedication = (type: string): boolean => REFERRING_TYPES.includes(type);

/** Ids of the copies in each record, needed for Provenance about a Medication; see `copyKey` for the keys. */
export type MedicationCopies = Map<string, Set<string>>;

/** Context of a resource, including the patient whose record it belongs to, by the source's id. */
interface MedicationContext {
  readonly carried: InlinedResources;
  readonly names: ReferenceMap;
  readonly patient: string;
  /** undefined when nothing in the input asks for copies. */
  readonly copies: MedicationCopies | undefined;
}

export interface InlinedMedications {
  readonly resource: Resource;
  /** Copies for the patient's record: the referenced Medication and its ingredients. */
  readonly medications: readonly (Resource & { readonly id: string })[];
}

/**
 * Inlines the Medication that a resource refers to. A Medication doesn't name a patient and may be referenced from many
 * records, so each record gets a copy. The copy has the security labels of everything connected with it, so that it is
 * withheld together with them. A Medication that isn't in the input stays a reference.
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
    inlined.taken.add(entry.value);
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

/** Points Provenance about a Medication to the copies of it in the record. */
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

/** Finds a Medication of the input. A reference to a contained resource never matches, whatever its fullUrl. */
function findMedication(reference: unknown, { find }: InlinedResources): ImportEntry | undefined {
  const text = textAt(reference, 'reference');
  const entry = text === undefined || text.startsWith('#') ? undefined : find(text);
  return textAt(entry?.value, 'resourceType') === 'Medication' ? entry : undefined;
}

/** Collects a Medication and all of its ingredients. A Medication may list itself as an ingredient. */
function collectIngredients(first: ImportEntry, inlined: InlinedResources): readonly ImportEntry[] {
  const found = new Set([first]);
  // A Set iterates over values that are added during the iteration.
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
 * Creates the id of a copy from the Medication, the record and the labels. These determine the content of the copy, so
 * equal input gives equal ids. A Medication without an id is identified by its content.
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
 * Adds the Medication's name to the reference, for readers who may not or can't read the Medication. A Medication that
 * was entered in error gives no name.
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
