import type { Resource } from '../fhir/index.ts';
import { isObject, listOf, textAt } from './json-value.ts';

/** What a directory does not say of the people in it. */
const PRIVATE = ['birthDate', 'photo'];

/** Someone's home is no place of the practice: who lives there is told by who was visited there. */
export const isResidence = (resource: unknown): boolean =>
  textAt(resource, 'resourceType') === 'Location' &&
  (listOf(resource, 'type').some((type) => hasCode(type, 'PTRES')) ||
    (isObject(resource) && hasCode(resource['physicalType'], 'ho')));

const hasCode = (concept: unknown, code: string): boolean =>
  listOf(concept, 'coding').some((coding) => textAt(coding, 'code')?.toLowerCase() === code.toLowerCase());

/**
 * An entry of the directory as every patient of the practice may see it: without home addresses and private numbers, date
 * of birth and photograph. A narrative may repeat them in words, so it goes with them.
 */
export function withoutPrivateParts<R extends Resource>(resource: R): R {
  const kept = Object.entries(resource)
    .filter(([name]) => !PRIVATE.includes(name) && !PRIVATE.includes(name.replace(/^_/, '')))
    .map(([name, value]) => [name, publicPart(resource.resourceType, name, value)] as const)
    .filter(([, value]) => value !== undefined);
  const stripped = Object.fromEntries(kept) as R;
  if (JSON.stringify(stripped) === JSON.stringify(resource)) return resource;
  const { text: _narrative, ...rest } = stripped;
  return rest as unknown as R;
}

function publicPart(type: string, name: string, value: unknown): unknown {
  if (name === 'telecom') return without(value, (use) => use === 'home' || use === 'mobile');
  if (name !== 'address') return value;
  // A person's address that does not say it is of work may be where they live.
  return without(value, (use) => (type === 'Practitioner' ? use !== 'work' : use === 'home'));
}

function without(value: unknown, isPrivate: (use: string | undefined) => boolean): unknown {
  const isOut = (item: unknown) => isPrivate(textAt(item, 'use'));
  if (!Array.isArray(value)) return isOut(value) ? undefined : value;
  const kept = value.filter((item) => !isOut(item));
  return kept.length === 0 ? undefined : kept;
}
