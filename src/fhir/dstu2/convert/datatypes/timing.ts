import { isObject, toList } from '../../../../kernel/index.ts';
import {
  type ConversionRule,
  copy,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  rename,
  type ValueConverter,
} from '../conversion-rules.ts';
import { codingConverter, codingMapEntries, conceptConverter } from './coding.ts';
import { convertDuration, convertPeriod, convertRange, lacksKnownUnit } from './datatypes.ts';
import { hasElement, repeatText } from './timing-text.ts';

const DSTU2_EVENTS = new Set<unknown>('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '));
const R4_ONLY_ELEMENTS = ['dayOfWeek', 'timeOfDay', 'offset', 'countMax'];

/**
 * Whether DSTU2 can express a whole Timing.repeat. Each element of a repeat narrows the others: "once a day" without
 * its "on Monday" would be seven doses instead of one. DSTU2 allows one time of day, and none beside a frequency or a
 * period (tim-3).
 */
function isExpressible(repeat: FhirJson): boolean {
  if (R4_ONLY_ELEMENTS.some((name) => hasElement(repeat, name)) || lacksKnownUnit(repeat['boundsDuration']))
    return false;
  if (!hasElement(repeat, 'when')) return true;
  const times = toList(repeat['when']);
  return (
    times.length === 1 &&
    DSTU2_EVENTS.has(times[0]) &&
    !['frequency', 'period'].some((name) => hasElement(repeat, name))
  );
}

const when: ConversionRule = (from, name, into) => {
  into[name] = toList(from[name])[0];
};

const convertRepeat: ValueConverter = elementConverter({
  boundsDuration: map(convertDuration, 'boundsQuantity'),
  boundsRange: map(convertRange),
  boundsPeriod: map(convertPeriod),
  count: copy,
  countMax: handledElsewhere,
  duration: copy,
  durationMax: copy,
  durationUnit: rename('durationUnits'),
  frequency: copy,
  frequencyMax: copy,
  period: copy,
  periodMax: copy,
  periodUnit: rename('periodUnits'),
  dayOfWeek: handledElsewhere,
  timeOfDay: handledElsewhere,
  when,
  offset: handledElsewhere,
});
const repeat: ValueConverter = (value, context) =>
  isObject(value) && isExpressible(value) ? convertRepeat(value, context) : undefined;

/**
 * Timing abbreviations that have different code systems in R4 and DSTU2. The other abbreviations are v3 codes in both
 * versions, so only the URI of their code system is converted.
 */
const ABBREVIATIONS = codingMapEntries(
  'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation',
  'http://hl7.org/fhir/timing-abbreviation',
  { QD: 'QD', QOD: 'QOD', Q4H: 'Q4H', Q6H: 'Q6H' },
);
const abbreviation = codingConverter(new Map(ABBREVIATIONS));

/**
 * Converts a Timing and leaves out a repeat that DSTU2 can't express completely. The converter is for elements that
 * have a text beside the Timing. `unmappedTimingText` describes the repeat for that text.
 */
export const convertPartialTiming: ValueConverter = elementConverter({
  event: copy,
  repeat: map(repeat),
  code: map(conceptConverter(abbreviation)),
});

/**
 * Converts a Timing for elements that have no text beside it. Returns undefined if DSTU2 can't express the whole
 * repeat.
 */
export const convertTiming: ValueConverter = (value, context) => {
  const converted = convertPartialTiming(value, context);
  const isWhole =
    isObject(value) && isObject(converted) && (value['repeat'] === undefined || converted['repeat'] !== undefined);
  return isWhole ? converted : undefined;
};

/** Describes in words the repeat that `convertPartialTiming` leaves out. Returns undefined if it leaves nothing out. */
export function unmappedTimingText(value: unknown): string | undefined {
  const repeat = isObject(value) ? value['repeat'] : undefined;
  return isObject(repeat) && !isExpressible(repeat) ? repeatText(repeat) : undefined;
}
