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

const WHEN = new Set<unknown>('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '));
const NEW = ['dayOfWeek', 'timeOfDay', 'offset', 'countMax'];

/**
 * Every part narrows the others: without "on Monday", "once a day" would be seven doses for one. DSTU2 takes one time
 * of day, and none beside a frequency or a period (tim-3).
 */
function isSayable(repeat: Json): boolean {
  if (NEW.some((name) => isGiven(repeat, name)) || isWithoutUnit(repeat['boundsDuration'])) return false;
  if (!isGiven(repeat, 'when')) return true;
  const times = listOf(repeat['when']);
  return times.length === 1 && WHEN.has(times[0]) && !['frequency', 'period'].some((name) => isGiven(repeat, name));
}

const when: Rule = (from, name, into) => {
  into[name] = listOf(from[name])[0];
};

const sayable: Convert = shape({
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
const repeat: Convert = (value, context) => (isObject(value) && isSayable(value) ? sayable(value, context) : undefined);

/** Those that DSTU2 knows from v3 are renamed as any system is. */
const ABBREVIATIONS = recodings(
  'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation',
  'http://hl7.org/fhir/timing-abbreviation',
  { QD: 'QD', QOD: 'QOD', Q4H: 'Q4H', Q6H: 'Q6H' },
);
const abbreviation = recoded(new Map(ABBREVIATIONS));

/** A repetition that can't be said wholly is not said: for a place that has words beside it, see `unsaidTiming`. */
export const timingInPart: Convert = shape({ event: kept, repeat: of(repeat), code: of(conceptOf(abbreviation)) });

/** The same for a place without words: no Timing then. */
export const timing: Convert = (value, context) => {
  const made = timingInPart(value, context);
  const isWhole = isObject(value) && isObject(made) && (value['repeat'] === undefined || made['repeat'] !== undefined);
  return isWhole ? made : undefined;
};

/** In words what `timingInPart` leaves out. */
export function unsaidTiming(value: unknown): string | undefined {
  const said = isObject(value) ? value['repeat'] : undefined;
  return isObject(said) && !isSayable(said) ? repeatWords(said) : undefined;
}
