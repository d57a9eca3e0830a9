import { mayHaveDocuments, type Resource, storedHome, type ToStore } from '../fhir/index.ts';
import { BadAttachment, withoutContents } from './attachments.ts';
import type { Carried } from './carried.ts';
import { isResidence, withoutPrivateParts } from './directory.ts';
import type { Entry } from './entry.ts';
import { type Homes, homeOf, rememberHome } from './home.ts';
import { isObject, listOf, textAt } from './json-value.ts';
import { aboutCopies, type Copies, refersToMedication, withMedications } from './medications.ts';
import { finalId, type Names, type SourceKey, sourceKeyOf, withFinalReferences } from './names.ts';

/** A resource ready to be stored, as soon as its record is known. */
export interface Prepared {
  readonly entry: Entry;
  readonly store: ToStore;
  /** Copies of Medications that it refers to, for the same record. */
  readonly medications?: readonly ToStore['resource'][];
  /** The patient whose record it goes to, by the source's id; undefined: the practice's directory. */
  readonly patient: string | undefined;
}

export type Preparation = Prepared | { readonly skipped: string } | { readonly refused: string };

/** What a resource is read by. */
export interface Surroundings {
  readonly names: Names;
  /** Read, and told where each belongs; undefined when nothing in the input asks. */
  readonly homes: Homes | undefined;
  /** As `homes`. */
  readonly copies: Copies | undefined;
  readonly carried: Carried;
}

export function prepare(entry: Entry, around: Surroundings): Preparation {
  if (entry.fault !== undefined) return { refused: entry.fault };
  const type = textAt(entry.value, 'resourceType');
  if (!isObject(entry.value) || type === undefined) return { refused: 'It is no resource: it has no resourceType.' };
  const kept = storedHome(type);
  if (kept === undefined)
    return type === 'Bundle' ? { refused: 'A Bundle within another, or on a line, is not loaded.' } : { skipped: type };
  if (type === 'Patient' && isOfAnotherVersion(entry.value)) return { refused: NOT_R4 };
  const key = sourceKeyOf(entry);
  if (key === undefined) return { refused: isNamed(entry) ? IMPOSSIBLE_ID : 'It has no id, and no UUID in fullUrl.' };
  return kept === 'record' ? forRecord(entry, key, around) : forDirectory(entry, key, around);
}

/** DSTU2 has family names as a list: nothing of such a patient would be read rightly. */
const isOfAnotherVersion = (patient: unknown): boolean =>
  listOf(patient, 'name').some((name) => isObject(name) && Array.isArray(name['family']));
const NOT_R4 = 'It is no FHIR R4: its family name is a list, as in DSTU2.';

const isNamed = ({ value, fullUrl }: Entry): boolean =>
  textAt(value, 'id') !== undefined || /^urn:uuid:/i.test(fullUrl ?? '');
const IMPOSSIBLE_ID = 'Its id is not one FHIR allows: letters, digits, - and ., at most 64.';

function forDirectory(entry: Entry, key: SourceKey, { names }: Surroundings): Preparation {
  if (isResidence(entry.value)) return { refused: 'It is where somebody lives: that is not kept in the directory.' };
  return { entry, patient: undefined, store: { resource: withoutPrivateParts(renamed(entry.value, key, names)) } };
}

function forRecord(entry: Entry, key: SourceKey, around: Surroundings): Preparation {
  const { names, homes, carried } = around;
  const home = homeOf(entry.value, key, names, homes);
  if ('fault' in home) return { refused: home.fault };
  const { patient } = home;
  if (homes !== undefined) rememberHome(homes, key, patient);
  if (refersToMedication(key.type)) {
    const { resource, medications } = withMedications(entry.value as Resource, { ...around, patient });
    return { entry, patient, store: { resource: renamed(resource, key, names) }, medications };
  }
  const told = key.type === 'Provenance' ? aboutCopies(entry.value as Resource, { ...around, patient }) : entry.value;
  const resource = renamed(told, key, names);
  if (!mayHaveDocuments(key.type)) return { entry, patient, store: { resource } };
  try {
    return { entry, patient, store: withoutContents(resource, carried) };
  } catch (error) {
    if (error instanceof BadAttachment) return { refused: error.message };
    throw error;
  }
}

/** With the ids it and others have here. */
const renamed = (value: unknown, key: SourceKey, names: Names): ToStore['resource'] => ({
  ...(withFinalReferences(names, value) as Record<string, unknown>),
  resourceType: key.type,
  id: finalId(names.origin, key),
});
