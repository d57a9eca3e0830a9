import type { Executor } from '../../../database/index.ts';
import { Problem } from '../../../kernel/index.ts';
import { getStatementName } from './sql/query-shapes.ts';
import type { QuerySql } from './sql/query-sql.ts';

type QueryParameters = Pick<QuerySql, 'parameters'>;

/** Runs a query without a prepared statement. PostgreSQL plans it each time, which takes about 0.1 ms. */
export const runQuery = async <Row>(db: Executor, source: QueryParameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, checkedParameters(source));

/**
 * Runs a query as a prepared statement, so that PostgreSQL plans equal SQL texts only once. Use it only if one plan
 * suits all parameter values.
 */
export const runPrepared = async <Row>(db: Executor, source: QueryParameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, checkedParameters(source), getStatementName(text));

/**
 * Maximum number of parameters in one statement. With more, PostgreSQL reports a protocol error, which would look as if
 * the database were unreachable.
 */
const MAX_PARAMETERS = 65_535;

function checkedParameters({ parameters }: QueryParameters): readonly unknown[] {
  if (parameters.length <= MAX_PARAMETERS) return parameters;
  throw new Problem('search-invalid', {
    status: 400,
    message: 'This search and the granular scopes of the access token together are too complex.',
  });
}
