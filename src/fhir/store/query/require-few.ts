import type { Executor } from '../../../database/index.ts';
import { Problem } from '../../../kernel/index.ts';
import type { EnforcedQuery } from '../../authorization/enforce.ts';
import { runQuery } from './run-query.ts';
import { conditionSql } from './sql/condition-sql.ts';
import { andSql, type BindParameter, isOneOfSql } from './sql/sql.ts';

/** Maximum number of resources that a search over whole practices may read to sort or count its matches. */
export const MAX_READ = 10_000;

/** True if a query covers all patients of practices, and isn't a search by ids. */
export const coversAllPatients = ({ compartment, scope, conditions }: EnforcedQuery): boolean =>
  compartment === 'record' &&
  scope?.kind === 'practices' &&
  scope.patientIds === undefined &&
  !conditions.some(({ kind }) => kind === 'id');

/**
 * Limits a query that has to read all that may match, to sort or to count it. If the query covers all patients of
 * practices, they may have at most `MAX_READ` resources of the type that changed in the searched time. An index has these, so
 * the check reads few pages of the database.
 * @param action what the search does with all resources, for the error message
 * @returns the query, which then reads the resources through the same index
 * @throws Problem 422 if there are more resources
 */
export async function requireFew(
  db: Executor,
  query: EnforcedQuery,
  action: 'sort' | 'count' | 'find',
): Promise<EnforcedQuery> {
  const { scope, type, conditions } = query;
  if (!coversAllPatients(query) || scope?.kind !== 'practices') return query;
  const parameters: unknown[] = [];
  const bind: BindParameter = (value) => `$${parameters.push(value)}`;
  const times = conditions.filter(({ kind }) => kind === 'updated');
  const where = [
    isOneOfSql('r.practice_id', scope.practiceIds, 'int', bind),
    `r.type = ${bind(type)}`,
    ...times.flatMap((one) => (one.kind === 'updated' ? [conditionSql({ alias: 'r', type, bind }, one)] : [])),
  ];
  const text = `select count(*)::int4 as count from (select 1 from resource r where ${andSql(where)} limit ${MAX_READ + 1}) x`;
  const [row] = await runQuery<{ count: number }>(db, { parameters }, text);
  if ((row?.count ?? 0) > MAX_READ) throw tooManyToRead(action);
  return { ...query, scope: { ...scope, isSmall: true } };
}

const REMEDIES = {
  sort: 'Leave out _sort and follow the next links, sort by _lastUpdated',
  count: 'Leave out _total and _summary=count and follow the next links',
  find: 'Search the included type itself',
};

export const tooManyToRead = (action: keyof typeof REMEDIES): Problem =>
  new Problem('search-too-costly', {
    status: 422,
    message: `This search would ${action} more than ${MAX_READ} resources of whole practices. ${REMEDIES[action]}, limit the search with patient or _lastUpdated, or use a bulk export.`,
  });

export const pageTooFar = (): Problem =>
  new Problem('search-too-costly', {
    status: 422,
    message:
      'This search checks too many resources of whole practices before the requested page. Leave out the parameter page, and follow the next links.',
  });
