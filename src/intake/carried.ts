import type { Entry } from './entry.ts';
import { textAt } from './json-value.ts';

/** Types that say nothing of whose they are: they go along with what points to them. */
const CARRIED = ['Binary', 'Medication'];

export const isCarried = (type: string | undefined): boolean => CARRIED.includes(type ?? '');

export interface Carried {
  /** By `fullUrl` and by `Type/id`, with or without a version; a name that two have is none. */
  find(name: string): Entry | undefined;
  /** Those that went along with something, as they came. */
  readonly taken: Set<unknown>;
}

/** @param around what the whole input has, for names that these entries do not have */
export function carriedIn(entries: readonly Entry[], around?: Carried): Carried {
  const own = new Map<string, Entry | undefined>();
  for (const entry of entries) {
    const { value, fullUrl, fault } = entry;
    const type = textAt(value, 'resourceType');
    if (!isCarried(type) || fault !== undefined) continue;
    const id = textAt(value, 'id');
    for (const name of new Set([fullUrl, id === undefined ? undefined : `${type}/${id}`])) {
      if (name !== undefined) own.set(name, own.has(name) ? undefined : entry);
    }
  }
  const find = (name: string): Entry | undefined => {
    const plain = own.has(name) ? name : name.replace(/\/_history\/[^/]*$/, '');
    return own.has(plain) ? own.get(plain) : around?.find(name);
  };
  return { find, taken: around?.taken ?? new Set() };
}
