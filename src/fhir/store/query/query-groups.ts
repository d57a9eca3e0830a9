import type { EnforcedQuery } from '../../authorization/enforce.ts';

export type SameShapeQueries = readonly [EnforcedQuery, ...EnforcedQuery[]];

/**
 * Groups queries that differ only in their type, so that they can share one statement. This is the usual case, because
 * most access tokens allow whole types.
 */
export function groupByShape(queries: readonly EnforcedQuery[]): readonly SameShapeQueries[] {
  const groups = new Map<string, [EnforcedQuery, ...EnforcedQuery[]]>();
  for (const query of queries) {
    const shape = queryShape(query);
    const group = groups.get(shape);
    if (group === undefined) groups.set(shape, [query]);
    else group.push(query);
  }
  return [...groups.values()];
}

/**
 * Returns a text that is equal for queries that can share a statement. It doesn't contain the type, unless a condition
 * depends on the search index of the type.
 */
export function queryShape({ type, ...rest }: EnforcedQuery): string {
  const { filters, conditions } = rest;
  const isTypeIndependent =
    filters.every(({ granted, targets }) => granted === undefined && targets === undefined) &&
    conditions.every(({ kind }) => kind === 'updated' || kind === 'records');
  return isTypeIndependent ? JSON.stringify(rest) : idListName({ type, projection: rest.projection });
}

/** Returns the name by which a page cursor refers to the id list of a query. */
export const idListName = ({ type, projection }: Pick<EnforcedQuery, 'type' | 'projection'>): string =>
  projection === undefined ? type : `${projection} ${type}`;

/**
 * True if the query can be a prepared statement, because only a few different SQL texts are possible. Granular scopes
 * and search parameters lead to any number of SQL texts, which would fill the cache of prepared statements.
 */
export const hasFixedShape = ({ filters, conditions }: EnforcedQuery): boolean =>
  conditions.every(({ kind }) => kind === 'records' || kind === 'directories') &&
  filters.every(({ granted, targets }) => granted === undefined && targets === undefined);
