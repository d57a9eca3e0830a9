import type { Entry } from './entry.ts';
import { textAt } from './json-value.ts';

/** Types without a place of their own here: they go along with what points to them. */
const CARRIED = ['Binary', 'Medication'];

export const isCarried = (type: string | undefined): boolean => CARRIED.includes(type ?? '');

export interface Carried {
  /** By `fullUrl` and by `Type/id`; a name that two have is none. */
  find(name: string): unknown;
  /** Those that went along with something. */
  readonly taken: Set<unknown>;
}

/** @param around what the whole input has, for names that these entries do not have */
export function carriedIn(entries: readonly Entry[], around?: Carried): Carried {
  const own = new Map<string, unknown>();
  for (const { value, fullUrl, fault } of entries) {
    const type = textAt(value, 'resourceType');
    if (!isCarried(type) || fault !== undefined) continue;
    const id = textAt(value, 'id');
    for (const name of new Set([fullUrl, id === undefined ? undefined : `${type}/${id}`])) {
      if (name !== undefined) own.set(name, own.has(name) ? undefined : value);
    }
  }
  return { find: (name) => (own.has(name) ? own.get(name) : around?.find(name)), taken: around?.taken ?? new Set() };
}
