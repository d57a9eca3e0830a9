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
  hasVisibleTargetSql,
  isAlwaysVisible,
  isRequestedTargetSql,
  isVisibleTargetSql,
  type TargetFilterSql,
  targetListSql,
} from './provenance-target-sql.ts';
import { andSql, orSql, type SqlRows } from './sql.ts';

/**
 * SQL predicates: the grant allows the resource, because it matches at least one access filter. The list is empty if a
 * filter allows all resources of the records or practices that the query may search.
 * @param conditions conditions of the query; if one of them searches a Provenance by its target, that target must be
 * one that the client may see
 */
export function accessFilterSql(
  rows: SqlRows,
  home: string,
  filters: readonly AccessFilter[],
  conditions: readonly RowCondition[],
): readonly string[] {
  if (filters.some(isUnrestricted)) return [];
  const named = filters.some(limitsTargets) ? conditions.filter(isTargetCondition) : [];
  if (named.length === 0) return [orSql(filters.map((filter) => singleFilterSql(rows, home, filter)))];
  // A condition on the target matches only if one target is both searched and visible to the client. That target also
  // makes the Provenance visible, so no second test for a visible target is needed.
  return named.map(({ values }) => orSql(filters.map((filter) => singleFilterSql(rows, home, filter, values))));
}

/**
 * SQL for an array with the positions, counted from 1, of those Provenance targets that no access filter allows the
 * client to see. Undefined if the client may see all targets.
 */
export function hiddenTargetsSql(rows: SqlRows, home: string, filters: readonly AccessFilter[]): string | undefined {
  if (filters.some(isUnrestricted) || !filters.some(limitsTargets)) return undefined;
  // A resource that was found under a single filter matches that filter, so the filter isn't evaluated again. If there
  // are several filters, each is evaluated once for a resource and not once for each target.
  const parts = filters.length === 1 ? [] : filters.map((filter) => filterConditionsSql(rows, home, filter));
  const columns = parts.map((tests, at) => `${tests.length === 0 ? 'true' : andSql(tests)} as part_${at}`);
  const { from, where } = targetListSql(
    rows,
    filters.flatMap(({ targets }) => targets ?? []),
    columns,
  );
  const visible = filters.map(({ targets }, at) =>
    andSql([
      ...(parts.length === 0 ? [] : [`part_${at}`]),
      ...(targets === undefined ? [] : [targetVisibleSql(rows, targets)]),
    ]),
  );
  return `array(select named.at::int from ${from}
    where ${andSql([...where, `(${orSql(visible)}) is not true`])} order by named.at)`;
}

const isUnrestricted = ({ compartmentId, granted, withheldLabels, targets }: AccessFilter): boolean =>
  compartmentId === undefined && granted === undefined && withheldLabels === undefined && targets === undefined;
const limitsTargets = ({ targets }: AccessFilter): boolean => targets !== undefined;
type ReferenceCondition = Extract<RowCondition, { readonly kind: 'reference' }>;
/** True for a condition that searches a Provenance by its target. */
export const isTargetCondition = (condition: RowCondition): condition is ReferenceCondition =>
  condition.kind === 'reference' && condition.index === 'target';

/**
 * SQL predicate: the resource matches one access filter.
 * @param named references that are searched; one of the visible Provenance targets must be among them
 */
function singleFilterSql(rows: SqlRows, home: string, filter: AccessFilter, named?: readonly ReferenceValue[]): string {
  const limits = filterConditionsSql(rows, home, filter);
  return andSql(
    filter.targets === undefined
      ? limits
      : [...limits, hasVisibleTargetTypeSql(rows, filter.targets), visibleTargetExistsSql(rows, filter.targets, named)],
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

/**
 * SQL predicate for the conditions from granular scopes. Alternatives often have conditions in common. The SQL of a
 * condition is written once and reused, together with its parameters.
 */
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
 * SQL predicates for one condition of a granular scope. On Provenance, the condition may search the target, or an
 * element that is shown only if all targets are visible. In both cases, the scope must reveal no more than a client's
 * search by the same parameter would.
 */
function granularConditionSql(
  rows: SqlRows,
  condition: RowCondition,
  about: ProvenanceTargets | undefined,
): readonly string[] {
  const sql = conditionSql(rows, condition);
  if (about === undefined || !('index' in condition) || isAlwaysVisible(condition.index)) return [sql];
  if (isTargetCondition(condition)) return [sql, visibleTargetExistsSql(rows, about, condition.values)];
  return [sql, `not ${hasTargetSql(rows, about, [`(${targetVisibleSql(rows, about)}) is not true`])}`];
}

/**
 * SQL predicate: a Provenance has a target of a type that the client may see. The search index has the target types, so
 * few resources have to be read.
 */
const hasVisibleTargetTypeSql = (rows: SqlRows, { fullTypes, partialTypes }: ProvenanceTargets): string => {
  const values = [...fullTypes, ...partialTypes.map(({ type }) => type)].map((code) => ({ system: undefined, code }));
  return conditionSql(rows, { kind: 'token', index: 'target-type', values });
};

const visibleTargetExistsSql = (rows: SqlRows, about: ProvenanceTargets, named?: readonly ReferenceValue[]): string =>
  hasVisibleTargetSql(
    rows,
    about,
    () => (named === undefined ? [] : [isRequestedTargetSql(rows.bind, named)]),
    targetFilterSql,
  );

const targetVisibleSql = (rows: SqlRows, about: ProvenanceTargets): string =>
  isVisibleTargetSql(rows, about, targetFilterSql);

const targetFilterSql: TargetFilterSql = (target, { projection, filters }) => {
  const { alias, recordSql = `${alias}.record_id`, bind } = target;
  const limits = filters.map((filter) => filterConditionsSql(target, 't.record_id', { ...filter, targets: undefined }));
  const isReadable = orSql(limits.map((tests) => (tests.length === 0 ? 'true' : andSql(tests))));
  return andSql([isReadable, ...notHiddenSql({ alias, compartment: 'record', projection, home: recordSql }, bind)]);
};

/**
 * SQL predicates: a resource has none of the security labels that the patient withholds. A resource that was indexed
 * before the index had labels might have one, so it is excluded until it is indexed again.
 */
const withoutLabelsSql = ({ alias, bind }: SqlRows, withheld: readonly SecurityLabel[]): readonly string[] => [
  `${alias}.indexed_by >= ${SECURITY_LABELS_SINCE}`,
  `not ${alias}.flags && ${bind(withheld.flatMap(labelTokens))}::int8[]`,
];

/**
 * Returns the index values of a security label: with its code system and without a system, because both count as the
 * same label.
 */
export const labelTokens = (label: SecurityLabel): readonly IndexToken[] => {
  const { system, code } = normalizeCode(label);
  return [system, ''].map((of) => valueToken(SECURITY_PARAMETER, { system: of, code }));
};
