import { type Span, spanOfDate } from '../core/span.ts';
import { remembered } from './remembered.ts';

/** A name of a path, and what an element there has to be: `telecom[system=phone]`. */
interface Step {
  readonly name: string;
  readonly only?: (element: unknown) => boolean;
}

/**
 * What stands at a path of element names; every item of an array on the way counts. Whatever is malformed is no value.
 * `telecom[system=phone]` has those with the value, `actor[to=Practitioner]` the references to that type,
 * `performer[function:system|code]` those whose concept has the code, and `performer[function:]` those that have no concept.
 */
export function elementsAt(resource: unknown, path: string): readonly unknown[] {
  const steps = stepsOf(path);
  const [first] = steps;
  if (first === undefined || !isObject(resource) || isNothing(resource[first.name])) return NONE;
  const found: unknown[] = [];
  collect(resource, steps, 0, found);
  return found;
}

const NONE: readonly unknown[] = [];
const isNothing = (value: unknown): boolean => value === undefined || value === null;

function collect(node: unknown, steps: readonly Step[], at: number, found: unknown[]): void {
  const step = steps[at];
  if (step === undefined) {
    found.push(node);
    return;
  }
  const value = isObject(node) ? node[step.name] : undefined;
  if (isNothing(value)) return;
  for (const item of Array.isArray(value) ? value : [value]) {
    if (step.only === undefined || step.only(item)) collect(item, steps, at + 1, found);
  }
}

/** The member of a resource that a path begins with: what has none has nothing there. */
export const headOf = (path: string): string => stepsOf(path)[0]?.name ?? path;

const read = new Map<string, readonly Step[]>();

/** The paths of our tables, each of them read once. */
function stepsOf(path: string): readonly Step[] {
  const known = read.get(path);
  if (known !== undefined) return known;
  const steps = path.split(/\.(?![^[]*\])/).map(stepOf);
  read.set(path, steps);
  return steps;
}

function stepOf(text: string): Step {
  const [, coded, concept, token] = /^(\w+)\[(\w+):(.*)\]$/.exec(text) ?? [];
  if (coded !== undefined && concept !== undefined && token !== undefined)
    return { name: coded, only: (element) => isObject(element) && isCoded(element[concept], token) };
  const [, name = text, key, value] = /^(\w+)\[(\w+)=(.+)\]$/.exec(text) ?? [];
  if (key === undefined || value === undefined) return { name };
  if (key !== 'to') return { name, only: (element) => isObject(element) && element[key] === value };
  return { name, only: (element) => isObject(element) && String(element['reference']).startsWith(`${value}/`) };
}

/** By the first code of the system: what more it is said to be does not count. @param token `system|code`; empty: none */
function isCoded(concept: unknown, token: string): boolean {
  if (token === '') return concept === undefined;
  const [system, code] = token.split('|');
  return codesOf(concept, undefined).find((one) => one.system === system)?.code === code;
}

export interface Code {
  readonly system: string | undefined;
  readonly code: string | undefined;
}

/** The codes of an element of any type a token parameter may have. FHIR R4 search §3.1.1.4.10 */
export function codesOf(element: unknown, system: string | undefined): readonly Code[] {
  if (typeof element === 'string') return [{ system, code: element }];
  if (typeof element === 'boolean') return [{ system, code: String(element) }];
  if (!isObject(element)) return [];
  if (Array.isArray(element['coding'])) return element['coding'].flatMap((coding) => codesOf(coding, undefined));
  // A Coding has a code, an Identifier a value.
  return [{ system: textOf(element['system']), code: textOf(element['code']) ?? textOf(element['value']) }];
}

/** The time that a date, dateTime, instant, Period or Timing covers. */
export function spanOf(element: unknown): Span | undefined {
  if (typeof element === 'string') return dated(element);
  if (!isObject(element)) return undefined;
  if (element['start'] !== undefined || element['end'] !== undefined) return spanOfPeriod(element);
  // FHIR R4 search §3.1.1.4.7: of a Timing only the outer limits matter.
  const repeat = element['repeat'];
  const bounds = isObject(repeat) ? spanOf(repeat['boundsPeriod']) : undefined;
  return outer([...elementsAt(element, 'event').map(spanOf), bounds].filter((span) => span !== undefined));
}

const dated = remembered(spanOfDate);

/** From the earliest to the latest; undefined when there is nothing. */
export function outer(spans: readonly Span[]): Span | undefined {
  if (spans.length <= 1) return spans[0];
  return { low: Math.min(...spans.map((span) => span.low)), high: Math.max(...spans.map((span) => span.high)) };
}

/** A Period without a start began at some time, one without an end goes on. */
function spanOfPeriod({ start, end }: Record<string, unknown>): Span | undefined {
  const first = typeof start === 'string' ? dated(start) : undefined;
  const last = typeof end === 'string' ? dated(end) : undefined;
  if (first === undefined && last === undefined) return undefined;
  return { low: first?.low ?? Number.NEGATIVE_INFINITY, high: last?.high ?? Number.POSITIVE_INFINITY };
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
