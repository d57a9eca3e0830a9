/**
 * One search parameter of a granular scope, with its values. A resource matches the parameter if it has any of the
 * values. It must match all parameters of the scope. SMART App Launch 2.2 §3.0.2.5, FHIR R4 search §3.1.1.4.0.1
 */
export interface GranularParameter {
  readonly name: string;
  /** The comma-separated values of the parameter, percent-decoded. A comma within a value stays escaped as `\,`. */
  readonly values: readonly string[];
}

const QUERY_PATTERN = /^[^&=]+=[^&]+(?:&[^&=]+=[^&]+)*$/;
/** Characters that RFC 6749 §3.3 allows in a scope. */
const SCOPE_CHARACTERS = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * Tells whether a text is a valid query for a granular scope, after the `?`. Control characters are rejected even if
 * they are percent-encoded, because the database can't store them.
 */
export const isGranularQuery = (query: string): boolean =>
  SCOPE_CHARACTERS.test(query) &&
  QUERY_PATTERN.test(query) &&
  ![...new URLSearchParams(query)].some(
    ([name, value]) => CONTROL_CHARACTER.test(name) || CONTROL_CHARACTER.test(value),
  );

/**
 * Cache of parsed scope queries. Scopes are compared in pairs, so without the cache the same text would be parsed many
 * times.
 */
const parsedQueries = new Map<string, readonly GranularParameter[]>();
const MAX_PARSED_QUERIES = 1000;

/** Parses the query of a granular scope exactly as the FHIR API parses search parameters. */
export function parseGranularQuery(query: string): readonly GranularParameter[] {
  const found = parsedQueries.get(query);
  if (found !== undefined) return found;
  if (parsedQueries.size >= MAX_PARSED_QUERIES) parsedQueries.clear();
  const read = [...new URLSearchParams(query)].map(([name, value]) => ({ name, values: splitValues(value) }));
  parsedQueries.set(query, read);
  return read;
}

/** Serializes search parameters as the query of a granular scope. `parseGranularQuery` returns the same parameters. */
export const printGranularQuery = (parameters: readonly GranularParameter[]): string =>
  parameters.map(({ name, values }) => `${escapeScopeText(name)}=${values.map(escapeScopeText).join(',')}`).join('&');

/**
 * Tells whether every resource that matches query `b` also matches query `a`. That is the case if each parameter of `a`
 * occurs in `b` with the same values or fewer.
 */
export function queryCovers(a: string, b: string): boolean {
  if (a === '' || a === b) return true;
  const required = parseGranularQuery(b);
  return parseGranularQuery(a).every((parameter) => required.some((other) => implies(other, parameter)));
}

/** Returns the query for resources that match both `a` and `b`, written as in `a` where possible. */
export function intersectQueries(a: string, b: string): string {
  if (queryCovers(b, a)) return a;
  if (queryCovers(a, b)) return b;
  const [first, second] = [parseGranularQuery(a), parseGranularQuery(b)];
  const remaining = first.filter((one) => !second.some((other) => implies(other, one) && !implies(one, other)));
  return printGranularQuery([...remaining, ...second.filter((one) => !remaining.some((other) => implies(other, one)))]);
}

const implies = (a: GranularParameter, b: GranularParameter): boolean =>
  a.name === b.name && a.values.every((value) => b.values.includes(value));

/** Splits a parameter's text at commas. A backslash escapes the next character (FHIR R4 search §3.1.1.4.0.1). */
const splitValues = (value: string): readonly string[] => value.match(/(?:[^\\,]|\\.?)+/gsu) ?? [];

/** Percent-encodes only characters that would end the value or that a scope must not contain. */
const escapeScopeText = (text: string): string =>
  text.replace(/[^\x21\x24\x27-\x2a\x2c-\x3c\x3e-\x5b\x5d-\x7e]/gu, encodeURIComponent);
