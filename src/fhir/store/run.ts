import type { Executor } from '../../database/index.ts';
import { Problem } from '../../kernel/index.ts';
import { nameOfShape } from './shapes.ts';
import type { Source } from './where.ts';

type Parameters = Pick<Source, 'parameters'>;

/** Runs a query that is planned each time, which takes about 0.1 ms. */
export const run = async <Row>(db: Executor, source: Parameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source));

/** Runs a query as a prepared statement, planned once per shape. Use it only if one plan suits all values. */
export const runKept = async <Row>(db: Executor, source: Parameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source), nameOfShape(text));

/** PostgreSQL reports more parameters as a protocol error, which would look as if the database were unreachable. */
const MOST_PARAMETERS = 65_535;

function sendable({ parameters }: Parameters): readonly unknown[] {
  if (parameters.length <= MOST_PARAMETERS) return parameters;
  throw new Problem('search-invalid', {
    status: 400,
    message: 'This search, with the granular scopes of its access token, asks for more than can be looked for at once.',
  });
}
