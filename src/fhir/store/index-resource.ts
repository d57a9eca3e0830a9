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

/** What is kept of a resource to find it by. */
export interface IndexEntry {
  readonly sortAt: string;
  /** Low and high of each date parameter in turn; null where the resource has none. */
  readonly dates: readonly (string | null)[];
  readonly flags: readonly Token[];
  readonly codes: readonly Token[];
  /**
   * JSON of what is filtered and never looked up: `name` the folded strings, `name:exact` as they are, `name:text` the
   * words of tokens, quantities, groups of elements, and `name:spans` where there are several dates. null: nothing.
   */
  readonly extra: string | null;
}

/** Reads the index values by plain paths: an evaluator of FHIRPath would take most of the time of a load. */
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
      // A canonical is a text by itself.
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

/** PostgreSQL's jsonb takes neither NUL nor half a character. */
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
  const codes = index.pair.map(({ path, system }) => {
    const found = elementsAt(resource, path).flatMap((element) => codesOf(element, system));
    return found.find((code) => code.system === system)?.code ?? '';
  });
  return [{ system: undefined, code: codes.join('/') }];
}

const deceased = (resource: Resource): boolean =>
  resource['deceasedDateTime'] !== undefined || resource['deceasedBoolean'] === true;

/** Of references within the record alone: `Type/id`. */
function typesOf(reference: unknown): readonly Code[] {
  const [, code] = /^([A-Za-z]+)\/[^/]+$/.exec(String(reference)) ?? [];
  return code === undefined ? [] : [{ system: undefined, code }];
}

function slotOf(span: Span | undefined): readonly (string | null)[] {
  return span === undefined ? [null, null] : [textOf(span.low), textOf(span.high)];
}

const instants = new Map<number, string>();
const MOST_INSTANTS = 5000;

/** Those of a visit are the same for much that is told of it. */
function textOf(milliseconds: number): string {
  const known = instants.get(milliseconds);
  if (known !== undefined) return known;
  if (instants.size >= MOST_INSTANTS) instants.clear();
  const text = instantText(milliseconds);
  instants.set(milliseconds, text);
  return text;
}

/** The start of the first date there is, or its end when only that is known. */
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
