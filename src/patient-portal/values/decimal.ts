import { isLosslessNumber } from 'lossless-json';

/** Number of significant digits from which on more digits in a fraction are an artifact of floating-point arithmetic. */
const SIGNIFICANT_DIGITS = 6;
/** Maximum number of characters of a number. A longer one is shown with a power of ten. */
const MAX_LENGTH = 24;
const MAX_EXPONENT = 40;

/** Returns a JSON number as it was sent, such as `0.10`. undefined if the value isn't a number. FHIR R4 §2.24.0.1. */
export function sentNumber(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return isLosslessNumber(value) && DECIMAL.test(value.value) ? value.value : undefined;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Formats a JSON number for people. Works on the text that was sent, so that its precision is kept: 7.0 stays 7.0. If a
 * number has more than six significant digits, its fraction is rounded: 27.06722703889899 becomes 27.0672. Digits before
 * the decimal point are always shown. There is no separator between thousands, because readers of English and Spanish
 * could read a comma differently.
 */
export function formatNumber(value: unknown): string | undefined {
  const sent = sentNumber(value);
  return sent === undefined ? undefined : formatDecimal(sent);
}

/** Returns the number as it was sent if `formatNumber` shows fewer digits. undefined otherwise. */
export function exactNumber(value: unknown): string | undefined {
  const sent = sentNumber(value);
  return sent === undefined || significantDigits(sent) <= significantDigits(formatDecimal(sent)) ? undefined : sent;
}

function formatDecimal(sent: string): string {
  const [, sign = '', digits = '', fraction = '', exponent = '0'] = DECIMAL.exec(sent) ?? [];
  const power = Number(exponent);
  if (Math.abs(power) > MAX_EXPONENT) return sent;
  const [whole, rest] = movePoint(digits, fraction, power);
  const rounded = roundFraction(whole, rest);
  const text = `${sign}${rounded}`;
  return text.length > MAX_LENGTH ? withPowerOfTen(sign, whole, rest) : text;
}

/** Writes out a number with an exponent: 1.5e3 is 1500. */
function movePoint(digits: string, fraction: string, power: number): readonly [whole: string, fraction: string] {
  const all = `${digits}${fraction}`;
  const point = digits.length + power;
  const padded = point <= 0 ? `${'0'.repeat(1 - point)}${all}` : all.padEnd(point, '0');
  const at = Math.max(point, 1);
  return [padded.slice(0, at).replace(/^0+(?=\d)/, ''), padded.slice(at)];
}

function roundFraction(whole: string, fraction: string): string {
  const leadingZeros = /^0*/.exec(fraction)?.[0].length ?? 0;
  const places = whole === '0' ? leadingZeros + SIGNIFICANT_DIGITS : Math.max(0, SIGNIFICANT_DIGITS - whole.length);
  if (fraction.length <= places) return fraction === '' ? whole : `${whole}.${fraction}`;
  const cut = BigInt(`${whole}${fraction.slice(0, places)}`) + (Number(fraction[places]) >= 5 ? 1n : 0n);
  const all = String(cut).padStart(places + 1, '0');
  return places === 0 ? all : `${all.slice(0, -places)}.${all.slice(-places)}`.replace(/\.?0+$/, '');
}

/** Formats a very long number with six digits: 1.23457 × 10²⁹. */
function withPowerOfTen(sign: string, whole: string, fraction: string): string {
  const all = `${whole}${fraction}`.replace(/^0+/, '');
  const power = whole === '0' ? -1 - (/^0*/.exec(fraction)?.[0].length ?? 0) : whole.length - 1;
  return `${sign}${roundFraction(all.slice(0, 1), all.slice(1))} × 10${toSuperscript(String(power))}`;
}

const significantDigits = (number: string): number =>
  number
    .replace(/[eE].*| × .*/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+/, '').length;

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  '+': '',
  '0': '⁰',
  '1': '¹',
  '2': '²',
  '3': '³',
  '4': '⁴',
  '5': '⁵',
  '6': '⁶',
  '7': '⁷',
  '8': '⁸',
  '9': '⁹',
};

/** Writes digits as superscripts: -2 is ⁻². */
export const toSuperscript = (digits: string): string =>
  [...digits].map((digit) => SUPERSCRIPTS[digit] ?? digit).join('');
