import { listOf } from './json-value.ts';

/** Letters of one resource, without the data of its attachments: what walks through it walks through it whole. */
export const LARGEST_RESOURCE = 524_288;
/** Resources within one. */
const MOST_CONTAINED = 1000;

/** Why a resource is too large to be stored; undefined: it is not. */
export function sizeFault(resource: unknown): string | undefined {
  if (listOf(resource, 'contained').length > MOST_CONTAINED)
    return `It contains more than ${MOST_CONTAINED} resources. Send them by themselves.`;
  return lettersOf(resource, LARGEST_RESOURCE) > LARGEST_RESOURCE ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `It has more than ${LARGEST_RESOURCE / 1024} KB without the data of its attachments. Send it in parts.`;

/** About as many as its JSON has. @param most it is not counted further */
function lettersOf(value: unknown, most: number): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  let letters = 2;
  for (const [name, member] of Object.entries(value)) {
    if (letters > most) return letters;
    const isData = name === 'data' && typeof member === 'string';
    letters += (Array.isArray(value) ? 1 : name.length + 3) + (isData ? 0 : lettersOf(member, most - letters));
  }
  return letters;
}
