import { isObject, nonEmptyText } from '../../../kernel/index.ts';
import type { TokenValue } from '../../model/search-parameter.ts';
import { parseDateRange, type TimeRange } from '../../model/time-range.ts';
import { memoize } from './memoize.ts';

/** One step of a path: an element name and, optionally, a filter on its values, as in `telecom[system=phone]`. */
interface ElementPathStep {
  readonly name: string;
  readonly only?: (element: unknown) => boolean;
}

/**
 * Returns the values at a path of element names, flattening arrays along the way. Malformed elements yield no value.
 * Filters: `telecom[system=phone]` keeps elements with that value, `actor[to=Practitioner]` references to that type,
 * `performer[function:system|code]` elements whose concept has the code, and `performer[function:]` elements without
 * the concept.
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

function collectValues(node: unknown, steps: readonly ElementPathStep[], at: number, found: unknown[]): void {
  const step = steps[at];
  if (step === undefined) {
    found.push(node);
    return;
  }
  const value = isObject(node) ? node[step.name] : undefined;
  if (isAbsent(value)) return;
  for (const item of Array.isArray(value) ? value : [value]) {
    if (step.only === undefined || step.only(item)) collectValues(item, steps, at + 1, found);
  }
}

/** Returns the top-level element a path starts with. A resource without that element has no value at the path. */
export const rootElement = (path: string): string => parsePath(path)[0]?.name ?? path;

const parsedPaths = new Map<string, readonly ElementPathStep[]>();

/** Parses a path. Results are cached: all paths come from our own tables. */
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
 * Compares the first coding of the system and ignores further codings.
 * @param token `system|code`; an empty string means that the concept is absent
 */
function conceptHasCode(concept: unknown, token: string): boolean {
  if (token === '') return concept === undefined;
  const [system, code] = token.split('|');
  return extractCodes(concept, undefined).find((one) => one.system === system)?.code === code;
}

/** FHIR R4 search §3.1.1.4.10: returns the codes of an element of any type that a token parameter can search. */
export function extractCodes(element: unknown, system: string | undefined): readonly TokenValue[] {
  if (typeof element === 'string') return [{ system, code: element }];
  if (typeof element === 'boolean') return [{ system, code: String(element) }];
  if (!isObject(element)) return [];
  if (Array.isArray(element['coding'])) return element['coding'].flatMap((coding) => extractCodes(coding, undefined));
  // A Coding has `code`, an Identifier has `value`.
  return [
    {
      system: nonEmptyText(element['system']),
      code: nonEmptyText(element['code']) ?? nonEmptyText(element['value']),
    },
  ];
}

/** Returns the time span covered by a date, dateTime, instant, Period or Timing; undefined if there is none. */
export function toDateSpan(element: unknown): TimeRange | undefined {
  if (typeof element === 'string') return parseDateSpan(element);
  if (!isObject(element)) return undefined;
  if (element['start'] !== undefined || element['end'] !== undefined) return periodSpan(element);
  // FHIR R4 search §3.1.1.4.7: only the outer limits of a Timing matter.
  const repeat = element['repeat'];
  const bounds = isObject(repeat) ? toDateSpan(repeat['boundsPeriod']) : undefined;
  return enclosingSpan([...elementsAt(element, 'event').map(toDateSpan), bounds].filter((span) => span !== undefined));
}

const parseDateSpan = memoize(parseDateRange);

/** Returns the span from the earliest start to the latest end; undefined for an empty list. */
export function enclosingSpan(spans: readonly TimeRange[]): TimeRange | undefined {
  if (spans.length <= 1) return spans[0];
  return { low: Math.min(...spans.map((span) => span.low)), high: Math.max(...spans.map((span) => span.high)) };
}

/** A Period without a start is open in the past; one without an end is open in the future. */
function periodSpan({ start, end }: Record<string, unknown>): TimeRange | undefined {
  const first = typeof start === 'string' ? parseDateSpan(start) : undefined;
  const last = typeof end === 'string' ? parseDateSpan(end) : undefined;
  if (first === undefined && last === undefined) return undefined;
  return { low: first?.low ?? Number.NEGATIVE_INFINITY, high: last?.high ?? Number.POSITIVE_INFINITY };
}
