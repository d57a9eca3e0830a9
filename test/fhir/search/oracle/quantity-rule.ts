import { splitEscaped, unescapeValue } from './escaping.ts';
import { asText, isObject } from './nodes.ts';

/**
 * Number of decimal places. Decimals are represented as integers of this scale, which is exact for all measurements.
 */
const SCALE = 40;
export type Fixed = bigint;
export function fixed(text: string): Fixed {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const shift = SCALE - fraction.length + Number(exponent);
  return BigInt(`${sign}${whole}${fraction}${'0'.repeat(shift)}`);
}

/** Half a unit of the last digit, which is the tolerance of a searched number (FHIR R4 search §3.1.1.4.6). */
export function halfOfLastDigit(text: string): Fixed {
  const [, fraction = '', exponent = '0'] = /^-?\d+(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return fixed(`5e${Number(exponent) - fraction.length - 1}`);
}

interface Amount {
  /** Lower end of the range. Undefined if there is none. */
  readonly low: Fixed | undefined;
  readonly high: Fixed | undefined;
  readonly system: string | undefined;
  readonly code: string | undefined;
  readonly unit: string | undefined;
}

/** Returns the range of a Quantity, of Money with its currency as unit, or of a Range (FHIR R4 search §3.1.1.4.11). */
export function amounts(node: unknown): readonly Amount[] {
  if (!isObject(node)) return [];
  const { low, high, value, system, code, currency, unit } = node;
  if (low !== undefined || high !== undefined) {
    const [from] = amounts(low);
    const [to] = amounts(high);
    const one = from ?? to;
    return one === undefined ? [] : [{ ...one, low: from?.low, high: to?.high }];
  }
  if (typeof value !== 'number') return [];
  const number = fixed(String(value));
  return [{ low: number, high: number, system: asText(system), code: asText(code ?? currency), unit: asText(unit) }];
}

type Test = (row: { readonly low: Fixed; readonly high: Fixed }, value: Fixed, margin: Fixed) => boolean;
const within: Test = ({ low, high }, value, margin) => value - margin <= low && high < value + margin;
const QUANTITY_PREFIXES: Readonly<Record<string, Test>> = {
  eq: within,
  ne: (row, value, margin) => !within(row, value, margin),
  gt: ({ high }, value) => high > value,
  lt: ({ low }, value) => low < value,
  ge: ({ high }, value) => high >= value,
  le: ({ low }, value) => low <= value,
  sa: ({ low }, value) => low > value,
  eb: ({ high }, value) => high < value,
  ap: ({ low, high }, value, margin) => low <= value + margin && high >= value - margin,
};
const ENDLESS = fixed('1e90');

/**
 * Whether a value matches a searched quantity.
 * @param written `[prefix]number`, `…|system|code` or `…||code`
 */
export function quantityMatches(node: unknown, written: string): boolean {
  const [first = '', system = '', code = ''] = splitEscaped(written, '|').map(unescapeValue);
  const [, prefix = 'eq', number = ''] = /^([a-z]{2})?(.*)$/.exec(first) ?? [];
  const test = QUANTITY_PREFIXES[prefix];
  if (test === undefined) throw new Error(`no rule for the prefix ${prefix}`);
  const value = fixed(number);
  const margin = prefix === 'ap' ? (value < 0n ? -value : value) / 10n : halfOfLastDigit(number);
  return amounts(node).some((amount) => {
    if (system !== '' && amount.system !== system) return false;
    if (code !== '' && amount.code !== code && (system !== '' || amount.unit !== code)) return false;
    return test({ low: amount.low ?? -ENDLESS, high: amount.high ?? ENDLESS }, value, margin);
  });
}
