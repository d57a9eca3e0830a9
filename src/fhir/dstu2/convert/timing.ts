import { conceptOf, recoded, recodings } from './coding.ts';
import { duration, isWithoutUnit, period, range } from './datatypes.ts';
import {
  type Convert,
  isObject,
  type Json,
  kept,
  keptAs,
  listOf,
  of,
  type Rule,
  readElsewhere,
  shape,
} from './element.ts';
import { isGiven, repeatWords } from './timing-words.ts';

const DSTU2_EVENTS = new Set<unknown>('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '));
const R4_ONLY_ELEMENTS = ['dayOfWeek', 'timeOfDay', 'offset', 'countMax'];

/**
 * Whether DSTU2 can express the whole repeat. Every part narrows the others: "once a day" without its "on Monday" would
 * be seven doses instead of one. DSTU2 allows one time of day, and none beside a frequency or a period (tim-3).
 */
function isExpressible(repeat: Json): boolean {
  if (R4_ONLY_ELEMENTS.some((name) => isGiven(repeat, name)) || isWithoutUnit(repeat['boundsDuration'])) return false;
  if (!isGiven(repeat, 'when')) return true;
  const times = listOf(repeat['when']);
  return (
    times.length === 1 && DSTU2_EVENTS.has(times[0]) && !['frequency', 'period'].some((name) => isGiven(repeat, name))
  );
}

const when: Rule = (from, name, into) => {
  into[name] = listOf(from[name])[0];
};

const convertRepeat: Convert = shape({
  boundsDuration: of(duration, 'boundsQuantity'),
  boundsRange: of(range),
  boundsPeriod: of(period),
  count: kept,
  countMax: readElsewhere,
  duration: kept,
  durationMax: kept,
  durationUnit: keptAs('durationUnits'),
  frequency: kept,
  frequencyMax: kept,
  period: kept,
  periodMax: kept,
  periodUnit: keptAs('periodUnits'),
  dayOfWeek: readElsewhere,
  timeOfDay: readElsewhere,
  when,
  offset: readElsewhere,
});
const repeat: Convert = (value, context) =>
  isObject(value) && isExpressible(value) ? convertRepeat(value, context) : undefined;

/** Codes that DSTU2 has in v3 are converted like those of any other code system. */
const ABBREVIATIONS = recodings(
  'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation',
  'http://hl7.org/fhir/timing-abbreviation',
  { QD: 'QD', QOD: 'QOD', Q4H: 'Q4H', Q6H: 'Q6H' },
);
const abbreviation = recoded(new Map(ABBREVIATIONS));

/**
 * Leaves out a repeat that DSTU2 can't express completely. For elements with a text beside the Timing; see
 * `unmappedTimingText`.
 */
export const timingInPart: Convert = shape({ event: kept, repeat: of(repeat), code: of(conceptOf(abbreviation)) });

/** For elements without a text: returns undefined if the repeat can't be expressed completely. */
export const timing: Convert = (value, context) => {
  const converted = timingInPart(value, context);
  const isWhole =
    isObject(value) && isObject(converted) && (value['repeat'] === undefined || converted['repeat'] !== undefined);
  return isWhole ? converted : undefined;
};

/** Describes the repeat that `convertPartialTiming` leaves out. */
export function unsaidTiming(value: unknown): string | undefined {
  const repeat = isObject(value) ? value['repeat'] : undefined;
  return isObject(repeat) && !isExpressible(repeat) ? repeatWords(repeat) : undefined;
}
