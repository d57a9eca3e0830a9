import { listOf } from './json-value.ts';

/**
 * In characters of JSON without attachment data. Code that traverses a resource does so without interruption, which
 * limits its size.
 */
export const LARGEST_RESOURCE = 524_288;
/** Maximum number of contained resources. */
const MOST_CONTAINED = 1000;

/** Reason why a resource is too large to be stored; undefined if it isn't. */
export function sizeFault(resource: unknown): string | undefined {
  if (listOf(resource, 'contained').length > MOST_CONTAINED)
    return `It contains more than ${MOST_CONTAINED} resources. Send them by themselves.`;
  return lettersOf(resource, LARGEST_RESOURCE) > LARGEST_RESOURCE ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `It has more than ${LARGEST_RESOURCE / 1024} KB without the data of its attachments. Send it in parts.`;

/** Approximate length of the value's JSON. @param most counting stops above this length */
function lettersOf(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  let size = 2;
  for (const [name, member] of Object.entries(value)) {
    if (size > limit) return size;
    const isData = name === 'data' && typeof member === 'string';
    size += (Array.isArray(value) ? 1 : name.length + 3) + (isData ? 0 : lettersOf(member, limit - size));
  }
  return size;
}
