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
 * FHIR DSTU2, per-1 compares a start and an end as texts. Where the clock was put back in between, the end is told by
 * the clock of the start: it is the same instant.
 */
export const period: Convert = likeParts(startAndEnd, (value, context) => {
  const made = startAndEnd(value, context);
  if (!isObject(made)) return made;
  const [start, end] = [textOf(made['start']) ?? '', textOf(made['end']) ?? ''];
  if (end >= start || !(Date.parse(end) >= Date.parse(start))) return made;
  const told = byClockOf(start, end);
  return told === undefined ? made : { ...made, end: told };
});

/** A moment in R4, a period in DSTU2. */
export const momentAs =
  (to: string): Rule =>
  (from, name, into, context) => {
    const made = period({ start: from[name], end: from[name] }, context);
    if (made !== undefined) into[to] = made;
  };

/** Age, Duration, Distance and Count as well: in DSTU2 they are Quantities, by that name. */
export const quantity: Convert = shape({ value: kept, comparator: kept, unit: kept, system: systemOfCode, code: kept });

/** Units of time as they are written where no code is, by their codes of UCUM. */
const TIMES: Codes = codes({
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
  return TIMES.get(unit) ?? TIMES.get(unit.replace(/s$/, ''));
};

/** Whether a Duration has a value whose unit neither a code nor a known word tells. */
export const isWithoutUnit = (value: unknown): boolean =>
  isObject(value) && value['value'] !== undefined && value['code'] === undefined && unitCode(value) === undefined;

/** FHIR DSTU2, drt-1: a Duration with a value has a code, which R4 may leave to the words of its unit. */
export const duration: Convert = likeParts(quantity, (value, context) => {
  const made = isWithoutUnit(value) ? undefined : quantity(value, context);
  if (!isObject(made) || made['value'] === undefined || made['code'] !== undefined) return made;
  return { ...made, system: UCUM, code: unitCode(made) };
});
export const range: Convert = shape({ low: of(quantity), high: of(quantity) });
export const ratio: Convert = shape({ numerator: of(quantity), denominator: of(quantity) });

/** DSTU2's Money is a Quantity whose code is the currency. */
export const money: Convert = (value, context) => {
  const made = shape({ value: kept, currency: keptAs('code') })(value, context);
  if (!isObject(made)) return undefined;
  return made['code'] === undefined ? made : { ...made, system: 'urn:iso:std:iso:4217' };
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

const currentIdentifier: Convert = shape({
  use: coded(sameCodes('usual', 'official', 'temp', 'secondary')),
  type: of(concept),
  system: kept,
  value: kept,
  period: of(period),
  assigner: of(reference('Organization')),
});

/** DSTU2 can't say `old`: an identifier whose period does not tell that it is over would look like a valid one. */
export const identifier: Convert = (value, context) => {
  const old = isObject(value) && value['use'] === 'old';
  const over = isObject(value) && isObject(value['period']) && value['period']['end'] !== undefined;
  return old && !over ? undefined : currentIdentifier(value, context);
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
