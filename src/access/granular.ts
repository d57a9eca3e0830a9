/**
 * One search parameter of a granular scope. Any of its values will do, and all parameters of a scope must hold. SMART App
 * Launch 2.2 §3.0.2.5, FHIR R4 search §3.1.1.4.0.1
 */
export interface GranularParameter {
  readonly name: string;
  /** As they stand between the commas, percent-decoded. A comma of the value itself is written `\,`. */
  readonly values: readonly string[];
}

const SHAPE = /^[^&=]+=[^&]+(?:&[^&=]+=[^&]+)*$/;
/** What a scope may be written with. RFC 6749 §3.3 */
const SCOPE_TEXT = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const CONTROL = /\p{Cc}/u;

/** Whether this may stand after the `?` of a scope. Control characters can't, however they are escaped: no database has them. */
export const isGranular = (query: string): boolean =>
  SCOPE_TEXT.test(query) &&
  SHAPE.test(query) &&
  ![...new URLSearchParams(query)].some(([name, value]) => CONTROL.test(name) || CONTROL.test(value));

/** Scopes are compared pair by pair: each text is read once. */
const known = new Map<string, readonly GranularParameter[]>();
const MOST_KNOWN = 1000;

/** Reads the query of a scope exactly as the FHIR API will. */
export function parametersOf(query: string): readonly GranularParameter[] {
  const found = known.get(query);
  if (found !== undefined) return found;
  if (known.size >= MOST_KNOWN) known.clear();
  const read = [...new URLSearchParams(query)].map(([name, value]) => ({ name, values: alternatives(value) }));
  known.set(query, read);
  return read;
}

export const printParameters = (parameters: readonly GranularParameter[]): string =>
  parameters.map(({ name, values }) => `${escaped(name)}=${values.map(escaped).join(',')}`).join('&');

/** Whether what matches `b` always matches `a`: each parameter of `a` is there in `b`, with no other values than in `a`. */
export function queryCovers(a: string, b: string): boolean {
  if (a === '' || a === b) return true;
  const held = parametersOf(b);
  return parametersOf(a).every((parameter) => held.some((other) => implies(other, parameter)));
}

/** What matches both, as written by `a` where possible. */
export function joinQueries(a: string, b: string): string {
  if (queryCovers(b, a)) return a;
  if (queryCovers(a, b)) return b;
  const [of, and] = [parametersOf(a), parametersOf(b)];
  const own = of.filter((one) => !and.some((other) => implies(other, one) && !implies(one, other)));
  return printParameters([...own, ...and.filter((one) => !own.some((other) => implies(other, one)))]);
}

const implies = (a: GranularParameter, b: GranularParameter): boolean =>
  a.name === b.name && a.values.every((value) => b.values.includes(value));

/** FHIR R4 search §3.1.1.4.0.1: a backslash takes the next character along. */
const alternatives = (value: string): readonly string[] => value.match(/(?:[^\\,]|\\.?)+/gsu) ?? [];

/** Only what would end the value, or can't stand in a scope. */
const escaped = (text: string): string =>
  text.replace(/[^\x21\x24\x27-\x2a\x2c-\x3c\x3e-\x5b\x5d-\x7e]/gu, encodeURIComponent);
