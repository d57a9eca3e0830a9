import type { Condition, DatePrefix, DateTest } from '../core/condition.ts';
import type { EnforcedQuery } from '../core/enforce.ts';
import { instantText } from '../core/span.ts';
import { indexOf } from './index-table.ts';
import { tokenOfReference, tokenOfValue } from './token-hash.ts';

/** SQL of an enforced query: text with placeholders, and what goes in them. Values never become text. */
export interface Source {
  /** `resource r …` with its joins. */
  readonly from: string;
  readonly where: string;
  /** Where the text to be served is. */
  readonly content: string;
  /** Adds a parameter and answers with its placeholder. */
  bind(value: unknown): string;
  readonly parameters: readonly unknown[];
}

interface SourceOptions {
  /** Nothing of the content is wanted: what is hidden is left out, which is little, and nothing is fetched. */
  readonly counting?: boolean;
  /** Of the statement that this becomes part of. */
  readonly parameters?: unknown[];
}

/** The tenant is the first condition of every query, and comes from the grant alone. */
export function sourceOf(query: EnforcedQuery, options: SourceOptions = {}): Source {
  const { counting = false, parameters = [] } = options;
  const bind = (value: unknown) => `$${parameters.push(value)}`;
  const key =
    query.home.kind === 'record'
      ? `r.record_id = ${bind(query.home.recordId)}`
      : `r.practice_id = ${bind(query.home.practiceId)}`;
  const where = [key, `r.type = ${bind(query.type)}`];
  for (const condition of query.conditions) where.push(conditionSql(query.type, condition, bind));
  if (query.granted !== undefined) where.push(grantedSql(query.type, query.granted, bind));
  const table = query.home.kind === 'record' ? 'resource r' : 'shared_resource r';
  const projected = query.projection !== undefined;
  if (projected && counting) where.push(notHiddenSql(query, bind));
  return {
    from: projected && !counting ? `${table} ${projectionSql(query, bind)}` : table,
    where: where.join(' and '),
    content: projected ? 'p.content' : 'r.content',
    bind,
    parameters,
  };
}

type Bind = (value: unknown) => string;

/**
 * A resource without content in the projection is hidden: it must not be counted either. `offset 0` keeps PostgreSQL from
 * turning this round: it takes the join for very selective, and would sort the whole record for each page.
 */
function projectionSql(query: EnforcedQuery, bind: Bind): string {
  if (query.home.kind === 'practice') throw new Error('the directory has no projections');
  return `cross join lateral (
    select q.content from projection q
    where q.record_id = r.record_id and q.name = ${bind(query.projection)} and q.type = r.type and q.id = r.id
      and q.content is not null offset 0) p`;
}

/** Every resource has its row in the projection, made with it or at start: those without content are the hidden ones. */
const notHiddenSql = (query: EnforcedQuery, bind: Bind): string =>
  `not exists (
    select from projection q
    where q.record_id = r.record_id and q.name = ${bind(query.projection)} and q.type = r.type and q.id = r.id
      and q.content is null)`;

function grantedSql(type: string, granted: readonly (readonly Condition[])[], bind: Bind): string {
  const ways = granted.map((way) => way.map((condition) => conditionSql(type, condition, bind)).join(' and '));
  return ways.length === 0 ? 'false' : `(${ways.map((way) => `(${way})`).join(' or ')})`;
}

function conditionSql(type: string, condition: Condition, bind: Bind): string {
  switch (condition.kind) {
    case 'id':
      return condition.ids.length === 1
        ? `r.id = ${bind(condition.ids[0])}`
        : `r.id = any(${bind(condition.ids)}::uuid[])`;
    case 'token': {
      const hashes = condition.values.map((value) => tokenOfValue(condition.index, value));
      return `r.${tokenColumn(type, condition.index)} && ${bind(hashes)}::int8[]`;
    }
    case 'reference': {
      const hashes = condition.values.map((value) => tokenOfReference(condition.index, value));
      return `r.codes && ${bind(hashes)}::int8[]`;
    }
    case 'date': {
      const [low, high] = dateColumns(type, condition.index);
      return anyOf(condition.values.map((test) => dateSql(test, low, high, bind)));
    }
    case 'updated':
      // An instant kept to the millisecond is a span of one.
      return anyOf(
        condition.values.map((test) => dateSql(test, 'r.last_updated', "(r.last_updated + interval '1 ms')", bind)),
      );
  }
}

const anyOf = (tests: readonly string[]): string => (tests.length === 0 ? 'false' : `(${tests.join(' or ')})`);

function tokenColumn(type: string, index: string): 'flags' | 'codes' {
  const token = indexOf(type).tokens[index];
  if (token === undefined) throw new Error(`${type} has no token index ${index}`);
  return token.column;
}

/** PostgreSQL counts from one; each date parameter has two elements. */
export function dateColumns(type: string, index: string): readonly [low: string, high: string] {
  const slot = Object.keys(indexOf(type).dates).indexOf(index);
  if (slot === -1) throw new Error(`${type} has no date index ${index}`);
  return [`r.dates[${2 * slot + 1}]`, `r.dates[${2 * slot + 2}]`];
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
