import { itemsAt } from '../../kernel/index.ts';

/**
 * In characters of JSON without attachment data. Code that traverses a resource does so without interruption, which
 * limits its size.
 */
export const MAX_RESOURCE_SIZE = 524_288;
/** Maximum number of contained resources. */
const MAX_CONTAINED = 1000;

/** Reason why a resource is too large to be stored; undefined if it isn't. */
export function checkResourceSize(resource: unknown): string | undefined {
  if (itemsAt(resource, 'contained').length > MAX_CONTAINED)
    return `It contains more than ${MAX_CONTAINED} resources. Send them by themselves.`;
  return estimateSize(resource, MAX_RESOURCE_SIZE) > MAX_RESOURCE_SIZE ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `It has more than ${MAX_RESOURCE_SIZE / 1024} KB without the data of its attachments. Send it in parts.`;

/** Approximate length of the value's JSON. @param most counting stops above this length */
function estimateSize(value: unknown, limit: number): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  let size = 2;
  for (const [name, member] of Object.entries(value)) {
    if (size > limit) return size;
    const isData = name === 'data' && typeof member === 'string';
    size += (Array.isArray(value) ? 1 : name.length + 3) + (isData ? 0 : estimateSize(member, limit - size));
  }
  return size;
}
