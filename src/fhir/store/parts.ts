import type { Condition, ReferenceValue } from '../core/condition.ts';
import type { Ways } from '../core/granular.ts';
import type { About, Part } from '../core/parts.ts';
import { conditionSql } from './conditions.ts';
import { labelsSql } from './labels.ts';
import { notHiddenSql } from './projected.ts';
import { allOf, anyOf, type Subject } from './sql.ts';
import { type FoundSql, hasTargetSql, isNamedSql, isSeenSql, isShown, targetsSql } from './targets.ts';

/**
 * That a row is in one of the parts of the place; nothing, when one of them is the whole place.
 * @param conditions of the query: a Provenance that is asked for by a target has to have it among those that are seen
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
  // One that is seen and asked for is one that is seen: that need not be looked up by itself.
  return named.map(({ values }) => anyOf(parts.map((part) => partSql(rows, home, part, values))));
}

/**
 * The places of the targets that none of the parts which a row is in shows, from 1, as an array; undefined: the rows are
 * served as they are stored.
 */
export function unseenSql(rows: Subject, home: string, parts: readonly Part[]): string | undefined {
  if (parts.some(isWhole) || !parts.some(tells)) return undefined;
  // A row that was found is in the only part there is. Of several each is asked once a row, not once a target.
  const limits = parts.map((part) => (parts.length === 1 ? [] : limitsSql(rows, home, part)));
  const within = limits.map((tests, at) => `${tests.length === 0 ? 'true' : allOf(tests)} as part_${at}`);
  const seen = parts.map(({ about }, at) =>
    allOf([`part_${at}`, ...(about === undefined ? [] : [aboutSql(rows, about)])]),
  );
  return `array(select named.at::int from (select ${within.join(', ')} offset 0) as row_in
    cross join lateral (${targetsSql(rows.alias)}) as named where (${anyOf(seen)}) is not true order by named.at)`;
}

const isWhole = ({ home, granted, withheld, about }: Part): boolean =>
  home === undefined && granted === undefined && withheld === undefined && about === undefined;
const tells = ({ about }: Part): boolean => about !== undefined;
type Referring = Extract<Condition, { readonly kind: 'reference' }>;
/** Of what Provenance tells. */
export const isTarget = (condition: Condition): condition is Referring =>
  condition.kind === 'reference' && condition.index === 'target';

/** @param named of which a target that is seen has to be one */
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

/** Ways have conditions in common: each is written once, with the same placeholders wherever it stands. */
function grantedSql(rows: Subject, granted: NonNullable<Ways>, about: About | undefined): string {
  const known = new Map<string, string>();
  const sqlOf = (condition: NonNullable<Ways>[number][number]): string => {
    const key = JSON.stringify(condition);
    const sql = known.get(key) ?? allOf(grantSql(rows, condition, about));
    known.set(key, sql);
    return sql;
  };
  return anyOf(granted.map((way) => allOf(way.map(sqlOf))));
}

/** A scope that names a target, or what is shown beside all targets alone, must not tell what a search by it does not. */
function grantSql(rows: Subject, condition: Condition, about: About | undefined): readonly string[] {
  const sql = conditionSql(rows, condition);
  if (about === undefined || !('index' in condition) || isShown(condition.index)) return [sql];
  if (isTarget(condition)) return [sql, namedSql(rows, about, condition.values)];
  return [sql, `not ${hasTargetSql(rows, [`(${aboutSql(rows, about)}) is not true`])}`];
}

/** By the index, which leaves little to be read. */
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
