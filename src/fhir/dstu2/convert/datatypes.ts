import { coding, concept, systemOfCode } from './coding.ts';
import {
  type Codes,
  type Convert,
  coded,
  codes,
  datatype,
  dropped,
  isObject,
  kept,
  keptAs,
  keptAsList,
  of,
  shape,
} from './element.ts';
import { reference } from './reference.ts';

const sameCodes = (...same: readonly string[]): Codes => new Map(same.map((code) => [code, code]));

export const period: Convert = shape({ start: kept, end: kept });

/** Age, Duration, Distance and Count as well: in DSTU2 they are Quantities, by that name. */
export const quantity: Convert = shape({ value: kept, comparator: kept, unit: kept, system: systemOfCode, code: kept });
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
