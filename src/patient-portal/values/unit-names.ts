import { SPELLINGS } from './ucum-atoms.ts';

/** Names of UCUM units in lower case. Some name several units, such as ounces, so only the code tells which one is meant. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  '%': ['percent', 'pct', '%o2'],
  '': ['#', 'beats', 'breaths', 'cells', 'counts'],
  '/min': ['bpm', 'beats per min', 'beats/minute', 'breaths/minute'],
  // US Core calls 10*12/L “10 trillion/L”.
  '10*12': ['10 trillion', 'trillion'],
  '10*9': ['billion'],
  '10*6': ['million'],
  '10*3': ['thousand'],
  cal: ['calorie', 'calories'],
  kcal: ['calories', 'kilocalories'],
  '[Cal]': ['calories', 'kilocalories'],
  '[oz_av]': ['ounce', 'ounces'],
  '[foz_us]': ['ounce', 'ounces', 'oz', 'fl oz', 'fluid ounce', 'fluid ounces'],
  '[lb_av]': ['pound', 'pounds'],
  '[in_i]': ['inch'],
  '[ft_i]': ['foot', 'feet'],
  '[mi_i]': ['mile', 'miles'],
  '[degF]': ['f', 'fahrenheit', 'degree fahrenheit', 'degrees fahrenheit', 'deg f'],
  Cel: ['c', 'celsius', 'degree celsius', 'degrees celsius', 'deg c'],
  'mm[Hg]': ['mmhg', 'mm hg', 'mm of hg', 'millimeters of mercury', 'millimeter of mercury'],
  U: ['unit', 'units'],
  '[IU]': ['unit', 'units', 'iu', 'international unit', 'international units'],
  '[HPF]': ['high power field', 'high-power field'],
  '[LPF]': ['low power field', 'low-power field'],
  '[pH]': ['ph units'],
};

const METRIC_PREFIXES: Readonly<Record<string, string>> = {
  '': '',
  kilo: 'k',
  deci: 'd',
  centi: 'c',
  milli: 'm',
  micro: 'u',
  nano: 'n',
  pico: 'p',
};
const METRIC_UNITS: Readonly<Record<string, string>> = {
  gram: 'g',
  liter: 'L',
  litre: 'L',
  meter: 'm',
  metre: 'm',
  mole: 'mol',
  equivalent: 'eq',
  osmole: 'osm',
  unit: 'U',
  second: 's',
};
const METRIC_NAME = new RegExp(
  `^(${Object.keys(METRIC_PREFIXES).join('|')})(${Object.keys(METRIC_UNITS).join('|')})s?$`,
);

/**
 * Whether a text only names the unit of a UCUM code, as "breaths per minute" does for `/min`. Upper and lower case don't
 * count, because some systems write units in capitals, and neither do annotations of the code, as in `mg/g{creat}`.
 */
export function isNameOfUnit(text: string, code: string): boolean {
  const unit = code.replaceAll(/\{[^{}]*\}/g, '');
  const name = text.toLowerCase();
  if (isName(name, unit)) return true;
  const names = name
    .replace(/^# per /, 'per ')
    .replaceAll(/(?:^|\s+)per\s+/g, '/')
    .split('/');
  const units = unit.split('/');
  return names.length === units.length && names.every((part, index) => isName(part.trim(), units[index] ?? ''));
}

function isName(name: string, unit: string): boolean {
  if (name === unit.toLowerCase() || (Object.hasOwn(NAMES, unit) && NAMES[unit]?.includes(name))) return true;
  const spelled = Object.hasOwn(SPELLINGS, name) ? SPELLINGS[name] : metricCode(name);
  return spelled === unit.replace(/^([dcmun]?)l$/, '$1L');
}

function metricCode(name: string): string | undefined {
  const [, prefix, unit] = METRIC_NAME.exec(name) ?? [];
  return prefix === undefined || unit === undefined ? undefined : `${METRIC_PREFIXES[prefix]}${METRIC_UNITS[unit]}`;
}
