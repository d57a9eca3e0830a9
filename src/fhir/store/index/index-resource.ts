import { isObject } from '../../../kernel/index.ts';
import type { Resource } from '../../model/fhir-version.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { type TimeRange, toPostgresInstant } from '../../model/time-range.ts';
import { extractElementGroups } from './element-groups.ts';
import { elementsAt, enclosingSpan, extractCodes, toDateSpan } from './elements.ts';
import { extractReferenceIdentifiers, extractTypedIdentifiers } from './identifiers.ts';
import type { AnyTokenIndex } from './index-definitions.ts';
import { getIndexPlan, type IndexPlan, isDeceasedIndex, restrictToPresent } from './index-plan.ts';
import { extractQuantities } from './quantities.ts';
import { extractDisplayTexts, extractStrings, normalizeText } from './text-normalization.ts';
import {
  ancestorTokens,
  codeTokens,
  type IndexToken,
  normalizeCode,
  presenceToken,
  referenceTokens,
  uriToken,
} from './token-hash.ts';

/** The values by which searches find one resource. They are stored in columns of the resource's row. */
export interface IndexEntry {
  readonly sortAt: string;
  /**
   * Start and end of the date of each date parameter, in the order of the parameters. Both are null if the resource has
   * no such date.
   */
  readonly dates: readonly (string | null)[];
  readonly flags: readonly IndexToken[];
  readonly codes: readonly IndexToken[];
  /**
   * JSON of values that no database index covers, so they only filter resources that other conditions find. The key
   * `name` has normalized strings, quantities or component values of composite parameters. `name:exact` has strings as
   * written, `name:text` the display texts of codes, and `name:spans` the dates if there are several. null if the
   * resource has no such values.
   */
  readonly extra: string | null;
}

/**
 * Computes the search index values of a resource. It reads plain element paths, because evaluating FHIRPath would take
 * most of the time of an import.
 */
export function indexResource(resource: Resource): IndexEntry {
  const type = restrictToPresent(resource, getIndexPlan(resource.resourceType));
  const tokens = { flags: new Set<IndexToken>(), codes: new Set<IndexToken>() };
  for (const { name, definition: index } of type.tokens) {
    for (const code of extractIndexCodes(resource, index)) {
      const implied = 'system' in index;
      for (const token of codeTokens(name, code, implied)) tokens[index.column].add(token);
      tokens.flags.add(presenceToken(name));
    }
  }
  for (const { name, definition: paths } of type.references) {
    for (const element of valuesAtPaths(resource, paths)) {
      // A canonical is a JSON string with the URL. A Reference is an object with the URL in its element `reference`.
      const text = isObject(element) ? element['reference'] : element;
      if (isObject(element) || typeof text === 'string') tokens.flags.add(presenceToken(name));
      if (typeof text === 'string') for (const token of referenceTokens(name, text)) tokens.codes.add(token);
    }
  }
  for (const { name, definition: paths } of type.uris) {
    for (const uri of valuesAtPaths(resource, paths)) {
      if (typeof uri !== 'string') continue;
      tokens.codes.add(uriToken(name, uri));
      tokens.flags.add(presenceToken(name));
      for (const token of ancestorTokens(name, uri)) tokens.flags.add(token);
    }
  }
  return {
    sortAt: findSortDate(resource, type.sort),
    dates: type.dates.flatMap((paths) => toDateSlot(dateSpanAt(resource, paths))),
    flags: [...tokens.flags],
    codes: [...tokens.codes],
    extra: buildExtra(resource, type),
  };
}

function buildExtra(resource: Resource, type: IndexPlan): string | null {
  const extra: Record<string, unknown> = {};
  for (const { name, definition: paths } of type.strings) {
    const strings = distinct(valuesAtPaths(resource, paths).flatMap(extractStrings));
    if (strings.length === 0) continue;
    extra[name] = distinct(strings.map(normalizeText));
    extra[`${name}:exact`] = strings;
  }
  for (const { name, definition: paths } of type.quantities) {
    const quantities = valuesAtPaths(resource, paths).flatMap(extractQuantities);
    if (quantities.length > 0) extra[name] = quantities;
  }
  for (const { name, definition: paths } of type.repeating) {
    const spans = dateSpansAt(resource, paths).map(toDateSlot);
    if (spans.length > 1) extra[`${name}:spans`] = spans;
  }
  for (const { name, definition: group } of type.groups) {
    const groups = extractElementGroups(resource, group);
    if (groups.length > 0) extra[name] = groups;
  }
  for (const { name, definition: index } of type.tokens) {
    if (!('paths' in index)) continue;
    const words = distinct(valuesAtPaths(resource, index.paths).flatMap(extractDisplayTexts).map(normalizeText)).filter(
      (text) => text !== '',
    );
    if (words.length > 0) extra[`${name}:text`] = words;
  }
  return Object.keys(extra).length === 0 ? null : toJsonbText(JSON.stringify(extra));
}

/** Replaces characters that PostgreSQL's jsonb rejects: NUL and unpaired surrogates. */
const toJsonbText = (json: string): string =>
  json.includes('\\u') ? json.replaceAll(/\\u(?:0000|d[89a-f][0-9a-f]{2})/gi, '\\ufffd') : json;

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

function extractIndexCodes(resource: Resource, index: AnyTokenIndex): readonly TokenValue[] {
  if (isDeceasedIndex(index)) return [{ system: undefined, code: String(isPatientDeceased(resource)) }];
  if ('typesOf' in index) return elementsAt(resource, `${index.typesOf}.reference`).flatMap(referencedTypes);
  if ('identifiers' in index) return valuesAtPaths(resource, index.identifiers).flatMap(extractTypedIdentifiers);
  if ('referred' in index) return index.referred.flatMap((path) => extractReferenceIdentifiers(resource, path));
  if ('paths' in index) {
    const codes = valuesAtPaths(resource, index.paths).flatMap((element) => extractCodes(element, index.system));
    return index.folded === true ? codes.map(normalizeCode) : codes;
  }
  const texts = index.pair.map(({ path, system }) => {
    const codes = elementsAt(resource, path).flatMap((element) => extractCodes(element, system));
    return codes.find((code) => code.system === system)?.code ?? '';
  });
  return [{ system: undefined, code: texts.join('/') }];
}

const isPatientDeceased = (resource: Resource): boolean =>
  resource['deceasedDateTime'] !== undefined || resource['deceasedBoolean'] === true;

/** Returns the type that a reference of the form `Type/id` names. */
function referencedTypes(reference: unknown): readonly TokenValue[] {
  const [, code] = /^([A-Za-z]+)\/[^/]+$/.exec(String(reference)) ?? [];
  return code === undefined ? [] : [{ system: undefined, code }];
}

function toDateSlot(span: TimeRange | undefined): readonly (string | null)[] {
  return span === undefined ? [null, null] : [formatInstant(span.low), formatInstant(span.high)];
}

const cachedInstants = new Map<number, string>();
const MAX_CACHED_INSTANTS = 5000;

/** Formats an instant for PostgreSQL. Results are cached, because many resources of one visit have the same times. */
function formatInstant(milliseconds: number): string {
  const known = cachedInstants.get(milliseconds);
  if (known !== undefined) return known;
  if (cachedInstants.size >= MAX_CACHED_INSTANTS) cachedInstants.clear();
  const text = toPostgresInstant(milliseconds);
  cachedInstants.set(milliseconds, text);
  return text;
}

/** Returns the date by which a resource is sorted: the start of its main date, or the end if only the end is known. */
function findSortDate(resource: Resource, paths: readonly string[]): string {
  for (const path of paths) {
    const span = dateSpanAt(resource, [path]);
    if (span !== undefined) return formatInstant(Number.isFinite(span.low) ? span.low : span.high);
  }
  return '-infinity';
}

/** Places of the texts in an element with a date: the element itself, a Period or a Timing. */
const DATE_TEXTS = ['', '.start', '.end', '.event', '.repeat.boundsPeriod.start', '.repeat.boundsPeriod.end'];

/**
 * Whether the main date of a resource, by which it is sorted, has a time of day. A date without one is the same day in
 * all time zones.
 * @param type R4 type that the server stores
 */
export function hasTimeOfDay(type: string, resource: unknown): boolean {
  for (const path of getIndexPlan(type).sort) {
    const span = enclosingSpan(
      elementsAt(resource, path)
        .map(toDateSpan)
        .filter((one) => one !== undefined),
    );
    if (span === undefined) continue;
    const bound = Number.isFinite(span.low) ? 'low' : 'high';
    return DATE_TEXTS.flatMap((place) => elementsAt(resource, `${path}${place}`)).some(
      (text) => typeof text === 'string' && text.includes('T') && toDateSpan(text)?.[bound] === span[bound],
    );
  }
  return false;
}

const valuesAtPaths = (resource: Resource, paths: readonly string[]): readonly unknown[] =>
  paths.length === 1 ? elementsAt(resource, paths[0] ?? '') : paths.flatMap((path) => elementsAt(resource, path));

const dateSpansAt = (resource: Resource, paths: readonly string[]): readonly TimeRange[] =>
  valuesAtPaths(resource, paths)
    .map(toDateSpan)
    .filter((span) => span !== undefined);

const dateSpanAt = (resource: Resource, paths: readonly string[]): TimeRange | undefined =>
  enclosingSpan(dateSpansAt(resource, paths));
