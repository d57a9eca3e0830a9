import type { SecurityLabel } from '../../../../domain/index.ts';
import type { AccessFilter, ProvenanceTargets } from '../../../authorization/access-filters.ts';
import type { GranularFilter } from '../../../authorization/granular-scopes.ts';
import type { ReferenceValue, RowCondition } from '../../../model/condition.ts';
import { SECURITY_LABELS_SINCE, SECURITY_PARAMETER } from '../../index/index-definitions.ts';
import { type IndexToken, normalizeCode, valueToken } from '../../index/token-hash.ts';
import { conditionSql } from './condition-sql.ts';
import { notHiddenSql } from './projection-sql.ts';
import {
  hasTargetSql,
  isAlwaysShown,
  isRequestedTargetSql,
  isVisibleTargetSql,
  type TargetFilterSql,
  targetsSql,
} from './provenance-target-sql.ts';
import { andSql, orSql, type SqlRows } from './sql.ts';

/**
 * SQL predicates: the row passes at least one access filter. Empty if one filter allows the whole search scope.
 * @param conditions the query's conditions: a Provenance searched by target must have that target among the visible
 * ones
 */
export function accessFilterSql(
  rows: SqlRows,
  home: string,
  parts: readonly AccessFilter[],
  conditions: readonly RowCondition[],
): readonly string[] {
  if (parts.some(isUnrestricted)) return [];
  const named = parts.some(limitsTargets) ? conditions.filter(isTargetCondition) : [];
  if (named.length === 0) return [orSql(parts.map((part) => singleFilterSql(rows, home, part)))];
  // A target that is visible and requested is visible, so visibility needs no separate check.
  return named.map(({ values }) => orSql(parts.map((part) => singleFilterSql(rows, home, part, values))));
}

/**
 * SQL of an array with the positions, counted from 1, of the Provenance targets that no access filter makes visible.
 * undefined if rows are served as stored.
 */
export function hiddenTargetsSql(rows: SqlRows, home: string, parts: readonly AccessFilter[]): string | undefined {
  if (parts.some(isUnrestricted) || !parts.some(limitsTargets)) return undefined;
  // With a single filter, every matched row passes it. With several, each filter is evaluated once per row and not once
  // per target.
  const limits = parts.map((part) => (parts.length === 1 ? [] : filterConditionsSql(rows, home, part)));
  const within = limits.map((tests, at) => `${tests.length === 0 ? 'true' : andSql(tests)} as part_${at}`);
  const visible = parts.map(({ targets }, at) =>
    andSql([`part_${at}`, ...(targets === undefined ? [] : [targetVisibleSql(rows, targets)])]),
  );
  return `array(select named.at::int from (select ${within.join(', ')} offset 0) as row_in
    cross join lateral (${targetsSql(rows.alias)}) as named where (${orSql(visible)}) is not true order by named.at)`;
}

const isUnrestricted = ({ compartmentId, granted, withheldLabels, targets }: AccessFilter): boolean =>
  compartmentId === undefined && granted === undefined && withheldLabels === undefined && targets === undefined;
const limitsTargets = ({ targets }: AccessFilter): boolean => targets !== undefined;
type ReferenceCondition = Extract<RowCondition, { readonly kind: 'reference' }>;
/** Tells whether a condition concerns a Provenance's targets. */
export const isTargetCondition = (condition: RowCondition): condition is ReferenceCondition =>
  condition.kind === 'reference' && condition.index === 'target';

/** @param named references of which a visible target must be one */
function singleFilterSql(rows: SqlRows, home: string, part: AccessFilter, named?: readonly ReferenceValue[]): string {
  const limits = filterConditionsSql(rows, home, part);
  return andSql(
    part.targets === undefined
      ? limits
      : [...limits, hasVisibleTargetTypeSql(rows, part.targets), hasVisibleTargetSql(rows, part.targets, named)],
  );
}

function filterConditionsSql(
  rows: SqlRows,
  column: string,
  { compartmentId, granted, withheldLabels, targets }: AccessFilter,
): readonly string[] {
  return [
    ...(compartmentId === undefined ? [] : [`${column} = ${rows.bind(compartmentId)}`]),
    ...(withheldLabels === undefined ? [] : withoutLabelsSql(rows, withheldLabels)),
    ...(granted === undefined ? [] : [granularFilterSql(rows, granted, targets)]),
  ];
}

/** Alternatives often share conditions. Each condition is rendered once, so that its placeholders are reused. */
function granularFilterSql(
  rows: SqlRows,
  granted: NonNullable<GranularFilter>,
  about: ProvenanceTargets | undefined,
): string {
  const known = new Map<string, string>();
  const sqlOf = (condition: NonNullable<GranularFilter>[number][number]): string => {
    const key = JSON.stringify(condition);
    const sql = known.get(key) ?? andSql(granularConditionSql(rows, condition, about));
    known.set(key, sql);
    return sql;
  };
  return orSql(granted.map((alternative) => andSql(alternative.map(sqlOf))));
}

/**
 * A granular scope that filters by target, or by an element shown only together with all targets, must not reveal what
 * a search by that element would not.
 */
function granularConditionSql(
  rows: SqlRows,
  condition: RowCondition,
  about: ProvenanceTargets | undefined,
): readonly string[] {
  const sql = conditionSql(rows, condition);
  if (about === undefined || !('index' in condition) || isAlwaysShown(condition.index)) return [sql];
  if (isTargetCondition(condition)) return [sql, hasVisibleTargetSql(rows, about, condition.values)];
  return [sql, `not ${hasTargetSql(rows, [`(${targetVisibleSql(rows, about)}) is not true`])}`];
}

/** Uses the index on target types, so that few rows have to be read. */
const hasVisibleTargetTypeSql = (rows: SqlRows, { fullTypes, partialTypes }: ProvenanceTargets): string => {
  const values = [...fullTypes, ...partialTypes.map(({ type }) => type)].map((code) => ({ system: undefined, code }));
  return conditionSql(rows, { kind: 'token', index: 'target-type', values });
};

const hasVisibleTargetSql = (rows: SqlRows, about: ProvenanceTargets, named?: readonly ReferenceValue[]): string =>
  hasTargetSql(rows, [
    ...(named === undefined ? [] : [isRequestedTargetSql(rows.bind, named)]),
    targetVisibleSql(rows, about),
  ]);

const targetVisibleSql = (rows: SqlRows, about: ProvenanceTargets): string =>
  isVisibleTargetSql(rows, about, targetFilterSql);

const targetFilterSql: TargetFilterSql = (target, { projection, filters }) => {
  const limits = filters.map((part) => filterConditionsSql(target, 't.record_id', { ...part, targets: undefined }));
  const isInPart = orSql(limits.map((tests) => (tests.length === 0 ? 'true' : andSql(tests))));
  return andSql([isInPart, ...notHiddenSql({ alias: target.alias, compartment: 'record', projection }, target.bind)]);
};

/**
 * SQL predicates: a record row has none of the withheld labels. Rows indexed before labels were stored might have one,
 * so they are excluded until they are indexed again.
 */
const withoutLabelsSql = ({ alias, bind }: SqlRows, withheld: readonly SecurityLabel[]): readonly string[] => [
  `${alias}.indexed_by >= ${SECURITY_LABELS_SINCE}`,
  `not ${alias}.flags && ${bind(withheld.flatMap(labelTokens))}::int8[]`,
];

/** A label that names the code without a system counts as the same label. */
const labelTokens = (label: SecurityLabel): readonly IndexToken[] => {
  const { system, code } = normalizeCode(label);
  return [system, ''].map((of) => valueToken(SECURITY_PARAMETER, { system: of, code }));
};
