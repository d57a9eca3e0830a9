import { byClockOf } from './clock.ts';
import { coding, concept, systemOfCode, UCUM } from './coding.ts';
import {
  type Codes,
  type Convert,
  coded,
  codes,
  datatype,
  dropped,
  isObject,
  type Json,
  kept,
  keptAs,
  keptAsList,
  likeParts,
  of,
  type Rule,
  sameCodes,
  shape,
  textOf,
} from './element.ts';
import { reference } from './reference.ts';

const startAndEnd = shape({ start: kept, end: kept });
/**
 * FHIR DSTU2, per-1 compares the texts of start and end. If the clock was set back in between, the end would appear to
 * be before the start, so it is written with the UTC offset of the start; it is the same instant.
 */
export const period: Convert = likeParts(startAndEnd, (value, context) => {
  const converted = startAndEnd(value, context);
  if (!isObject(converted)) return converted;
  const [start, end] = [textOf(converted['start']) ?? '', textOf(converted['end']) ?? ''];
  if (end >= start || !(Date.parse(end) >= Date.parse(start))) return converted;
  const endAtStartOffset = byClockOf(start, end);
  return endAtStartOffset === undefined ? converted : { ...converted, end: endAtStartOffset };
});

/** For a point in time in R4 that is a period in DSTU2. */
export const momentAs =
  (to: string): Rule =>
  (from, name, into, context) => {
    const converted = period({ start: from[name], end: from[name] }, context);
    if (converted !== undefined) into[to] = converted;
  };

/** Also converts Age, Duration, Distance, and Count, which DSTU2 defines as Quantities. */
export const quantity: Convert = shape({ value: kept, comparator: kept, unit: kept, system: systemOfCode, code: kept });

/** UCUM codes of time units that are written as words. */
const TIME_UNITS: Codes = codes({
  second: 's',
  sec: 's',
  s: 's',
  minute: 'min',
  min: 'min',
  hour: 'h',
  hr: 'h',
  h: 'h',
  day: 'd',
  d: 'd',
  week: 'wk',
  wk: 'wk',
  month: 'mo',
  mo: 'mo',
  year: 'a',
  yr: 'a',
  a: 'a',
});
const unitCode = (value: Json): string | undefined => {
  const unit = textOf(value['unit'])?.trim().toLowerCase() ?? '';
  return TIME_UNITS.get(unit) ?? TIME_UNITS.get(unit.replace(/s$/, ''));
};

/** Whether a Duration has a value but neither a code nor a known unit. */
export const isWithoutUnit = (value: unknown): boolean =>
  isObject(value) && value['value'] !== undefined && value['code'] === undefined && unitCode(value) === undefined;

/**
 * FHIR DSTU2, drt-1 requires a code for a Duration with a value. R4 does not, so the code is derived from the unit if
 * needed.
 */
export const duration: Convert = likeParts(quantity, (value, context) => {
  const converted = isWithoutUnit(value) ? undefined : quantity(value, context);
  if (!isObject(converted) || converted['value'] === undefined || converted['code'] !== undefined) return converted;
  return { ...converted, system: UCUM, code: unitCode(converted) };
});
export const range: Convert = shape({ low: of(quantity), high: of(quantity) });
export const ratio: Convert = shape({ numerator: of(quantity), denominator: of(quantity) });

/** In DSTU2, Money is a Quantity with the currency as its code. */
export const money: Convert = (value, context) => {
  const converted = shape({ value: kept, currency: keptAs('code') })(value, context);
  if (!isObject(converted)) return undefined;
  return converted['code'] === undefined ? converted : { ...converted, system: 'urn:iso:std:iso:4217' };
};

export const sampledData: Convert = shape(
  {
    origin: of(quantity),
    period: kept,
    factor: kept,
    lowerLimit: kept,
    upperLimit: kept,
    dimensions: kept,
    data: kept,
  },
  'data',
);

export const attachment: Convert = shape({
  contentType: kept,
  language: kept,
  data: kept,
  url: kept,
  size: kept,
  hash: kept,
  title: kept,
  creation: kept,
});

export const humanName: Convert = shape({
  use: kept,
  text: kept,
  family: keptAsList,
  given: kept,
  prefix: kept,
  suffix: kept,
  period: of(period),
});

export const contactPoint: Convert = shape({
  system: coded(
    codes({ phone: 'phone', fax: 'fax', email: 'email', pager: 'pager', url: 'other', sms: 'other', other: 'other' }),
  ),
  value: kept,
  use: kept,
  rank: kept,
  period: of(period),
});

export const address: Convert = shape({
  use: coded(sameCodes('home', 'work', 'temp', 'old')),
  type: kept,
  text: kept,
  line: kept,
  city: kept,
  district: kept,
  state: kept,
  postalCode: kept,
  country: kept,
  period: of(period),
});

const convertCurrentIdentifier: Convert = shape({
  use: coded(sameCodes('usual', 'official', 'temp', 'secondary')),
  type: of(concept),
  system: kept,
  value: kept,
  period: of(period),
  assigner: of(reference('Organization')),
});

/** DSTU2 has no use `old`. An old identifier without an end date would look like a valid one, so it is left out. */
export const identifier: Convert = (value, context) => {
  const isOld = isObject(value) && value['use'] === 'old';
  const hasEnded = isObject(value) && isObject(value['period']) && value['period']['end'] !== undefined;
  return isOld && !hasEnded ? undefined : convertCurrentIdentifier(value, context);
};

export const signature: Convert = datatype(
  shape(
    {
      type: of(coding),
      when: kept,
      who: of(reference('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization'), 'whoReference'),
      onBehalfOf: dropped,
      targetFormat: dropped,
      sigFormat: keptAs('contentType'),
      data: keptAs('blob'),
    },
    'type',
    'when',
    'whoReference',
    'contentType',
    'blob',
  ),
);
