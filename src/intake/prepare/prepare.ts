import { getStoredCompartment, mayHaveDocuments, type Resource, type ResourceToStore } from '../../fhir/index.ts';
import { isObject, itemsAt, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { type CompartmentMap, findCompartment, recordCompartment } from '../references/compartment.ts';
import type { InlinedResources } from '../references/inlined.ts';
import {
  type ReferenceMap,
  type SourceResourceKey,
  toSourceKey,
  toStoredId,
  toStoredReferences,
} from '../references/reference-map.ts';
import { extractDocuments, InvalidAttachment } from './attachments.ts';
import { isResidence, removePrivateParts } from './directory.ts';
import { inlineMedications, type MedicationCopies, refersToMedication, retargetToCopies } from './medications.ts';

/** A resource that is ready to be stored as soon as the id of its patient record is known. */
export interface PreparedResource {
  readonly entry: ImportEntry;
  readonly store: ResourceToStore;
  /** Copies of the Medications that the resource refers to. They are stored in the same record. */
  readonly medications?: readonly ResourceToStore['resource'][];
  /**
   * Id of the patient whose record the resource belongs to, as the source system uses it. undefined for a resource of
   * the practice's directory.
   */
  readonly patient: string | undefined;
}

export type PreparationResult = PreparedResource | { readonly skipped: string } | { readonly refused: string };

/** Facts about the rest of the input that the preparation of an entry needs. */
export interface ImportContext {
  readonly names: ReferenceMap;
  /**
   * Patient of each resource that was prepared so far. Preparing an entry adds its patient. undefined if the input has
   * no Provenance, which alone needs the map.
   */
  readonly homes: CompartmentMap | undefined;
  /**
   * Copies of Medications that were made so far. Preparing an entry adds the copies for that entry. undefined if the
   * input has no Provenance.
   */
  readonly copies: MedicationCopies | undefined;
  readonly carried: InlinedResources;
}

export function prepareEntry(entry: ImportEntry, context: ImportContext): PreparationResult {
  if (entry.error !== undefined) return { refused: entry.error };
  const type = textAt(entry.value, 'resourceType');
  if (!isObject(entry.value) || type === undefined)
    return { refused: 'This isn’t a FHIR resource: it has no resourceType.' };
  const location = getStoredCompartment(type);
  if (location === undefined)
    return type === 'Bundle'
      ? { refused: 'A Bundle within another Bundle, or on an NDJSON line, is not loaded.' }
      : { skipped: type };
  if (type === 'Patient' && isDstu2Patient(entry.value)) return { refused: NOT_R4 };
  const key = toSourceKey(entry);
  if (key === undefined)
    return { refused: hasIdentity(entry) ? INVALID_ID : 'The resource has no id, and no UUID in fullUrl.' };
  return location === 'record' ? prepareForRecord(entry, key, context) : prepareForDirectory(entry, key, context);
}

/**
 * Whether a Patient has the format of DSTU2, where family names are arrays. Such a Patient is rejected, because it
 * would be misread as R4.
 */
const isDstu2Patient = (patient: unknown): boolean =>
  itemsAt(patient, 'name').some((name) => isObject(name) && Array.isArray(name['family']));
const NOT_R4 = 'Not FHIR R4: name.family is an array (DSTU2).';

const hasIdentity = ({ value, fullUrl }: ImportEntry): boolean =>
  textAt(value, 'id') !== undefined || /^urn:uuid:/i.test(fullUrl ?? '');
const INVALID_ID = 'The id isn’t valid in FHIR. Use at most 64 letters, digits, hyphens and periods.';

function prepareForDirectory(
  entry: ImportEntry,
  key: SourceResourceKey,
  { names: referenceMap }: ImportContext,
): PreparationResult {
  if (isResidence(entry.value))
    return { refused: 'This Location is a private home. Private homes are not stored in the directory.' };
  return {
    entry,
    patient: undefined,
    store: { resource: removePrivateParts(withStoredIds(entry.value, key, referenceMap)) },
  };
}

function prepareForRecord(entry: ImportEntry, key: SourceResourceKey, context: ImportContext): PreparationResult {
  const { names: referenceMap, homes: compartments, carried: inlined } = context;
  const compartment = findCompartment(entry.value, key, referenceMap, compartments);
  if ('error' in compartment) return { refused: compartment.error };
  const { patient } = compartment;
  if (compartments !== undefined) recordCompartment(compartments, key, patient);
  if (refersToMedication(key.type)) {
    const { resource, medications } = inlineMedications(entry.value as Resource, { ...context, patient });
    return { entry, patient, store: { resource: withStoredIds(resource, key, referenceMap) }, medications };
  }
  const content =
    key.type === 'Provenance' ? retargetToCopies(entry.value as Resource, { ...context, patient }) : entry.value;
  const resource = withStoredIds(content, key, referenceMap);
  if (!mayHaveDocuments(key.type)) return { entry, patient, store: { resource } };
  try {
    return { entry, patient, store: extractDocuments(resource, inlined) };
  } catch (error) {
    if (error instanceof InvalidAttachment) return { refused: error.message };
    throw error;
  }
}

/** Returns the resource as it will be stored: with its stored id, and with stored ids in references. */
const withStoredIds = (
  value: unknown,
  key: SourceResourceKey,
  referenceMap: ReferenceMap,
): ResourceToStore['resource'] => ({
  ...(toStoredReferences(referenceMap, value) as Record<string, unknown>),
  resourceType: key.type,
  id: toStoredId(referenceMap.origin, key),
});
