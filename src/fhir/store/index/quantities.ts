import { isLosslessNumber } from 'lossless-json';
import { isObject, nonEmptyText } from '../../../kernel/index.ts';

/**
 * A range of numbers with its unit, as the index stores it: `[low, high, system, code, unit]`. Numbers are texts, so
 * that they stay exact.
 */
export type StoredQuantity = readonly [
  low: string | null,
  high: string | null,
  system: string | null,
  code: string | null,
  unit: string | null,
];

/**
 * Returns the quantities of an element of the FHIR type Quantity, Range or Money. The currency of a Money counts as the
 * code of its unit. Elements of other types have no quantities.
 */
export function extractQuantities(element: unknown): readonly StoredQuantity[] {
  if (!isObject(element)) return [];
  if (element['low'] !== undefined || element['high'] !== undefined) return toQuantityRange(element);
  const value = numberText(element['value']);
  if (value === undefined) return [];
  const code = element['code'] ?? element['currency'];
  return [[value, value, textOrNull(element['system']), textOrNull(code), textOrNull(element['unit'])]];
}

function toQuantityRange({ low, high }: Record<string, unknown>): readonly StoredQuantity[] {
  const [lowest] = extractQuantities(low);
  const [highest] = extractQuantities(high);
  const [, , system, code, unit] = lowest ?? highest ?? [];
  if (lowest === undefined && highest === undefined) return [];
  return [[lowest?.[0] ?? null, highest?.[1] ?? null, system ?? null, code ?? null, unit ?? null]];
}

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?$/;
/** Maximum number of characters of an indexed number. PostgreSQL accepts more, but no measurement has as many. */
const MAX_NUMBER_LENGTH = 60;

/** Returns a JSON number as text, with its original digits. */
function numberText(value: unknown): string | undefined {
  const text = typeof value === 'number' || isLosslessNumber(value) ? String(value) : '';
  return text.length <= MAX_NUMBER_LENGTH && DECIMAL.test(text) ? text : undefined;
}

const textOrNull = (value: unknown): string | null => nonEmptyText(value) ?? null;
