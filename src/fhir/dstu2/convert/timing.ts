import { conceptOf, recoded, recodings } from './coding.ts';
import { period, quantity, range } from './datatypes.ts';
import { type Convert, dropped, kept, keptAs, listOf, of, type Rule, shape } from './element.ts';

const WHEN = new Set('HS WAKE C CM CD CV AC ACM ACD ACV PC PCM PCD PCV'.split(' '));

/**
 * DSTU2 takes one time of day, and none beside a frequency (tim-3). One of several would halve the dose: then the text
 * of the dosage has to tell it.
 */
const when: Rule = (from, _name, into) => {
  const times = listOf(from['when']);
  const [time] = times;
  if (times.length === 1 && typeof time === 'string' && WHEN.has(time) && from['frequency'] === undefined) {
    into['when'] = time;
  }
};

const repeat: Convert = shape({
  boundsDuration: of(quantity, 'boundsQuantity'),
  boundsRange: of(range),
  boundsPeriod: of(period),
  count: kept,
  countMax: dropped,
  duration: kept,
  durationMax: kept,
  durationUnit: keptAs('durationUnits'),
  frequency: kept,
  frequencyMax: kept,
  period: kept,
  periodMax: kept,
  periodUnit: keptAs('periodUnits'),
  dayOfWeek: dropped,
  timeOfDay: dropped,
  when,
  offset: dropped,
});

/** Those that DSTU2 knows from v3 are renamed as any system is. */
const ABBREVIATIONS = recodings(
  'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation',
  'http://hl7.org/fhir/timing-abbreviation',
  { QD: 'QD', QOD: 'QOD', Q4H: 'Q4H', Q6H: 'Q6H' },
);
const abbreviation = recoded(new Map(ABBREVIATIONS));

export const timing: Convert = shape({ event: kept, repeat: of(repeat), code: of(conceptOf(abbreviation)) });
