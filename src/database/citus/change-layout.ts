import { OperatorError } from '../../kernel/index.ts';
import { createClient, type DatabaseConnection } from '../client.ts';
import { rethrowWithCode } from '../lost-connection.ts';
import { PLUGIN_PROBLEM } from './cluster.ts';
import type { LayoutTransaction } from './layout.ts';

/** Runs one transaction that changes where rows are. */
export type RunLayoutTransaction = (statements: LayoutTransaction) => Promise<void>;

/**
 * Connects as the owner of the tables and runs a function, whose statements may take hours.
 * @throws OperatorError with the error of Citus, if a statement fails
 */
export async function changeLayout<Result>(
  owner: DatabaseConnection,
  work: (run: RunLayoutTransaction) => Promise<Result>,
): Promise<Result> {
  const client = createClient(owner, { application_name: 'patient-access citus', keepAlive: true });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('set statement_timeout = 0');
    return await work(async (statements) => {
      try {
        if (statements.length > 1) await client.query('begin');
        for (const text of statements) await client.query(text);
        if (statements.length > 1) await client.query('commit');
      } catch (error) {
        await client.query('rollback').catch(() => {});
        throw toOperatorError(error);
      }
    });
  } catch (error) {
    return rethrowWithCode(error);
  } finally {
    await client.end().catch(() => {});
  }
}

function toOperatorError(error: unknown): unknown {
  const { message, detail, hint, code } = error as Readonly<Record<'message' | 'detail' | 'hint' | 'code', unknown>>;
  if (typeof code !== 'string' || typeof message !== 'string') return error;
  if (/output plugin/.test(message)) return new OperatorError(`The tables can't be distributed: ${PLUGIN_PROBLEM}`);
  const reason = [message, detail, hint].filter((part) => typeof part === 'string').join(' ');
  return new OperatorError(
    `Citus reported: ${reason}. The tables before this one are done. Fix the problem and run the command again; it continues from here.`,
  );
}
