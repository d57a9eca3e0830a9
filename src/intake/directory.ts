import type { Resource } from '../fhir/index.ts';
import { textAt } from './json-value.ts';

/** What a directory does not say of the people in it. */
const PRIVATE = ['birthDate', 'photo'];

/**
 * A practitioner's entry as every patient of the practice may see it: without home addresses and numbers, date of birth
 * and photograph. A narrative may repeat them in words, so it goes with them.
 */
export function withoutPrivateParts<R extends Resource>(resource: R): R {
  const kept = Object.entries(resource)
    .filter(([name]) => !PRIVATE.includes(name) && !PRIVATE.includes(name.replace(/^_/, '')))
    .map(([name, value]) => [name, name === 'telecom' || name === 'address' ? withoutHome(value) : value] as const)
    .filter(([, value]) => value !== undefined);
  const stripped = Object.fromEntries(kept) as R;
  if (JSON.stringify(stripped) === JSON.stringify(resource)) return resource;
  const { text: _narrative, ...rest } = stripped;
  return rest as unknown as R;
}

function withoutHome(value: unknown): unknown {
  const isHome = (item: unknown) => textAt(item, 'use') === 'home';
  if (!Array.isArray(value)) return isHome(value) ? undefined : value;
  const kept = value.filter((item) => !isHome(item));
  return kept.length === 0 ? undefined : kept;
}
