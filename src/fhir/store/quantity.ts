import { isLosslessNumber } from 'lossless-json';
import { isObject } from './elements.ts';

/** A stretch of numbers with its unit: `[low, high, system, code, unit]`, numbers as text so that they stay exact. */
export type StoredQuantity = readonly [
  low: string | null,
  high: string | null,
  system: string | null,
  code: string | null,
  unit: string | null,
];

/** Of a Quantity or its kind, of a Range; of Money the currency is the code. Anything else is no quantity. */
export function quantitiesOf(element: unknown): readonly StoredQuantity[] {
  if (!isObject(element)) return [];
  if (element['low'] !== undefined || element['high'] !== undefined) return rangeOf(element);
  const value = numberText(element['value']);
  if (value === undefined) return [];
  const code = element['code'] ?? element['currency'];
  return [[value, value, textOrNull(element['system']), textOrNull(code), textOrNull(element['unit'])]];
}

function rangeOf({ low, high }: Record<string, unknown>): readonly StoredQuantity[] {
  const [least] = quantitiesOf(low);
  const [most] = quantitiesOf(high);
  const [, , system, code, unit] = least ?? most ?? [];
  if (least === undefined && most === undefined) return [];
  return [[least?.[0] ?? null, most?.[1] ?? null, system ?? null, code ?? null, unit ?? null]];
}

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** More digits than any measurement has: PostgreSQL would still take them. */
const MOST_LETTERS = 60;

/** A JSON number as text: of lossless ones the digits they came with. */
function numberText(value: unknown): string | undefined {
  const text = typeof value === 'number' || isLosslessNumber(value) ? String(value) : '';
  return text.length <= MOST_LETTERS && DECIMAL.test(text) ? text : undefined;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
