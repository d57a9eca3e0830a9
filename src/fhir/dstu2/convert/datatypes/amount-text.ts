import { isLosslessNumber } from 'lossless-json';
import { isObject, nonEmptyText } from '../../../../kernel/index.ts';

/** Returns a number as it was written in JSON; undefined if the value isn't a number. */
export const numberText = (value: unknown): string | undefined =>
  typeof value === 'number' || isLosslessNumber(value) ? String(value) : undefined;

/** English names of the UCUM time units that FHIR allows. */
const UNITS: ReadonlyMap<unknown, string> = new Map([
  ['s', 'second'],
  ['min', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['wk', 'week'],
  ['mo', 'month'],
  ['a', 'year'],
]);
export const timeUnitName = (code: unknown): string | undefined => UNITS.get(code);

export const isSingular = (value: string): boolean => Number(value) === 1;

/**
 * Returns an amount or range in words, such as "1 day" or "3 to 5 days". Without a lower bound it is "up to 5 days",
 * without an upper bound just the amount. Returns undefined if a bound isn't a number.
 */
export function countText(low: unknown, high: unknown, thing: string): string | undefined {
  const [from, to] = [numberText(low), numberText(high)];
  if ((from === undefined && low !== undefined) || (to === undefined && high !== undefined)) return undefined;
  const last = to ?? from;
  if (last === undefined) return undefined;
  const amount = from === undefined ? `up to ${to}` : to === undefined ? from : `${from} to ${to}`;
  return `${amount} ${thing}${isSingular(last) ? '' : 's'}`;
}

/** Returns a Quantity in words, such as "5 mg", "<5 mg", or "10 days"; undefined if it has no value. */
export function quantityText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const amount = numberText(value['value']);
  if (amount === undefined) return undefined;
  const time = nonEmptyText(value['unit']) === undefined ? timeUnitName(value['code']) : undefined;
  const number = `${nonEmptyText(value['comparator']) ?? ''}${amount}`;
  if (time !== undefined) return `${number} ${time}${isSingular(amount) ? '' : 's'}`;
  const unit = nonEmptyText(value['unit']) ?? nonEmptyText(value['code']);
  return unit === undefined ? number : `${number} ${unit}`;
}

export function rangeText(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const [low, high] = [quantityText(value['low']), quantityText(value['high'])];
  if (low === undefined) return high === undefined ? undefined : `up to ${high}`;
  return high === undefined ? `at least ${low}` : `${low} to ${high}`;
}
