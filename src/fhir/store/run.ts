import type { Executor } from '../../database/index.ts';
import { Problem } from '../../kernel/index.ts';
import { nameOfShape } from './shapes.ts';
import type { Source } from './where.ts';

type Parameters = Pick<Source, 'parameters'>;

/** Planned each time, a tenth of a millisecond. */
export const run = async <Row>(db: Executor, source: Parameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source));

/** Planned once for its shape: only where one plan is good for all values. */
export const runKept = async <Row>(db: Executor, source: Parameters, text: string): Promise<Row[]> =>
  db.queryText<Row>(text, sendable(source), nameOfShape(text));

/** PostgreSQL refuses more as if the connection were at fault, and the answer would say that it can't be reached. */
const MOST_PARAMETERS = 65_535;

function sendable({ parameters }: Parameters): readonly unknown[] {
  if (parameters.length <= MOST_PARAMETERS) return parameters;
  throw new Problem('search-invalid', {
    status: 400,
    message: 'This search, with the granular scopes of its access token, asks for more than can be looked for at once.',
  });
}
