import { itemsAt } from '../../kernel/index.ts';

/**
 * Maximum size of a resource, in characters of JSON without attachment data. Code that traverses a resource blocks
 * other work meanwhile, so the size must be limited.
 */
export const MAX_RESOURCE_SIZE = 524_288;
/** Maximum number of contained resources in a resource. */
const MAX_CONTAINED = 1000;

/** Returns the reason why a resource is too large to be stored. Returns undefined if it isn't. */
export function checkResourceSize(resource: unknown): string | undefined {
  if (itemsAt(resource, 'contained').length > MAX_CONTAINED)
    return `The resource contains more than ${MAX_CONTAINED} resources. Send them separately.`;
  return estimateSize(resource, MAX_RESOURCE_SIZE) > MAX_RESOURCE_SIZE ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `The resource is larger than ${MAX_RESOURCE_SIZE / 1024} KB without its attachment data. Send it in parts.`;

/**
 * Returns the approximate length of the JSON of a value.
 * @param limit length above which counting stops
 */
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
