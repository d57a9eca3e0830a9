// Writes UCUM units the way people do, without the abbreviations that ISMP lists as error-prone (µg, U, IU).
import { messages } from './messages.js';

const SYMBOLS = {
  1: '',
  '{score}': '',
  '[pH]': '',
  '{ratio}': '',
  '{nominal}': '',
  Cel: '°C',
  '[degF]': '°F',
  '[lb_av]': 'lb',
  '[in_i]': 'in',
};
const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const raise = (digits) => [...digits].map((digit) => RAISED[digit]).join('');

/** @param unit a UCUM code, or free text, which is returned unchanged */
export function unitText(unit) {
  if (typeof unit !== 'string') return '';
  const { words, per, units, milliunits, microunits } = messages.units;
  const counted = unit.replace(/^\{[^}]*\}(?=\/)/, '');
  const known = SYMBOLS[unit] ?? words[unit] ?? (counted.startsWith('/') ? per[counted.slice(1)] : undefined);
  if (known !== undefined) return known;
  return counted
    .replaceAll('_', ' ')
    .replace('m[Hg]', 'mHg')
    .replace(/10[*^](\d+)/, (_, power) => `×10${raise(power)}`)
    .replace(/m(\[IU\]|IU)/gi, milliunits)
    .replace(/[uµ](\[IU\]|IU)/gi, microunits)
    .replace(/\[IU\]|\bI?U\b/gi, units)
    .replace(/^[uµ](?=[gL]|mol)|(?<=\/)[uµ](?=[gL])/g, 'mc')
    .replace(/(?<=^m?|\/[md]?)l$/, 'L')
    .replace(/\b(c?m)([23])(?!\d)/g, (_, metre, power) => `${metre}${raise(power)}`)
    .replace(/[{}]/g, '')
    .replace(/^×?(10[⁰¹²³⁴-⁹]+)/, '×$1');
}

/** A number with its unit: "124 mmHg", "6.7%" */
export const withUnit = (text, unit) => (unit === '%' ? `${text}%` : `${text} ${unit}`.trim());
