import type { ComparisonPrefix, QuantityTest } from '../../model/condition.ts';
import { invalidSearch, splitUnescaped, unescapeValue } from './search-value.ts';

const PREFIXED_NUMBER = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)$/;

/**
 * Parses a searched quantity: `[prefix]number`, optionally with `|system|code` or `||code`. The number stands for all
 * values that round to it at its written precision: 5.4 stands for 5.35 to 5.45 (FHIR R4 search §3.1.1.4.11 and
 * §3.1.1.4.6).
 * @throws Problem 400
 */
export function parseQuantity(name: string, text: string): QuantityTest {
  const [number = '', system, unit, ...rest] = splitUnescaped(text, '|').map(unescapeValue);
  const [, prefix = 'eq', value] = PREFIXED_NUMBER.exec(number) ?? [];
  if (value === undefined || rest.length > 0) {
    throw invalidSearch(
      `The parameter ${name} expects a number such as 5.4, with or without a prefix (eq, ne, gt, lt, ge, le, sa, eb or ap) and a unit: 5.4|http://unitsofmeasure.org|mg or 5.4||mg.`,
    );
  }
  const margin = prefix === 'ap' ? approximateMargin(value) : precisionMargin(value);
  return {
    prefix: prefix as ComparisonPrefix,
    value,
    low: minus(value, margin),
    high: plus(value, margin),
    system: system === '' || system === undefined ? undefined : system,
    unit: unit === '' ? undefined : unit,
  };
}

/** An exact decimal number. Its value is `units * 10 ** -scale`. */
interface ExactDecimal {
  readonly units: bigint;
  readonly scale: number;
}

function parseDecimal(text: string): ExactDecimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Returns half a unit of the last written digit of a number, such as 0.05 for 5.4 and 0.5 for 5. */
function precisionMargin(text: string): ExactDecimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const digits = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return digits >= 0 ? { units: 5n, scale: digits + 1 } : { units: 5n * 10n ** BigInt(-digits - 1), scale: 0 };
}

/** Returns the margin of the prefix `ap`: a tenth of the number (FHIR R4 search §3.1.1.4.5). */
function approximateMargin(text: string): ExactDecimal {
  const { units, scale } = parseDecimal(text);
  return { units: units < 0n ? -units : units, scale: scale + 1 };
}

const plus = (text: string, margin: ExactDecimal): string => addDecimals(parseDecimal(text), margin, 1n);
const minus = (text: string, margin: ExactDecimal): string => addDecimals(parseDecimal(text), margin, -1n);

function addDecimals(one: ExactDecimal, other: ExactDecimal, sign: bigint): string {
  const scale = Math.max(one.scale, other.scale);
  const at = ({ units, scale: own }: ExactDecimal) => units * 10n ** BigInt(scale - own);
  return printDecimal({ units: at(one) + sign * at(other), scale });
}

function printDecimal({ units, scale }: ExactDecimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}
