import { requireAccess } from '../../../access/index.ts';
import { nonEmptyText, Problem } from '../../../kernel/index.ts';
import { enforceIncluded } from '../../authorization/enforce.ts';
import { type EnforcementContext, scopeTypeNames } from '../../authorization/enforcement-context.ts';
import { idIn, type RowCondition } from '../../model/condition.ts';
import type { Resource, ServedType } from '../../model/fhir-version.ts';
import { parseJson } from '../../model/json.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { listValueSetMembers, type ValueSetSources } from '../../model/terminology/value-set-members.ts';
import { isValueSetModifier } from '../../search/modifiers.ts';
import type { SearchContext } from '../../search/search-context.ts';
import type { QueryParameter } from '../../search/search-request.ts';
import { invalidSearch, splitAlternatives, unescapeValue } from '../../search/values/search-value.ts';
import { findAllMatches } from '../../store/query/search.ts';
import type { FhirDeps } from '../deps.ts';

const TYPE = 'ValueSet';
/** Maximum number of value sets in a search. Each one is looked up and may include other value sets. */
const MAX_VALUE_SETS = 5;
/** Maximum number of codes in all value sets of a search. Each code is compared with each row. */
const MAX_CODES = 2000;

/** A canonical URL split into URL and version, such as `http://…/ValueSet/x|1.0`. */
interface CanonicalUrl {
  readonly url: string;
  readonly version: string | undefined;
}

/**
 * Finds the codes of the value sets that parameters with the modifiers `:in` and `:not-in` refer to. Value sets belong
 * to the practice, so a token that may not search ValueSet can't use these modifiers.
 * @throws Problem 400 if a value set is unknown or there are too many
 */
export async function resolveValueSets(
  deps: FhirDeps,
  context: EnforcementContext,
  searched: ServedType,
  pairs: readonly QueryParameter[],
): Promise<Pick<SearchContext, 'valueSets'>> {
  const requested = new Set(
    pairs.flatMap(([name, value]) => (isValueSetModifier(lastModifier(name)) ? splitAlternatives(value) : [])),
  );
  const served = valueSetType(context);
  if (requested.size === 0 || served === undefined) return {};
  if (requested.size > MAX_VALUE_SETS)
    throw invalidSearch(`A search can name at most ${MAX_VALUE_SETS} value sets. Split it into several searches.`);
  for (const type of [searched, served]) requireAccess(context.grant, 's', scopeTypeNames(type));
  const valueSets = new Map<string, readonly TokenValue[]>();
  let codes = 0;
  for (const text of [...requested].map(unescapeValue)) {
    const found = await findValueSet(deps, context, served, text);
    if (found === undefined) throw invalidSearch('This server does not have the value set in :in or :not-in.');
    const members = await listValueSetMembers(found, valueSetSources(deps, context));
    codes += members.length;
    if (codes > MAX_CODES) throw invalidSearch(`A search can use at most ${MAX_CODES} codes of value sets.`);
    valueSets.set(
      text,
      members.map(({ system = '', code }) => ({ system, code })),
    );
  }
  return { valueSets };
}

/**
 * Returns the last modifier of a parameter name. It may be at the end of a chain, as in
 * `_has:Observation:encounter:code:in`.
 */
const lastModifier = (name: string): string | undefined => name.split(':').slice(1).at(-1);

/** Finds a value set by `ValueSet/id`, its URL in this API, or its canonical URL with or without `|version`. */
function findValueSet(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  text: string,
): Promise<Resource | undefined> {
  const relative = text.startsWith(`${context.base}/`) ? text.slice(context.base.length + 1) : text;
  const [, id] = /^ValueSet\/([^/|]+)$/.exec(relative) ?? [];
  return id === undefined
    ? valueSetByUrl(deps, context, served, parseCanonical(text))
    : findOwnValueSet(deps, context, served, [idIn([id])], undefined);
}

export function parseCanonical(text: string, version?: string): CanonicalUrl {
  const separator = text.lastIndexOf('|');
  return separator === -1
    ? { url: text, version }
    : { url: text.slice(0, separator), version: version ?? text.slice(separator + 1) };
}

/**
 * Finds a value set of the practice by its canonical URL, else one that FHIR defines. Returns undefined if there is
 * none with this version.
 */
export async function valueSetByUrl(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  { url, version }: CanonicalUrl,
): Promise<Resource | undefined> {
  const own = await findOwnValueSet(deps, context, served, [{ kind: 'uri', index: 'url', values: [url] }], version);
  if (own !== undefined) return own;
  const standard = context.version.terminology?.valueSet(url);
  return standard === undefined || isVersion(standard, version) ? standard : undefined;
}

async function findOwnValueSet(
  deps: FhirDeps,
  context: EnforcementContext,
  served: ServedType,
  conditions: readonly RowCondition[],
  version: string | undefined,
): Promise<Resource | undefined> {
  const query = enforceIncluded(context, served, undefined, conditions);
  const rows = query === undefined ? [] : await findAllMatches(deps.db, query);
  // The rows are sorted by the date of the value set, newest first. If several value sets match, the newest is used.
  return rows.map(({ content }) => parseJson(content) as Resource).find((one) => isVersion(one, version));
}

const isVersion = (valueSet: Resource, version: string | undefined): boolean =>
  version === undefined || nonEmptyText(valueSet['version']) === version;

/**
 * Returns functions that find the code systems and value sets that a value set may include, as far as the grant allows
 * them.
 */
export function valueSetSources(deps: FhirDeps, context: EnforcementContext): ValueSetSources {
  const served = valueSetType(context);
  return {
    codeSystem: (url) => context.version.terminology?.codeSystem(url),
    valueSet: async (url) =>
      served === undefined ? undefined : valueSetByUrl(deps, context, served, parseCanonical(url)),
  };
}

const valueSetType = ({ version }: EnforcementContext): ServedType | undefined =>
  version.types.find(({ stored }) => stored === TYPE);

export const valueSetNotFound = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message:
      'The value set was not found in the data of this access token, or among the FHIR and US Core value sets of this server.',
  });
