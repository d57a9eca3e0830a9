import { storedHome, type ToStore } from '../fhir/index.ts';
import { BadAttachment, type Binaries, withoutContents } from './attachments.ts';
import { withoutPrivateParts } from './directory.ts';
import type { Entry } from './entry.ts';
import { type Homes, homeKey, homeOf } from './home.ts';
import { isObject, textAt } from './json-value.ts';
import { finalId, type Names, sourceKeyOf, withFinalReferences } from './names.ts';

/** A resource ready to be stored, as soon as its record is known. */
export interface Prepared {
  readonly entry: Entry;
  readonly store: ToStore;
  /** The patient whose record it goes to, by the source's id; undefined: the practice's directory. */
  readonly patient: string | undefined;
}

export type Preparation = Prepared | { readonly skipped: string } | { readonly refused: string };

/** @param homes is read, and told where this one belongs; undefined when nothing in the input asks */
export function prepare(entry: Entry, names: Names, homes: Homes | undefined, binaries: Binaries): Preparation {
  if (entry.fault !== undefined) return { refused: entry.fault };
  const type = textAt(entry.value, 'resourceType');
  if (!isObject(entry.value) || type === undefined) return { refused: 'It is no resource: it has no resourceType.' };
  const kept = storedHome(type);
  if (kept === undefined)
    return type === 'Bundle' ? { refused: 'A Bundle within another, or on a line, is not loaded.' } : { skipped: type };
  const key = sourceKeyOf(entry);
  if (key === undefined) return { refused: 'It has no id, and no UUID in fullUrl.' };
  if (!POSSIBLE_ID.test(key.sourceId))
    return { refused: 'Its id is not one FHIR allows: letters, digits, - and ., at most 64.' };
  const home = kept === 'record' ? homeOf(entry.value, key, names, homes) : undefined;
  if (home !== undefined && 'fault' in home) return { refused: home.fault };
  if (home !== undefined) homes?.set(homeKey(key), home.patient);
  const renamed = withFinalReferences(names, entry.value) as Record<string, unknown>;
  const resource = { ...renamed, resourceType: type, id: finalId(names.origin, key) };
  if (home === undefined) return { entry, patient: undefined, store: { resource: withoutPrivateParts(resource) } };
  if (type !== 'DocumentReference') return { entry, patient: home.patient, store: { resource } };
  try {
    return { entry, patient: home.patient, store: withoutContents(resource, binaries) };
  } catch (error) {
    if (error instanceof BadAttachment) return { refused: error.message };
    throw error;
  }
}

const POSSIBLE_ID = /^[A-Za-z0-9.-]{1,64}$/;
