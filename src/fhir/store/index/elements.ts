import { isObject, nonEmptyText } from '../../../kernel/index.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { parseDateRange, type TimeRange } from '../../model/time-range.ts';
import { memoize } from './memoize.ts';

/**
 * One step of an element path: an element name with an optional filter on the element's values, as in
 * `telecom[system=phone]`.
 */
interface ElementPathStep {
  readonly name: string;
  readonly only?: (element: unknown) => boolean;
}

/**
 * Returns the values at a path of element names, flattening arrays along the way. Malformed elements yield no value. A
 * path can have filters. For example, `telecom[system=phone]` keeps telecoms of the system `phone`,
 * `actor[to=Practitioner]` keeps references to a Practitioner, `performer[function:system|code]` keeps performers whose
 * function has that code, and `performer[function:]` keeps performers without a function.
 */
export function elementsAt(resource: unknown, path: string): readonly unknown[] {
  const steps = parsePath(path);
  const [first] = steps;
  if (first === undefined || !isObject(resource) || isAbsent(resource[first.name])) return NO_VALUES;
  const found: unknown[] = [];
  collectValues(resource, steps, 0, found);
  return found;
}

const NO_VALUES: readonly unknown[] = [];
const isAbsent = (value: unknown): boolean => value === undefined || value === null;

function collectValues(node: unknown, steps: readonly ElementPathStep[], at: number, values: unknown[]): void {
  const step = steps[at];
  if (step === undefined) {
    values.push(node);
    return;
  }
  const value = isObject(node) ? node[step.name] : undefined;
  if (isAbsent(value)) return;
  for (const item of Array.isArray(value) ? value : [value]) {
    if (step.only === undefined || step.only(item)) collectValues(item, steps, at + 1, values);
  }
}

/**
 * Returns the top-level element with which an element path begins. A resource without that element has no value at the
 * path.
 */
export const rootElement = (path: string): string => parsePath(path)[0]?.name ?? path;

const parsedPaths = new Map<string, readonly ElementPathStep[]>();

/** Parses an element path. All paths come from tables of this server, so every result can be cached. */
function parsePath(path: string): readonly ElementPathStep[] {
  const known = parsedPaths.get(path);
  if (known !== undefined) return known;
  const steps = path.split(/\.(?![^[]*\])/).map(parsePathStep);
  parsedPaths.set(path, steps);
  return steps;
}

function parsePathStep(text: string): ElementPathStep {
  const [, coded, concept, token] = /^(\w+)\[(\w+):(.*)\]$/.exec(text) ?? [];
  if (coded !== undefined && concept !== undefined && token !== undefined)
    return { name: coded, only: (element) => isObject(element) && conceptHasCode(element[concept], token) };
  const [, name = text, key, value] = /^(\w+)\[(\w+)=(.+)\]$/.exec(text) ?? [];
  if (key === undefined || value === undefined) return { name };
  if (key !== 'to') return { name, only: (element) => isObject(element) && element[key] === value };
  return { name, only: (element) => isObject(element) && String(element['reference']).startsWith(`${value}/`) };
}

/**
 * True if the first coding of a code system in a concept has the given code. Further codings of that system are
 * ignored.
 * @param token `system|code`; an empty string means that the concept must be absent
 */
function conceptHasCode(concept: unknown, token: string): boolean {
  if (token === '') return concept === undefined;
  const [system, code] = token.split('|');
  return extractCodes(concept, undefined).find((one) => one.system === system)?.code === code;
}

/**
 * Returns the codes of an element, for token search parameters (FHIR R4 search §3.1.1.4.10). Handles every FHIR type
 * that such a parameter can search.
 */
export function extractCodes(element: unknown, system: string | undefined): readonly TokenValue[] {
  if (typeof element === 'string') return [{ system, code: element }];
  if (typeof element === 'boolean') return [{ system, code: String(element) }];
  if (!isObject(element)) return [];
  if (Array.isArray(element['coding'])) return element['coding'].flatMap((coding) => extractCodes(coding, undefined));
  // A Coding has its code in the element `code`. An Identifier is searched by its element `value`.
  return [
    {
      system: nonEmptyText(element['system']),
      code: nonEmptyText(element['code']) ?? nonEmptyText(element['value']),
    },
  ];
}

/**
 * Returns the time span that a date, dateTime, instant, Period or Timing covers. Undefined if the element has no date.
 */
export function toDateSpan(element: unknown): TimeRange | undefined {
  if (typeof element === 'string') return parseDateSpan(element);
  if (!isObject(element)) return undefined;
  if (element['start'] !== undefined || element['end'] !== undefined) return periodSpan(element);
  // A search looks only at the earliest start and latest end of a Timing (FHIR R4 search §3.1.1.4.7).
  const repeat = element['repeat'];
  const bounds = isObject(repeat) ? toDateSpan(repeat['boundsPeriod']) : undefined;
  return enclosingSpan([...elementsAt(element, 'event').map(toDateSpan), bounds].filter((span) => span !== undefined));
}

const parseDateSpan = memoize(parseDateRange);

/** Returns the time span from the earliest start to the latest end of the given spans. Undefined if there are none. */
export function enclosingSpan(spans: readonly TimeRange[]): TimeRange | undefined {
  if (spans.length <= 1) return spans[0];
  return { low: Math.min(...spans.map((span) => span.low)), high: Math.max(...spans.map((span) => span.high)) };
}

/**
 * Returns the time span of a Period. Without a start it has no limit in the past; without an end it has none in the
 * future.
 */
function periodSpan({ start, end }: Record<string, unknown>): TimeRange | undefined {
  const first = typeof start === 'string' ? parseDateSpan(start) : undefined;
  const last = typeof end === 'string' ? parseDateSpan(end) : undefined;
  if (first === undefined && last === undefined) return undefined;
  return { low: first?.low ?? Number.NEGATIVE_INFINITY, high: last?.high ?? Number.POSITIVE_INFINITY };
}
