import type { Prefix, QuantityTest } from './condition.ts';
import { invalid, splitUnescaped, unescaped } from './search-value.ts';

const NUMBER = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)?(-?\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?)$/;

/**
 * Reads `[prefix]number`, optionally with `|system|code` or `||code`. A number covers all values that round to it at its
 * precision: 5.4 covers 5.35 to 5.45. FHIR R4 search §3.1.1.4.11 and §3.1.1.4.6
 * @throws Problem 400
 */
export function parseQuantity(name: string, text: string): QuantityTest {
  const [number = '', system, unit, ...rest] = splitUnescaped(text, '|').map(unescaped);
  const [, prefix = 'eq', value] = NUMBER.exec(number) ?? [];
  if (value === undefined || rest.length > 0) {
    throw invalid(
      `The parameter ${name} expects a number such as 5.4, after one of eq, ne, gt, lt, ge, le, sa, eb, ap or none, with its unit or without: 5.4|http://unitsofmeasure.org|mg or 5.4||mg.`,
    );
  }
  const margin = prefix === 'ap' ? tenthOf(value) : halfOfLastDigit(value);
  return {
    prefix: prefix as Prefix,
    value,
    low: minus(value, margin),
    high: plus(value, margin),
    system: system === '' || system === undefined ? undefined : system,
    unit: unit === '' ? undefined : unit,
  };
}

/** A decimal with the value `units * 10 ** -scale`. */
interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const scale = fraction.length - Number(exponent);
  const units = BigInt(`${whole}${fraction}`);
  return scale >= 0 ? { units, scale } : { units: units * 10n ** BigInt(-scale), scale: 0 };
}

/** Half a unit of the last written digit, such as 0.05 for 5.4 and 0.5 for 5. */
function halfOfLastDigit(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const digits = (mantissa.split('.')[1] ?? '').length - Number(exponent);
  return digits >= 0 ? { units: 5n, scale: digits + 1 } : { units: 5n * 10n ** BigInt(-digits - 1), scale: 0 };
}

/** FHIR R4 search §3.1.1.4.5: `ap` matches values within a tenth. */
function tenthOf(text: string): Decimal {
  const { units, scale } = decimalOf(text);
  return { units: units < 0n ? -units : units, scale: scale + 1 };
}

const plus = (text: string, margin: Decimal): string => sum(decimalOf(text), margin, 1n);
const minus = (text: string, margin: Decimal): string => sum(decimalOf(text), margin, -1n);

function sum(one: Decimal, other: Decimal, sign: bigint): string {
  const scale = Math.max(one.scale, other.scale);
  const at = ({ units, scale: own }: Decimal) => units * 10n ** BigInt(scale - own);
  return printed({ units: at(one) + sign * at(other), scale });
}

function printed({ units, scale }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}
