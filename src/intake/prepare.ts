import { mayHaveDocuments, type Resource, storedHome, type ToStore } from '../fhir/index.ts';
import { BadAttachment, withoutContents } from './attachments.ts';
import type { Carried } from './carried.ts';
import { isResidence, withoutPrivateParts } from './directory.ts';
import type { Entry } from './entry.ts';
import { type Homes, homeOf, rememberHome } from './home.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { aboutCopies, type Copies, refersToMedication, withMedications } from './medications.ts';
import { finalId, type Names, type SourceKey, sourceKeyOf, withFinalReferences } from './names.ts';

/** A resource that is ready to be stored once its record is known. */
export interface Prepared {
  readonly entry: Entry;
  readonly store: ToStore;
  /** Copies of the Medications that the resource refers to, for the same record. */
  readonly medications?: readonly ToStore['resource'][];
  /** Patient whose record the resource belongs to, by the source's id; undefined for the practice's directory. */
  readonly patient: string | undefined;
}

export type Preparation = Prepared | { readonly skipped: string } | { readonly refused: string };

/** Context in which entries are prepared. */
export interface Surroundings {
  readonly names: Names;
  /**
   * Patients of known resources. Preparing an entry adds its own. undefined when nothing in the input asks for them.
   */
  readonly homes: Homes | undefined;
  /** Copies of Medications, maintained like `homes`. */
  readonly copies: Copies | undefined;
  readonly carried: Carried;
}

export function prepare(entry: Entry, context: Surroundings): Preparation {
  if (entry.fault !== undefined) return { refused: entry.fault };
  const type = textAt(entry.value, 'resourceType');
  if (!isObject(entry.value) || type === undefined) return { refused: 'It is no resource: it has no resourceType.' };
  const location = storedHome(type);
  if (location === undefined)
    return type === 'Bundle' ? { refused: 'A Bundle within another, or on a line, is not loaded.' } : { skipped: type };
  if (type === 'Patient' && isOfAnotherVersion(entry.value)) return { refused: NOT_R4 };
  const key = sourceKeyOf(entry);
  if (key === undefined) return { refused: isNamed(entry) ? IMPOSSIBLE_ID : 'It has no id, and no UUID in fullUrl.' };
  return location === 'record' ? forRecord(entry, key, context) : forDirectory(entry, key, context);
}

/** In DSTU2, family names are arrays, so such a patient would be misread. */
const isOfAnotherVersion = (patient: unknown): boolean =>
  listOf(patient, 'name').some((name) => isObject(name) && Array.isArray(name['family']));
const NOT_R4 = 'It is no FHIR R4: its family name is a list, as in DSTU2.';

const isNamed = ({ value, fullUrl }: Entry): boolean =>
  textAt(value, 'id') !== undefined || /^urn:uuid:/i.test(fullUrl ?? '');
const IMPOSSIBLE_ID = 'Its id is not one FHIR allows: letters, digits, - and ., at most 64.';

function forDirectory(entry: Entry, key: SourceKey, { names: referenceMap }: Surroundings): Preparation {
  if (isResidence(entry.value)) return { refused: 'It is where somebody lives: that is not kept in the directory.' };
  return {
    entry,
    patient: undefined,
    store: { resource: withoutPrivateParts(renamed(entry.value, key, referenceMap)) },
  };
}

function forRecord(entry: Entry, key: SourceKey, context: Surroundings): Preparation {
  const { names: referenceMap, homes: compartments, carried: inlined } = context;
  const compartment = homeOf(entry.value, key, referenceMap, compartments);
  if ('fault' in compartment) return { refused: compartment.fault };
  const { patient } = compartment;
  if (compartments !== undefined) rememberHome(compartments, key, patient);
  if (refersToMedication(key.type)) {
    const { resource, medications } = withMedications(entry.value as Resource, { ...context, patient });
    return { entry, patient, store: { resource: renamed(resource, key, referenceMap) }, medications };
  }
  const content =
    key.type === 'Provenance' ? aboutCopies(entry.value as Resource, { ...context, patient }) : entry.value;
  const resource = renamed(content, key, referenceMap);
  if (!mayHaveDocuments(key.type)) return { entry, patient, store: { resource } };
  try {
    return { entry, patient, store: withoutContents(resource, inlined) };
  } catch (error) {
    if (error instanceof BadAttachment) return { refused: error.message };
    throw error;
  }
}

/** The resource with its own stored id and with stored references. */
const renamed = (value: unknown, key: SourceKey, referenceMap: Names): ToStore['resource'] => ({
  ...(withFinalReferences(referenceMap, value) as Record<string, unknown>),
  resourceType: key.type,
  id: finalId(referenceMap.origin, key),
});
