import { isLosslessNumber } from 'lossless-json';
import { parseJson, printJson } from '../../../src/fhir/model/json.ts';
import { canonicalXhtml } from '../../../src/fhir/model/xml/xhtml.ts';

/**
 * Normalizes a JSON text, so that two texts with the same meaning are equal: names sorted, narratives canonical, and
 * without the comments that DSTU2's JSON allows. Numbers stay as written.
 */
export const normalizeJson = (json: string): string => printJson(normalizeValue(parseJson(json)));

function normalizeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeValue);
  if (typeof value !== 'object' || value === null || isLosslessNumber(value)) return value;
  const parts = Object.entries(value)
    .filter(([name]) => name !== 'fhir_comments')
    .map(([name, part]) => [name, name === 'div' ? canonicalXhtml(String(part)) : normalizeValue(part)] as const)
    .filter(([name, part]) => !(name.startsWith('_') && isNothing(part)));
  return Object.fromEntries(parts.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** Whether nothing remains of the sibling of a primitive (`_name`) when its comments are removed. */
const isNothing = (part: unknown): boolean =>
  Array.isArray(part)
    ? part.every(isNothing)
    : part === null || (typeof part === 'object' && Object.keys(part).length === 0);
