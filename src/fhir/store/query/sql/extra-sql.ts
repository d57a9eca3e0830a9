import type { ComparisonPrefix, QuantityTest, RowCondition, StringMode } from '../../../model/condition.ts';
import { normalizeText } from '../../index/text-normalization.ts';
import { andSql, type BindParameter, orSql, type SqlRows } from './sql.ts';

type ExtraCondition = Extract<RowCondition, { readonly kind: 'string' | 'quantity' }>;

/**
 * SQL predicate on the column `extra`, which has strings, display texts and quantities. No database index helps, so the
 * predicate only filters resources that other conditions find.
 */
export function extraSql({ alias, bind }: SqlRows, condition: ExtraCondition): string {
  const column = `${alias}.extra`;
  if (condition.kind === 'quantity') {
    const tests = condition.values.map((one) => quantitySql(one, bind));
    return `exists (select 1 from jsonb_array_elements(${column} -> ${bind(condition.index)}) as value where ${orSql(tests)})`;
  }
  const { index, mode, values } = condition;
  if (mode === 'exact') return `coalesce((${column} -> ${bind(`${index}:exact`)}) ?| ${bind(values)}::text[], false)`;
  const name = mode === 'words' ? `${index}:text` : index;
  const text = mode === 'words' ? "' ' || value" : 'value';
  const patterns = bind(values.map((one) => PATTERNS[mode](escapeLike(normalizeText(one)))));
  return `exists (select 1 from jsonb_array_elements_text(${column} -> ${bind(name)}) as value
    where ${text} like any(${patterns}::text[]))`;
}

const PATTERNS: Readonly<Record<Exclude<StringMode, 'exact'>, (text: string) => string>> = {
  starts: (text) => `${text}%`,
  contains: (text) => `%${text}%`,
  words: (text) => `% ${text}%`,
};

const escapeLike = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/**
 * SQL for the bounds of a stored quantity, `[low, high, system, code, unit]`. A quantity without a bound is open on
 * that side (FHIR R4 search §3.1.1.4.5).
 */
const LOW = "coalesce((value ->> 0)::numeric, '-infinity')";
const HIGH = "coalesce((value ->> 1)::numeric, 'infinity')";

type QuantityBounds = Readonly<Record<'value' | 'low' | 'high', () => string>>;
const QUANTITY_TESTS: Readonly<Record<ComparisonPrefix, (limits: QuantityBounds) => string>> = {
  eq: ({ low, high }) => `(${LOW} >= ${low()} and ${HIGH} < ${high()})`,
  ne: ({ low, high }) => `not (${LOW} >= ${low()} and ${HIGH} < ${high()})`,
  gt: ({ value }) => `${HIGH} > ${value()}`,
  lt: ({ value }) => `${LOW} < ${value()}`,
  ge: ({ value }) => `${HIGH} >= ${value()}`,
  le: ({ value }) => `${LOW} <= ${value()}`,
  sa: ({ value }) => `${LOW} > ${value()}`,
  eb: ({ value }) => `${HIGH} < ${value()}`,
  ap: ({ low, high }) => `(${LOW} <= ${high()} and ${HIGH} >= ${low()})`,
};

/** SQL predicate on one stored quantity, a `value` in the form that `extractQuantities` returns. */
export function quantitySql({ prefix, value, low, high, system, unit }: QuantityTest, bind: BindParameter): string {
  const number = (text: string) => () => `${bind(text)}::numeric`;
  const tests = [QUANTITY_TESTS[prefix]({ value: number(value), low: number(low), high: number(high) })];
  if (system !== undefined) tests.push(`value ->> 2 = ${bind(system)}`);
  if (unit !== undefined) {
    const text = bind(unit);
    tests.push(system === undefined ? `(value ->> 3 = ${text} or value ->> 4 = ${text})` : `value ->> 3 = ${text}`);
  }
  return andSql(tests);
}
