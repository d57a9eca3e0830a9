import { isObject, nonEmptyText } from '../../../../kernel/index.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  copyAsList,
  drop,
  elementConverter,
  type FhirJson,
  identityCodeMap,
  map,
  mapCode,
  opaqueDatatype,
  rename,
  type ValueConverter,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertCoding, convertConcept, convertSystem, UCUM } from './coding.ts';
import { referenceConverter } from './reference.ts';
import { withOffsetOf } from './utc-offset.ts';

const startAndEnd = elementConverter({ start: copy, end: copy });
/**
 * Converts a Period. FHIR DSTU2, per-1 compares `start` and `end` as texts. If daylight saving time ends between the
 * two, the end can seem to be before the start. The end is therefore written with the UTC offset of the start, as the
 * same instant.
 */
export const convertPeriod: ValueConverter = withPartsOf(startAndEnd, (value, context) => {
  const converted = startAndEnd(value, context);
  if (!isObject(converted)) return converted;
  const [start, end] = [nonEmptyText(converted['start']) ?? '', nonEmptyText(converted['end']) ?? ''];
  if (end >= start || !(Date.parse(end) >= Date.parse(start))) return converted;
  const endAtStartOffset = withOffsetOf(start, end);
  return endAtStartOffset === undefined ? converted : { ...converted, end: endAtStartOffset };
});

/** Converts a point in time to a Period that starts and ends then, because the DSTU2 element is a Period. */
export const pointInTimeAsPeriod =
  (to: string): ConversionRule =>
  (from, name, into, context) => {
    const converted = convertPeriod({ start: from[name], end: from[name] }, context);
    if (converted !== undefined) into[to] = converted;
  };

/** Converts Quantity, Age, Duration, Distance, and Count. DSTU2 defines the last four as Quantities. */
export const convertQuantity: ValueConverter = elementConverter({
  value: copy,
  comparator: copy,
  unit: copy,
  system: convertSystem,
  code: copy,
});

/** UCUM codes by the English name of the time unit. */
const TIME_UNITS: CodeMap = codeMap({
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
const unitCode = (value: FhirJson): string | undefined => {
  const unit = nonEmptyText(value['unit'])?.trim().toLowerCase() ?? '';
  return TIME_UNITS.get(unit) ?? TIME_UNITS.get(unit.replace(/s$/, ''));
};

/** Whether a Duration has a value, but neither a code nor a unit from which the code follows. */
export const lacksKnownUnit = (value: unknown): boolean =>
  isObject(value) && value['value'] !== undefined && value['code'] === undefined && unitCode(value) === undefined;

/**
 * Converts a Duration. FHIR DSTU2, drt-1 requires a code if there is a value, and R4 does not. A missing code is
 * derived from the unit.
 */
export const convertDuration: ValueConverter = withPartsOf(convertQuantity, (value, context) => {
  const converted = lacksKnownUnit(value) ? undefined : convertQuantity(value, context);
  if (!isObject(converted) || converted['value'] === undefined || converted['code'] !== undefined) return converted;
  return { ...converted, system: UCUM, code: unitCode(converted) };
});
export const convertRange: ValueConverter = elementConverter({ low: map(convertQuantity), high: map(convertQuantity) });
export const convertRatio: ValueConverter = elementConverter({
  numerator: map(convertQuantity),
  denominator: map(convertQuantity),
});

/** Converts Money, which is a Quantity in DSTU2 with the currency as its code. */
export const convertMoney: ValueConverter = (value, context) => {
  const converted = elementConverter({ value: copy, currency: rename('code') })(value, context);
  if (!isObject(converted)) return undefined;
  return converted['code'] === undefined ? converted : { ...converted, system: 'urn:iso:std:iso:4217' };
};

export const convertSampledData: ValueConverter = elementConverter(
  {
    origin: map(convertQuantity),
    period: copy,
    factor: copy,
    lowerLimit: copy,
    upperLimit: copy,
    dimensions: copy,
    data: copy,
  },
  'data',
);

export const convertAttachment: ValueConverter = elementConverter({
  contentType: copy,
  language: copy,
  data: copy,
  url: copy,
  size: copy,
  hash: copy,
  title: copy,
  creation: copy,
});

export const convertHumanName: ValueConverter = elementConverter({
  use: copy,
  text: copy,
  family: copyAsList,
  given: copy,
  prefix: copy,
  suffix: copy,
  period: map(convertPeriod),
});

export const convertContactPoint: ValueConverter = elementConverter({
  system: mapCode(
    codeMap({ phone: 'phone', fax: 'fax', email: 'email', pager: 'pager', url: 'other', sms: 'other', other: 'other' }),
  ),
  value: copy,
  use: copy,
  rank: copy,
  period: map(convertPeriod),
});

export const convertAddress: ValueConverter = elementConverter({
  use: mapCode(identityCodeMap('home', 'work', 'temp', 'old')),
  type: copy,
  text: copy,
  line: copy,
  city: copy,
  district: copy,
  state: copy,
  postalCode: copy,
  country: copy,
  period: map(convertPeriod),
});

const convertCurrentIdentifier: ValueConverter = elementConverter({
  use: mapCode(identityCodeMap('usual', 'official', 'temp', 'secondary')),
  type: map(convertConcept),
  system: copy,
  value: copy,
  period: map(convertPeriod),
  assigner: map(referenceConverter('Organization')),
});

/**
 * Converts an Identifier. DSTU2 has no use `old`. An old identifier without an end date would look like a valid one, so
 * it is left out.
 */
export const convertIdentifier: ValueConverter = (value, context) => {
  const isOld = isObject(value) && value['use'] === 'old';
  const hasEnded = isObject(value) && isObject(value['period']) && value['period']['end'] !== undefined;
  return isOld && !hasEnded ? undefined : convertCurrentIdentifier(value, context);
};

export const convertSignature: ValueConverter = opaqueDatatype(
  elementConverter(
    {
      type: map(convertCoding),
      when: copy,
      who: map(
        referenceConverter('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization'),
        'whoReference',
      ),
      onBehalfOf: drop,
      targetFormat: drop,
      sigFormat: rename('contentType'),
      data: rename('blob'),
    },
    'type',
    'when',
    'whoReference',
    'contentType',
    'blob',
  ),
);
