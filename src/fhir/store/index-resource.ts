import { instantText, type Span } from '../core/span.ts';
import type { Resource } from '../core/version.ts';
import { type Code, codesOf, elementsAt, isObject, outer, spanOf } from './elements.ts';
import { indexOf, type PairIndex, type TokenIndex, type TypeIndex } from './index-table.ts';
import { tokensOfCode, tokensOfReference } from './token-hash.ts';

/** What is kept of a resource to find it by. */
export interface IndexEntry {
  readonly sortAt: string;
  /** Low and high of each date parameter in turn; null where the resource has none. */
  readonly dates: readonly (string | null)[];
  readonly flags: readonly bigint[];
  readonly codes: readonly bigint[];
}

/** Reads the index values by plain paths: an evaluator of FHIRPath would take most of the time of a load. */
export function indexResource(resource: Resource): IndexEntry {
  const type = indexOf(resource.resourceType);
  const tokens = { flags: new Set<bigint>(), codes: new Set<bigint>() };
  for (const [name, index] of Object.entries(type.tokens)) {
    for (const code of codesAt(resource, index)) {
      const implied = 'system' in index;
      for (const token of tokensOfCode(name, code, implied)) tokens[index.column].add(token);
    }
  }
  for (const [name, paths] of Object.entries(type.references)) {
    for (const element of allAt(resource, paths)) {
      const text = isObject(element) ? element['reference'] : undefined;
      if (typeof text === 'string') for (const token of tokensOfReference(name, text)) tokens.codes.add(token);
    }
  }
  return {
    sortAt: sortAt(resource, type.sort),
    dates: Object.values(type.dates).flatMap((paths) => slotOf(spanAt(resource, paths))),
    flags: [...tokens.flags],
    codes: [...tokens.codes],
  };
}

function codesAt(resource: Resource, index: TokenIndex | PairIndex | TypeIndex): readonly Code[] {
  if ('typesOf' in index) return elementsAt(resource, `${index.typesOf}.reference`).flatMap(typesOf);
  if ('paths' in index) return allAt(resource, index.paths).flatMap((element) => codesOf(element, index.system));
  const codes = index.pair.map(({ path, system }) => {
    const found = elementsAt(resource, path).flatMap((element) => codesOf(element, undefined));
    return found.find((code) => code.system === system)?.code ?? '';
  });
  return [{ system: undefined, code: codes.join('/') }];
}

/** Of references within the record alone: `Type/id`. */
function typesOf(reference: unknown): readonly Code[] {
  const [, code] = /^([A-Za-z]+)\/[^/]+$/.exec(String(reference)) ?? [];
  return code === undefined ? [] : [{ system: undefined, code }];
}

function slotOf(span: Span | undefined): readonly (string | null)[] {
  return span === undefined ? [null, null] : [instantText(span.low), instantText(span.high)];
}

/** The start of the first date there is, or its end when only that is known. */
function sortAt(resource: Resource, paths: readonly string[]): string {
  for (const path of paths) {
    const span = spanAt(resource, [path]);
    if (span !== undefined) return instantText(Number.isFinite(span.low) ? span.low : span.high);
  }
  return '-infinity';
}

const allAt = (resource: Resource, paths: readonly string[]): readonly unknown[] =>
  paths.flatMap((path) => elementsAt(resource, path));

const spanAt = (resource: Resource, paths: readonly string[]): Span | undefined =>
  outer(
    allAt(resource, paths)
      .map(spanOf)
      .filter((span) => span !== undefined),
  );
