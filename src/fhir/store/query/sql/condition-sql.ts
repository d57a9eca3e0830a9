import type { ComparisonPrefix, DateTest, RowCondition } from '../../../model/condition.ts';
import { toPostgresInstant } from '../../../model/time-range.ts';
import { getIndexedType } from '../../index/index-definitions.ts';
import {
  ancestorToken,
  normalizeCode,
  presenceToken,
  referenceToken,
  uriToken,
  valueToken,
} from '../../index/token-hash.ts';
import { elementGroupSql } from './element-group-sql.ts';
import { extraSql } from './extra-sql.ts';
import { lastUpdatedSql } from './projection-sql.ts';
import { andSql, type BindParameter, isOneOfSql, orSql, type SqlRows } from './sql.ts';

export function conditionSql(rows: SqlRows, condition: RowCondition): string {
  const { alias, type, bind } = rows;
  switch (condition.kind) {
    case 'id':
      return isOneOfSql(`${alias}.id`, condition.values, 'uuid', bind);
    case 'in-use':
      return (rows.isSurviving ?? isSurvivingPatientSql(`${alias}.record_id`))(alias);
    case 'records':
    case 'directories':
      return compartmentSql(rows, condition);
    case 'token': {
      const { column, folded } = getTokenColumn(type, condition.index);
      const values = folded ? condition.values.map(normalizeCode) : condition.values;
      return `${alias}.${column} && ${bind(values.map((value) => valueToken(condition.index, value)))}::int8[]`;
    }
    case 'reference': {
      const hashes = condition.values.map((value) => referenceToken(condition.index, value));
      return `${alias}.codes && ${bind(hashes)}::int8[]`;
    }
    case 'uri': {
      const hashes = condition.values.map((value) => uriToken(condition.index, value));
      return `${alias}.codes && ${bind(hashes)}::int8[]`;
    }
    case 'below': {
      const hashes = condition.values.map((value) => ancestorToken(condition.index, value));
      return `${alias}.flags && ${bind(hashes)}::int8[]`;
    }
    case 'group':
      return elementGroupSql(rows, condition);
    case 'date':
      return dateConditionSql(rows, condition);
    case 'updated': {
      const column = lastUpdatedSql(condition, alias, bind);
      return orSql(condition.values.map((test) => updatedSql(test, column, bind)));
    }
    case 'string':
    case 'quantity':
      return extraSql(rows, condition);
    case 'present':
      return presentSql(rows, condition);
    case 'not':
      return `(${conditionSql(rows, condition.of)}) is not true`;
    case 'all':
      return `(${andSql(condition.of.map((one) => conditionSql(rows, one)))})`;
    case 'any':
      return orSql(condition.of.map((one) => conditionSql(rows, one)));
  }
}

/**
 * SQL predicate: the resource is the Patient to whom its patient record belongs. Patients that merges replaced are in
 * the record too, but don't match.
 * @param record SQL for the record id
 */
export const isSurvivingPatientSql =
  (record: string) =>
  (alias: string): string =>
    `${alias}.id = (select o.patient_id from record o where o.record_id = ${record})`;

/**
 * SQL predicate: the resource is in one of the given patient records or practices. For a directory type and given
 * records, the table `record` tells the practices; for a record type and given practices, it tells the records.
 */
function compartmentSql({ alias, type, bind }: SqlRows, { kind, values }: RowCompartmentCondition): string {
  const [own, given] = [
    COMPARTMENT_KEYS[getIndexedType(type).compartment],
    COMPARTMENT_KEYS[kind === 'records' ? 'record' : 'practice'],
  ];
  if (own === given) return isOneOfSql(`${alias}.${own.column}`, values, own.type, bind);
  return `${alias}.${own.column} in (
    select o.${own.column} from record o where ${isOneOfSql(`o.${given.column}`, values, given.type, bind)})`;
}

type RowCompartmentCondition = Extract<RowCondition, { kind: 'records' | 'directories' }>;
const COMPARTMENT_KEYS = {
  record: { column: 'record_id', type: 'bigint' },
  practice: { column: 'practice_id', type: 'int' },
} as const;

/**
 * SQL predicate for a date parameter. If a resource has several dates, any of them may match (FHIR R4 search
 * §3.1.1.4.7). The column `extra` then has the time span of each date. A single date is only in the column `dates`.
 */
function dateConditionSql(
  { alias, type, bind }: SqlRows,
  { index, values }: Extract<RowCondition, { kind: 'date' }>,
): string {
  const [low, high] = dateColumns(type, index, alias);
  const one = datesSql(values, low, high, bind);
  if (!getIndexedType(type).repeating.includes(index)) return one;
  const name = bind(`${index}:spans`);
  const each = datesSql(values, '(span ->> 0)::timestamptz', '(span ->> 1)::timestamptz', bind);
  return `case when ${alias}.extra ? ${name} then exists (
    select 1 from jsonb_array_elements(${alias}.extra -> ${name}) as span where ${each}) else ${one} end`;
}

/** SQL predicate: the resource has a value for the parameter (FHIR R4 search §3.1.1.4.4, `:missing=false`). */
function presentSql({ alias, type, bind }: SqlRows, { of, index }: Extract<RowCondition, { kind: 'present' }>): string {
  if (of === 'date') return `${dateColumns(type, index, alias)[0]} is not null`;
  if (of === 'string' || of === 'quantity') return `coalesce(${alias}.extra ? ${bind(index)}, false)`;
  return `${alias}.flags && ${bind([presenceToken(index)])}::int8[]`;
}

function getTokenColumn(type: string, index: string): { readonly column: 'flags' | 'codes'; readonly folded: boolean } {
  const token = getIndexedType(type).tokens[index];
  if (token === undefined) throw new Error(`${type} has no token index ${index}`);
  return { column: token.column, folded: 'folded' in token };
}

/**
 * Returns SQL for the start and the end of a date parameter. Both are elements of the array `dates`; PostgreSQL counts
 * array elements from 1.
 */
export function dateColumns(type: string, index: string, alias = 'r'): readonly [low: string, high: string] {
  const slot = Object.keys(getIndexedType(type).dates).indexOf(index);
  if (slot === -1) throw new Error(`${type} has no date index ${index}`);
  return [`${alias}.dates[${2 * slot + 1}]`, `${alias}.dates[${2 * slot + 2}]`];
}

/**
 * SQL comparison for each date prefix (FHIR R4 search §3.1.1.4.5). `low` and `high` are the time span of the resource;
 * `from` (inclusive) and `to` (exclusive) are the searched one. A resource without a date matches none of the prefixes.
 */
const DATE_TESTS: Readonly<Record<ComparisonPrefix, (low: string, high: string, from: string, to: string) => string>> =
  {
    eq: (low, high, from, to) => `(${low} >= ${from} and ${high} <= ${to})`,
    ne: (low, high, from, to) => `not (${low} >= ${from} and ${high} <= ${to})`,
    gt: (_low, high, _from, to) => `${high} > ${to}`,
    lt: (low, _high, from) => `${low} < ${from}`,
    // By R4's wording, ge and le don't match a range that only overlaps the searched one: a stay over midnight would be
    // `gt` the first day, but not `ge` the second. Like other servers, this server matches every range that reaches the
    // searched one.
    ge: (_low, high, from) => `${high} > ${from}`,
    le: (low, _high, _from, to) => `${low} < ${to}`,
    sa: (low, _high, _from, to) => `${low} >= ${to}`,
    eb: (_low, high, from) => `${high} <= ${from}`,
    ap: (low, high, from, to) => `(${low} < ${to} and ${high} > ${from})`,
  };

/**
 * SQL predicate: one of the date tests passes. Tests with the same prefix become one test over an array, because a
 * statement has at most 65,535 parameters.
 */
function datesSql(tests: readonly DateTest[], low: string, high: string, bind: BindParameter): string {
  const byPrefix = Object.groupBy(tests, ({ prefix }) => prefix);
  const prefixes = Object.keys(byPrefix) as ComparisonPrefix[];
  return orSql(prefixes.map((prefix) => datesWithPrefixSql(prefix, byPrefix[prefix] ?? [], low, high, bind)));
}

function datesWithPrefixSql(
  prefix: ComparisonPrefix,
  values: readonly DateTest[],
  low: string,
  high: string,
  bind: BindParameter,
): string {
  const [first, ...others] = values;
  if (first === undefined) return 'false';
  if (others.length === 0) return dateSql(first, low, high, bind);
  const texts = [values.map((one) => toPostgresInstant(one.low)), values.map((one) => toPostgresInstant(one.high))];
  const [from, to] = texts.map((instants) => `${bind(instants)}::timestamptz[]`);
  const test = DATE_TESTS[prefix](low, high, 'value.from_at', 'value.to_at');
  return `exists (select 1 from unnest(${from}, ${to}) as value (from_at, to_at) where ${test})`;
}

function dateSql(test: DateTest, low: string, high: string, bind: BindParameter): string {
  const needs = (name: 'from' | 'to') => BOUNDS_BY_PREFIX[name].includes(test.prefix);
  const from = needs('from') ? `${bind(toPostgresInstant(test.low))}::timestamptz` : '';
  const to = needs('to') ? `${bind(toPostgresInstant(test.high))}::timestamptz` : '';
  return DATE_TESTS[test.prefix](low, high, from, to);
}

/**
 * SQL predicate that compares the time of the last change with a searched date. A stored time has milliseconds, so it
 * counts as a span of one millisecond. The column stands alone on one side of each comparison, so that PostgreSQL can
 * use an index. Both bounds are inclusive: the condition for a later page has inclusive bounds too, and PostgreSQL
 * starts an index scan at the narrowest bound only if all bounds are of the same kind.
 */
function updatedSql({ prefix, low, high }: DateTest, column: string, bind: BindParameter): string {
  const from = (instant: number) => `${column} >= ${bind(toPostgresInstant(instant))}::timestamptz`;
  const until = (instant: number) => `${column} <= ${bind(toPostgresInstant(instant - 1))}::timestamptz`;
  switch (prefix) {
    case 'eq':
    case 'ap':
      return `(${from(low)} and ${until(high)})`;
    case 'ne':
      return `not (${from(low)} and ${until(high)})`;
    case 'gt':
    case 'sa':
      return from(high);
    case 'ge':
      return from(low);
    case 'lt':
    case 'eb':
      return until(low);
    case 'le':
      return until(high);
  }
}

/**
 * The prefixes that compare with the start (`from`) or the end (`to`) of the searched date. Only bounds that are
 * compared become parameters of the statement: PostgreSQL rejects a parameter that the SQL doesn't mention, because it
 * can't tell the parameter's type.
 */
const BOUNDS_BY_PREFIX: Readonly<Record<'from' | 'to', readonly ComparisonPrefix[]>> = {
  from: ['eq', 'ne', 'lt', 'ge', 'eb', 'ap'],
  to: ['eq', 'ne', 'gt', 'le', 'sa', 'ap'],
};
