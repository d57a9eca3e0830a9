import type { Condition, DatePrefix, DateTest } from '../core/condition.ts';
import { instantText } from '../core/span.ts';
import { indexOf } from './index-table.ts';
import { tokenOfReference, tokenOfValue } from './token-hash.ts';

/** Adds a parameter and answers with its placeholder. Values never become text of a query. */
export type Bind = (value: unknown) => string;

/** The rows that SQL is written about: all of one type, under an alias. */
export interface Subject {
  readonly alias: string;
  /** As stored. */
  readonly type: string;
  readonly bind: Bind;
}

export function conditionSql({ alias, type, bind }: Subject, condition: Condition): string {
  switch (condition.kind) {
    case 'id':
      return isAmong(`${alias}.id`, condition.values, 'uuid', bind);
    case 'records':
      return isAmong(`${alias}.record_id`, condition.values, 'bigint', bind);
    case 'token': {
      const hashes = condition.values.map((value) => tokenOfValue(condition.index, value));
      return `${alias}.${tokenColumn(type, condition.index)} && ${bind(hashes)}::int8[]`;
    }
    case 'reference': {
      const hashes = condition.values.map((value) => tokenOfReference(condition.index, value));
      return `${alias}.codes && ${bind(hashes)}::int8[]`;
    }
    case 'date': {
      const [low, high] = dateColumns(type, condition.index, alias);
      return datesSql(condition.values, low, high, bind);
    }
    case 'updated': {
      const column = `${alias}.last_updated`;
      // An instant kept to the millisecond is a span of one.
      return datesSql(condition.values, column, `(${column} + interval '1 ms')`, bind);
    }
  }
}

export const allOf = (tests: readonly string[]): string => tests.join(' and ');

export function anyOf(tests: readonly string[]): string {
  if (tests.length < 2) return tests[0] ?? 'false';
  return `(${tests.map((test) => `(${test})`).join(' or ')})`;
}

export const isAmong = (column: string, values: readonly unknown[], type: string, bind: Bind): string =>
  values.length === 1 ? `${column} = ${bind(values[0])}` : `${column} = any(${bind(values)}::${type}[])`;

function tokenColumn(type: string, index: string): 'flags' | 'codes' {
  const token = indexOf(type).tokens[index];
  if (token === undefined) throw new Error(`${type} has no token index ${index}`);
  return token.column;
}

/** PostgreSQL counts from one; each date parameter has two elements. */
export function dateColumns(type: string, index: string, alias = 'r'): readonly [low: string, high: string] {
  const slot = Object.keys(indexOf(type).dates).indexOf(index);
  if (slot === -1) throw new Error(`${type} has no date index ${index}`);
  return [`${alias}.dates[${2 * slot + 1}]`, `${alias}.dates[${2 * slot + 2}]`];
}

/** How a row's span stands to the value's [$low, $high): FHIR R4 search §3.1.1.4.5. A row without a date fulfils none. */
const TESTS: Readonly<Record<DatePrefix, (low: string, high: string, from: string, to: string) => string>> = {
  eq: (low, high, from, to) => `(${low} >= ${from} and ${high} <= ${to})`,
  ne: (low, high, from, to) => `not (${low} >= ${from} and ${high} <= ${to})`,
  gt: (_low, high, _from, to) => `${high} > ${to}`,
  lt: (low, _high, from) => `${low} < ${from}`,
  // R4's words leave out what only overlaps the value itself: a stay over midnight would be after one day and not on or
  // after the next. Like other servers we find whatever reaches the value.
  ge: (_low, high, from) => `${high} > ${from}`,
  le: (low, _high, _from, to) => `${low} < ${to}`,
  sa: (low, _high, _from, to) => `${low} >= ${to}`,
  eb: (_low, high, from) => `${high} <= ${from}`,
  ap: (low, high, from, to) => `(${low} < ${to} and ${high} > ${from})`,
};

/** Tests with one prefix are one test of many values: a statement takes no more than 65,535 placeholders. */
function datesSql(tests: readonly DateTest[], low: string, high: string, bind: Bind): string {
  const byPrefix = Object.groupBy(tests, ({ prefix }) => prefix);
  const prefixes = Object.keys(byPrefix) as DatePrefix[];
  return anyOf(prefixes.map((prefix) => ofPrefixSql(prefix, byPrefix[prefix] ?? [], low, high, bind)));
}

function ofPrefixSql(prefix: DatePrefix, values: readonly DateTest[], low: string, high: string, bind: Bind): string {
  const [first, ...others] = values;
  if (first === undefined) return 'false';
  if (others.length === 0) return dateSql(first, low, high, bind);
  const texts = [values.map((one) => instantText(one.low)), values.map((one) => instantText(one.high))];
  const [from, to] = texts.map((instants) => `${bind(instants)}::timestamptz[]`);
  const test = TESTS[prefix](low, high, 'value.from_at', 'value.to_at');
  return `exists (select from unnest(${from}, ${to}) as value (from_at, to_at) where ${test})`;
}

function dateSql(test: DateTest, low: string, high: string, bind: Bind): string {
  const needs = (name: 'from' | 'to') => NEEDED[name].includes(test.prefix);
  const from = needs('from') ? `${bind(instantText(test.low))}::timestamptz` : '';
  const to = needs('to') ? `${bind(instantText(test.high))}::timestamptz` : '';
  return TESTS[test.prefix](low, high, from, to);
}

/** A placeholder that no text mentions has no type: PostgreSQL refuses it. */
const NEEDED: Readonly<Record<'from' | 'to', readonly DatePrefix[]>> = {
  from: ['eq', 'ne', 'lt', 'ge', 'eb', 'ap'],
  to: ['eq', 'ne', 'gt', 'le', 'sa', 'ap'],
};
