import { isObject } from '../../kernel/index.ts';
import { sanitizeText } from '../sanitize-text.ts';
import { exactNumber, formatNumber, sentNumber } from './decimal.ts';
import { formatUnit, type UnitMessages } from './units.ts';

export interface QuantityMessages {
  readonly units: UnitMessages;
  /** Texts for Quantity.comparator, by code. */
  readonly comparators: Readonly<Record<string, (value: string) => string>>;
}

/** Formats a Quantity, for example as "7.0%", "5 mg/dL" or "less than 0.01 ng/mL". Returns the unit if it has no value. */
export function formatQuantity(quantity: unknown, messages: QuantityMessages): string | undefined {
  if (!isObject(quantity)) return undefined;
  const number = formatNumber(quantity['value']);
  if (number === undefined) return formatUnit(quantity, messages.units) || undefined;
  return withComparator(quantity, joinUnit(number, formatUnit(quantity, messages.units, number)), messages);
}

/**
 * Formats a Quantity with all digits that were sent, for the details of a value. undefined if `formatQuantity` shows
 * them all.
 */
export function formatExactQuantity(quantity: unknown, messages: QuantityMessages): string | undefined {
  if (!isObject(quantity) || exactNumber(quantity['value']) === undefined) return undefined;
  const number = sentNumber(quantity['value']) ?? '';
  return withComparator(quantity, joinUnit(number, formatUnit(quantity, messages.units, number)), messages);
}

/** Joins a number and its unit. There is no space before a percent sign. Two numbers are kept apart: 2 × 8 oz can. */
export function joinUnit(number: string, unit: string): string {
  if (unit === '%' || unit === '°') return `${number}${unit}`;
  return /^\d/.test(unit) ? `${number} × ${unit}` : `${number} ${unit}`.trim();
}

function withComparator(
  { comparator }: Record<string, unknown>,
  value: string,
  { comparators }: QuantityMessages,
): string {
  if (typeof comparator !== 'string') return value;
  const format = Object.hasOwn(comparators, comparator) ? comparators[comparator] : undefined;
  return format === undefined ? sanitizeText(`${comparator} ${value}`) : format(value);
}
