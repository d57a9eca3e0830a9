import { isLosslessNumber } from 'lossless-json';
import { parseJson, printJson } from '../../../src/fhir/model/json.ts';
import { canonicalXhtml } from '../../../src/fhir/model/xml/xhtml.ts';

/**
 * Normalizes JSON text so that two texts of the same meaning are equal: names sorted, narratives canonical, without the
 * comments of DSTU2's JSON. Numbers stay as written.
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

/** The remainder of a primitive's other half without its comments. */
const isNothing = (part: unknown): boolean =>
  Array.isArray(part)
    ? part.every(isNothing)
    : part === null || (typeof part === 'object' && Object.keys(part).length === 0);
