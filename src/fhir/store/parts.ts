import type { Condition, ReferenceValue } from '../core/condition.ts';
import type { Ways } from '../core/granular.ts';
import type { About, Part } from '../core/parts.ts';
import { conditionSql } from './conditions.ts';
import { labelsSql } from './labels.ts';
import { notHiddenSql } from './projected.ts';
import { allOf, anyOf, type Subject } from './sql.ts';
import { type FoundSql, hasTargetSql, isNamedSql, isSeenSql, isShown, targetsSql } from './targets.ts';

/**
 * SQL predicates: the row passes at least one access filter. Empty if one filter allows the whole search scope.
 * @param conditions the query's conditions: a Provenance searched by target must have that target among the visible
 * ones
 */
export function partsSql(
  rows: Subject,
  home: string,
  parts: readonly Part[],
  conditions: readonly Condition[],
): readonly string[] {
  if (parts.some(isWhole)) return [];
  const named = parts.some(tells) ? conditions.filter(isTarget) : [];
  if (named.length === 0) return [anyOf(parts.map((part) => partSql(rows, home, part)))];
  // A target that is visible and requested is visible, so visibility needs no separate check.
  return named.map(({ values }) => anyOf(parts.map((part) => partSql(rows, home, part, values))));
}

/**
 * SQL of an array with the positions, counted from 1, of the Provenance targets that no access filter makes visible.
 * undefined if rows are served as stored.
 */
export function unseenSql(rows: Subject, home: string, parts: readonly Part[]): string | undefined {
  if (parts.some(isWhole) || !parts.some(tells)) return undefined;
  // With a single filter, every matched row passes it. With several, each filter is evaluated once per row and not once
  // per target.
  const limits = parts.map((part) => (parts.length === 1 ? [] : limitsSql(rows, home, part)));
  const within = limits.map((tests, at) => `${tests.length === 0 ? 'true' : allOf(tests)} as part_${at}`);
  const visible = parts.map(({ about }, at) =>
    allOf([`part_${at}`, ...(about === undefined ? [] : [aboutSql(rows, about)])]),
  );
  return `array(select named.at::int from (select ${within.join(', ')} offset 0) as row_in
    cross join lateral (${targetsSql(rows.alias)}) as named where (${anyOf(visible)}) is not true order by named.at)`;
}

const isWhole = ({ home, granted, withheld, about }: Part): boolean =>
  home === undefined && granted === undefined && withheld === undefined && about === undefined;
const tells = ({ about }: Part): boolean => about !== undefined;
type Referring = Extract<Condition, { readonly kind: 'reference' }>;
/** Tells whether a condition concerns a Provenance's targets. */
export const isTarget = (condition: Condition): condition is Referring =>
  condition.kind === 'reference' && condition.index === 'target';

/** @param named references of which a visible target must be one */
function partSql(rows: Subject, home: string, part: Part, named?: readonly ReferenceValue[]): string {
  const limits = limitsSql(rows, home, part);
  return allOf(
    part.about === undefined ? limits : [...limits, tellsOf(rows, part.about), namedSql(rows, part.about, named)],
  );
}

function limitsSql(rows: Subject, column: string, { home, granted, withheld, about }: Part): readonly string[] {
  return [
    ...(home === undefined ? [] : [`${column} = ${rows.bind(home)}`]),
    ...(withheld === undefined ? [] : labelsSql(rows, withheld)),
    ...(granted === undefined ? [] : [grantedSql(rows, granted, about)]),
  ];
}

/** Alternatives often share conditions. Each condition is rendered once, so that its placeholders are reused. */
function grantedSql(rows: Subject, granted: NonNullable<Ways>, about: About | undefined): string {
  const known = new Map<string, string>();
  const sqlOf = (condition: NonNullable<Ways>[number][number]): string => {
    const key = JSON.stringify(condition);
    const sql = known.get(key) ?? allOf(grantSql(rows, condition, about));
    known.set(key, sql);
    return sql;
  };
  return anyOf(granted.map((alternative) => allOf(alternative.map(sqlOf))));
}

/**
 * A granular scope that filters by target, or by an element shown only together with all targets, must not reveal what
 * a search by that element would not.
 */
function grantSql(rows: Subject, condition: Condition, about: About | undefined): readonly string[] {
  const sql = conditionSql(rows, condition);
  if (about === undefined || !('index' in condition) || isShown(condition.index)) return [sql];
  if (isTarget(condition)) return [sql, namedSql(rows, about, condition.values)];
  return [sql, `not ${hasTargetSql(rows, [`(${aboutSql(rows, about)}) is not true`])}`];
}

/** Uses the index on target types, so that few rows have to be read. */
const tellsOf = (rows: Subject, { whole, some }: About): string => {
  const values = [...whole, ...some.map(({ type }) => type)].map((code) => ({ system: undefined, code }));
  return conditionSql(rows, { kind: 'token', index: 'target-type', values });
};

const namedSql = (rows: Subject, about: About, named?: readonly ReferenceValue[]): string =>
  hasTargetSql(rows, [...(named === undefined ? [] : [isNamedSql(rows.bind, named)]), aboutSql(rows, about)]);

const aboutSql = (rows: Subject, about: About): string => isSeenSql(rows, about, foundSql);

const foundSql: FoundSql = (target, { projection, parts }) => {
  const limits = parts.map((part) => limitsSql(target, 't.record_id', { ...part, about: undefined }));
  const isInPart = anyOf(limits.map((tests) => (tests.length === 0 ? 'true' : allOf(tests))));
  return allOf([isInPart, ...notHiddenSql({ alias: target.alias, kept: 'record', projection }, target.bind)]);
};
