import { textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';

/**
 * Types that don't say which patient they belong to. Such a resource is stored with each resource that refers to it, in
 * the same patient record.
 */
const INLINED_TYPES = ['Binary', 'Medication'];

export const isInlinedType = (type: string | undefined): boolean => INLINED_TYPES.includes(type ?? '');

export interface InlinedResources {
  /**
   * Finds a Binary or Medication by `fullUrl` or by `Type/id`, with or without a version. If two of them have the same
   * `fullUrl` or `Type/id`, it finds neither.
   */
  find(name: string): ImportEntry | undefined;
  /** Binaries and Medications, as sent, that have been stored with a resource that refers to them. */
  readonly stored: Set<unknown>;
}

/**
 * Collects the Binaries and Medications of these entries.
 * @param outer Binaries and Medications of the whole import, which `find` returns if none of the entries matches
 */
export function collectInlined(entries: readonly ImportEntry[], outer?: InlinedResources): InlinedResources {
  const entriesByName = new Map<string, ImportEntry | undefined>();
  for (const entry of entries) {
    const { value, fullUrl, error } = entry;
    const type = textAt(value, 'resourceType');
    if (!isInlinedType(type) || error !== undefined) continue;
    const id = textAt(value, 'id');
    for (const name of new Set([fullUrl, id === undefined ? undefined : `${type}/${id}`])) {
      if (name !== undefined) entriesByName.set(name, entriesByName.has(name) ? undefined : entry);
    }
  }
  const find = (name: string): ImportEntry | undefined => {
    const unversioned = entriesByName.has(name) ? name : name.replace(/\/_history\/[^/]*$/, '');
    return entriesByName.has(unversioned) ? entriesByName.get(unversioned) : outer?.find(name);
  };
  return { find, stored: outer?.stored ?? new Set() };
}
