import { requirePermit } from '../../access/index.ts';
import { Problem } from '../../kernel/index.ts';
import { type Condition, idCondition } from '../core/condition.ts';
import { type EnforceContext, namesOf } from '../core/context.ts';
import { enforceIncluded } from '../core/enforce.ts';
import { parseJson } from '../core/json.ts';
import { asksForSets } from '../core/modifiers.ts';
import type { SearchContext } from '../core/search-context.ts';
import type { TokenValue } from '../core/search-parameter.ts';
import type { Pair } from '../core/search-request.ts';
import { alternatives, invalid, unescaped } from '../core/search-value.ts';
import { textOf } from '../core/value-set/json.ts';
import { membersOf, type Sources } from '../core/value-set/members.ts';
import type { Resource, ServedType } from '../core/version.ts';
import { findAll } from '../store/search.ts';
import type { FhirDeps } from './deps.ts';

const TYPE = 'ValueSet';
/** Each is looked up, and is made of others. */
const MOST_NAMED = 5;
/** Of all sets of a search: each code is held against each row. */
const MOST_CODES = 2000;

/** A canonical URL in its parts: `http://…/ValueSet/x|1.0`. */
interface Canonical {
  readonly url: string;
  readonly version: string | undefined;
}

/**
 * The codes of the value sets that `:in` and `:not-in` name, for the search to be read with. They are the practice's: who
 * may not search them can't search by them either.
 */
export async function valueSetsNamed(
  deps: FhirDeps,
  context: EnforceContext,
  searched: ServedType,
  pairs: readonly Pair[],
): Promise<Pick<SearchContext, 'valueSets'>> {
  const named = new Set(
    pairs.flatMap(([name, value]) => (asksForSets(modifierAtEnd(name)) ? alternatives(value) : [])),
  );
  const served = typeOf(context);
  if (named.size === 0 || served === undefined) return {};
  if (named.size > MOST_NAMED)
    throw invalid(`A search names at most ${MOST_NAMED} value sets. Ask in several searches.`);
  for (const type of [searched, served]) requirePermit(context.grant, 's', namesOf(type));
  const valueSets = new Map<string, readonly TokenValue[]>();
  let codes = 0;
  for (const text of [...named].map(unescaped)) {
    const found = await findValueSet(deps, context, served, text);
    if (found === undefined) throw invalid('This server does not have the value set that :in or :not-in names.');
    const members = await membersOf(found, sourcesOf(deps, context));
    codes += members.length;
    if (codes > MOST_CODES) throw invalid(`A search is by at most ${MOST_CODES} codes of value sets.`);
    valueSets.set(
      text,
      members.map(({ system = '', code }) => ({ system, code })),
    );
  }
  return { valueSets };
}

/** Also of what a link leads to: `_has:Observation:encounter:code:in`. */
const modifierAtEnd = (name: string): string | undefined => name.split(':').slice(1).at(-1);

/** `ValueSet/id`, its address here, or a canonical URL, with `|version` or without. */
function findValueSet(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  text: string,
): Promise<Resource | undefined> {
  const inside = text.startsWith(`${context.base}/`) ? text.slice(context.base.length + 1) : text;
  const [, id] = /^ValueSet\/([^/|]+)$/.exec(inside) ?? [];
  return id === undefined
    ? valueSetByUrl(deps, context, served, canonicalOf(text))
    : oneOf(deps, context, served, [idCondition([id])], undefined);
}

export function canonicalOf(text: string, version?: string): Canonical {
  const bar = text.lastIndexOf('|');
  return bar === -1 ? { url: text, version } : { url: text.slice(0, bar), version: version ?? text.slice(bar + 1) };
}

/** The practice's own before those that FHIR defines. undefined: there is none, or not in this version. */
export async function valueSetByUrl(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  { url, version }: Canonical,
): Promise<Resource | undefined> {
  const own = await oneOf(deps, context, served, [{ kind: 'uri', index: 'url', values: [url] }], version);
  if (own !== undefined) return own;
  const defined = context.version.terminology?.valueSet(url);
  return defined === undefined || isVersion(defined, version) ? defined : undefined;
}

async function oneOf(
  deps: FhirDeps,
  context: EnforceContext,
  served: ServedType,
  conditions: readonly Condition[],
  version: string | undefined,
): Promise<Resource | undefined> {
  const query = enforceIncluded(context, served, undefined, conditions);
  const rows = query === undefined ? [] : await findAll(deps.db, query);
  // The newest first, by their dates.
  return rows.map(({ content }) => parseJson(content) as Resource).find((one) => isVersion(one, version));
}

const isVersion = (valueSet: Resource, version: string | undefined): boolean =>
  version === undefined || textOf(valueSet['version']) === version;

/** What value sets may be made of, as far as the grant allows it. */
export function sourcesOf(deps: FhirDeps, context: EnforceContext): Sources {
  const served = typeOf(context);
  return {
    codeSystem: (url) => context.version.terminology?.codeSystem(url),
    valueSet: async (url) =>
      served === undefined ? undefined : valueSetByUrl(deps, context, served, canonicalOf(url)),
  };
}

const typeOf = ({ version }: EnforceContext): ServedType | undefined =>
  version.types.find(({ stored }) => stored === TYPE);

export const noValueSet = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message:
      'There is no such value set in what this access token is for, nor among those of FHIR and US Core that this server has.',
  });
