import { SpanKind } from '@opentelemetry/api';
import { countConnections, type Database, type Executor } from '../database/index.ts';
import type { ChildSpan, Spans } from './spans.ts';

/**
 * Returns the same database, with a span of each statement and transaction. A span lasts from the call to the result, so
 * it contains the wait for a connection. It has the name of the statement, and never its text or parameters.
 * https://opentelemetry.io/docs/specs/semconv/database/postgresql/
 */
export function traceDatabase(db: Database, { measure }: Pick<Spans, 'measure'>): Database {
  /** @param waitsForPool whether other work can keep the statement waiting for a connection */
  function attributes(waitsForPool: boolean): Readonly<Record<string, string | number>> {
    const waiting = waitsForPool ? (countConnections(db)?.waiting ?? 0) : 0;
    return { ...POSTGRESQL, ...(waiting === 0 ? {} : { 'patient_access.pool_waiting': waiting }) };
  }

  function traceExecutor(executor: Executor, waitsForPool: boolean): Executor {
    const span = (name: string): ChildSpan => ({
      name,
      kind: SpanKind.CLIENT,
      attributes: () => ({ ...attributes(waitsForPool), 'db.query.summary': name }),
    });
    return {
      query: (statement, parameters) => measure(span(statement.name), () => executor.query(statement, parameters)),
      queryText: (text, parameters, name) =>
        measure(span(name ?? nameText(text)), () => executor.queryText(text, parameters, name)),
    };
  }

  return {
    ...traceExecutor(db, true),
    transaction: (work) =>
      measure({ name: 'transaction', kind: SpanKind.INTERNAL, attributes: () => attributes(true) }, () =>
        db.transaction((tx) => work(traceExecutor(tx, false))),
      ),
    withLimits: (bounds) => traceExecutor(db.withLimits(bounds), true),
    dedicatedConnection: (options) => traceExecutor(db.dedicatedConnection(options), false),
    close: () => db.close(),
  };
}

const POSTGRESQL = { 'db.system.name': 'postgresql' };

const VERBS: ReadonlySet<string> = new Set(['select', 'with', 'insert', 'update', 'delete', 'fetch', 'declare', 'set']);

/** Names a statement that has no name by its first word. */
function nameText(text: string): string {
  const verb = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase() ?? '';
  return VERBS.has(verb) ? verb : 'sql';
}
