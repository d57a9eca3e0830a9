import { splitEscaped, unescapeValue } from './escaping.ts';
import { CLINICAL, SUBSUMED_CODES, VALUE_SETS } from './known-codes.ts';
import { asList, asText, isObject } from './nodes.ts';
import { normalizeText } from './string-rule.ts';

export interface Coded {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

/**
 * Returns the codes of a CodeableConcept, Coding, Identifier, ContactPoint or plain code (FHIR R4 search §3.1.1.4.10).
 */
export function codedValues(node: unknown): readonly Coded[] {
  if (!isObject(node)) return [{ system: undefined, code: String(node) }];
  if ('coding' in node) return asList(node['coding']).flatMap(codedValues);
  return [{ system: asText(node['system']), code: asText(node['code']) ?? asText(node['value']) }];
}

/** Returns the texts that `:text` searches: CodeableConcept.text, Coding.display and Identifier.type.text. */
export function displayTexts(node: unknown): readonly string[] {
  if (!isObject(node)) return [];
  const codings = asList(node['coding']).flatMap(displayTexts);
  const type = node['type'] === undefined ? [] : displayTexts(node['type']);
  return [node['text'], node['display']].filter((text) => typeof text === 'string').concat(codings, type);
}

/**
 * Whether a code matches a searched token. For `:not` and `:not-in`, callers negate the result without a modifier and
 * with `:in`.
 * @param implied the code system of an element of type `code`, whose values don't name it. They match with this system
 * or without any
 */
export function tokenMatches(node: unknown, modifier: string | undefined, written: string, implied?: string): boolean {
  if (modifier === 'text')
    return displayTexts(node).some((text) =>
      ` ${normalizeText(text)}`.includes(` ${normalizeText(unescapeValue(written))}`),
    );
  const parts = splitEscaped(written, '|').map(unescapeValue);
  if (modifier === 'of-type') return typeMatches(node, parts);
  return codedValues(node).some(({ system, code }) => {
    const own = [system ?? '', ...(isObject(node) || implied === undefined ? [] : [implied])];
    const is = (one: Coded) => own.includes(one.system ?? '') && sameCode(code, one.code);
    if (modifier === 'in') return VALUE_SETS[unescapeValue(written)]?.some(is) ?? false;
    if (modifier === 'below' || modifier === 'above') return relatedTo(parts[1] ?? '', modifier).some(is);
    const [first = '', second] = parts;
    if (second === undefined) return sameCode(code, first);
    return second === '' ? own.includes(first) : is({ system: first, code: second });
  });
}

/** This server ignores the case of codes: `lab` finds `LAB`. */
const sameCode = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase();

/** Whether an Identifier has the type and value of a searched `system|code|value`. */
const typeMatches = (node: unknown, [system, code, value]: readonly string[]): boolean =>
  isObject(node) &&
  sameCode(asText(node['value']), value) &&
  codedValues(node['type'] ?? {}).some((one) => one.system === system && sameCode(one.code, code));

/** Returns the codes below or above a code, in the only hierarchical code system of this test. */
const relatedTo = (code: string, direction: 'below' | 'above'): readonly Coded[] =>
  Object.keys(SUBSUMED_CODES)
    .filter((other) =>
      SUBSUMED_CODES[direction === 'below' ? code : other]?.includes(direction === 'below' ? other : code),
    )
    .map((other) => ({ system: CLINICAL, code: other }));

/** Compares security labels in any case, including the system, because sources write them in different ways. */
export const labelMatches = (node: unknown, modifier: string | undefined, written: string): boolean =>
  modifier === undefined
    ? tokenMatches(lowered(node), modifier, written.toLowerCase())
    : tokenMatches(node, modifier, written);

function lowered(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(lowered);
  if (!isObject(node)) return typeof node === 'string' ? node.toLowerCase() : node;
  return Object.fromEntries(Object.entries(node).map(([name, value]) => [name, lowered(value)]));
}
