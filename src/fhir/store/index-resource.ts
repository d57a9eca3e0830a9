import { instantText, type Span } from '../core/span.ts';
import type { Resource } from '../core/version.ts';
import { groupsOf } from './element-groups.ts';
import { type Code, codesOf, elementsAt, isObject, outer, spanOf } from './elements.ts';
import { referredAt, typedIdentifier } from './identifiers.ts';
import { isDeceased, presentIn, type Reading, readingOf } from './index-reading.ts';
import type { AnyTokenIndex } from './index-table.ts';
import { quantitiesOf } from './quantity.ts';
import {
  foldedCode,
  type Token,
  tokenOfPresence,
  tokenOfUri,
  tokensOfAncestors,
  tokensOfCode,
  tokensOfReference,
} from './token-hash.ts';
import { folded, stringsOf, wordsOf } from './words.ts';

/** The values a stored resource is searched by. */
export interface IndexEntry {
  readonly sortAt: string;
  /** Low and high of each date parameter in turn; null if the resource has no value. */
  readonly dates: readonly (string | null)[];
  readonly flags: readonly Token[];
  readonly codes: readonly Token[];
  /**
   * JSON of values that only filter rows and are never looked up: `name` has folded strings, quantities or element
   * groups, `name:exact` the strings as written, `name:text` the display texts of coded elements, and `name:spans` the
   * dates if there are several. null if there are none.
   */
  readonly extra: string | null;
}

/**
 * Computes the index values of a resource. Reads plain element paths, because a FHIRPath evaluator would take most of
 * the time of an import.
 */
export function indexResource(resource: Resource): IndexEntry {
  const type = presentIn(resource, readingOf(resource.resourceType));
  const tokens = { flags: new Set<Token>(), codes: new Set<Token>() };
  for (const { name, of: index } of type.tokens) {
    for (const code of codesAt(resource, index)) {
      const implied = 'system' in index;
      for (const token of tokensOfCode(name, code, implied)) tokens[index.column].add(token);
      tokens.flags.add(tokenOfPresence(name));
    }
  }
  for (const { name, of: paths } of type.references) {
    for (const element of allAt(resource, paths)) {
      // A canonical is a plain string.
      const text = isObject(element) ? element['reference'] : element;
      if (isObject(element) || typeof text === 'string') tokens.flags.add(tokenOfPresence(name));
      if (typeof text === 'string') for (const token of tokensOfReference(name, text)) tokens.codes.add(token);
    }
  }
  for (const { name, of: paths } of type.uris) {
    for (const uri of allAt(resource, paths)) {
      if (typeof uri !== 'string') continue;
      tokens.codes.add(tokenOfUri(name, uri));
      tokens.flags.add(tokenOfPresence(name));
      for (const token of tokensOfAncestors(name, uri)) tokens.flags.add(token);
    }
  }
  return {
    sortAt: sortAt(resource, type.sort),
    dates: type.dates.flatMap((paths) => slotOf(spanAt(resource, paths))),
    flags: [...tokens.flags],
    codes: [...tokens.codes],
    extra: extraOf(resource, type),
  };
}

function extraOf(resource: Resource, type: Reading): string | null {
  const extra: Record<string, unknown> = {};
  for (const { name, of: paths } of type.strings) {
    const strings = distinct(allAt(resource, paths).flatMap(stringsOf));
    if (strings.length === 0) continue;
    extra[name] = distinct(strings.map(folded));
    extra[`${name}:exact`] = strings;
  }
  for (const { name, of: paths } of type.quantities) {
    const quantities = allAt(resource, paths).flatMap(quantitiesOf);
    if (quantities.length > 0) extra[name] = quantities;
  }
  for (const { name, of: paths } of type.repeating) {
    const spans = spansAt(resource, paths).map(slotOf);
    if (spans.length > 1) extra[`${name}:spans`] = spans;
  }
  for (const { name, of: group } of type.groups) {
    const groups = groupsOf(resource, group);
    if (groups.length > 0) extra[name] = groups;
  }
  for (const { name, of: index } of type.tokens) {
    if (!('paths' in index)) continue;
    const words = distinct(allAt(resource, index.paths).flatMap(wordsOf).map(folded)).filter((text) => text !== '');
    if (words.length > 0) extra[`${name}:text`] = words;
  }
  return Object.keys(extra).length === 0 ? null : printable(JSON.stringify(extra));
}

/** Replaces NUL and unpaired surrogates, which PostgreSQL's jsonb rejects. */
const printable = (json: string): string =>
  json.includes('\\u') ? json.replaceAll(/\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '\\ufffd') : json;

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function codesAt(resource: Resource, index: AnyTokenIndex): readonly Code[] {
  if (isDeceased(index)) return [{ system: undefined, code: String(deceased(resource)) }];
  if ('typesOf' in index) return elementsAt(resource, `${index.typesOf}.reference`).flatMap(typesOf);
  if ('identifiers' in index) return allAt(resource, index.identifiers).flatMap(typedIdentifier);
  if ('referred' in index) return index.referred.flatMap((path) => referredAt(resource, path));
  if ('paths' in index) {
    const codes = allAt(resource, index.paths).flatMap((element) => codesOf(element, index.system));
    return index.folded === true ? codes.map(foldedCode) : codes;
  }
  const texts = index.pair.map(({ path, system }) => {
    const codes = elementsAt(resource, path).flatMap((element) => codesOf(element, system));
    return codes.find((code) => code.system === system)?.code ?? '';
  });
  return [{ system: undefined, code: texts.join('/') }];
}

const deceased = (resource: Resource): boolean =>
  resource['deceasedDateTime'] !== undefined || resource['deceasedBoolean'] === true;

/** Returns the type of a reference within the record: `Type/id`. */
function typesOf(reference: unknown): readonly Code[] {
  const [, code] = /^([A-Za-z]+)\/[^/]+$/.exec(String(reference)) ?? [];
  return code === undefined ? [] : [{ system: undefined, code }];
}

function slotOf(span: Span | undefined): readonly (string | null)[] {
  return span === undefined ? [null, null] : [textOf(span.low), textOf(span.high)];
}

const instants = new Map<number, string>();
const MOST_INSTANTS = 5000;

/** Formats an instant. Cached, because many resources of one visit share the same times. */
function textOf(milliseconds: number): string {
  const known = instants.get(milliseconds);
  if (known !== undefined) return known;
  if (instants.size >= MOST_INSTANTS) instants.clear();
  const text = instantText(milliseconds);
  instants.set(milliseconds, text);
  return text;
}

/** Returns the start of the first date in order of preference, or its end if only the end is known. */
function sortAt(resource: Resource, paths: readonly string[]): string {
  for (const path of paths) {
    const span = spanAt(resource, [path]);
    if (span !== undefined) return textOf(Number.isFinite(span.low) ? span.low : span.high);
  }
  return '-infinity';
}

const allAt = (resource: Resource, paths: readonly string[]): readonly unknown[] =>
  paths.length === 1 ? elementsAt(resource, paths[0] ?? '') : paths.flatMap((path) => elementsAt(resource, path));

const spansAt = (resource: Resource, paths: readonly string[]): readonly Span[] =>
  allAt(resource, paths)
    .map(spanOf)
    .filter((span) => span !== undefined);

const spanAt = (resource: Resource, paths: readonly string[]): Span | undefined => outer(spansAt(resource, paths));
