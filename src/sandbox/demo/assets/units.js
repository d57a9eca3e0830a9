// Writes UCUM units the way people do, without the abbreviations that ISMP lists as error-prone (µg, U, IU).

const WHOLE = {
  1: '',
  Cel: '°C',
  '[degF]': '°F',
  '{score}': 'points',
  '[pH]': '',
  '{ratio}': '',
  '{nominal}': '',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
  s: 'seconds',
  min: 'minutes',
  h: 'hours',
  d: 'days',
  wk: 'weeks',
  mo: 'months',
  a: 'years',
};
const RATES = { '/min': 'per minute', '/h': 'per hour', '/d': 'per day', '/wk': 'per week', '/a': 'per year' };
const RAISED = { 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
const raise = (digits) => [...digits].map((digit) => RAISED[digit]).join('');

/** @param unit a UCUM code, or free text, which is returned unchanged */
export function unitText(unit) {
  if (typeof unit !== 'string') return '';
  if (Object.hasOwn(WHOLE, unit)) return WHOLE[unit];
  const counted = unit.replace(/^\{[^}]*\}(?=\/)/, '');
  if (Object.hasOwn(RATES, counted)) return RATES[counted];
  return counted
    .replaceAll('_', ' ')
    .replace('m[Hg]', 'mHg')
    .replace(/10[*^](\d+)/, (_, power) => `×10${raise(power)}`)
    .replace(/m(\[IU\]|IU)/gi, 'milliunits')
    .replace(/[uµ](\[IU\]|IU)/gi, 'microunits')
    .replace(/\[IU\]|\bI?U\b/gi, 'units')
    .replace(/^[uµ](?=[gL]|mol)|(?<=\/)[uµ](?=[gL])/g, 'mc')
    .replace(/(?<=^m?|\/[md]?)l$/, 'L')
    .replace(/\b(c?m)([23])(?!\d)/g, (_, metre, power) => `${metre}${raise(power)}`)
    .replace(/[{}]/g, '')
    .replace(/^×?(10[⁰¹²³⁴-⁹]+)/, '×$1');
}

/** A number with its unit: "124 mmHg", "6.7%" */
export const withUnit = (text, unit) => (unit === '%' ? `${text}%` : `${text} ${unit}`.trim());
