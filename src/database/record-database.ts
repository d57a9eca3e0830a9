import { createWorkerGuard, findDistributedTables, type WorkerGuard } from './citus/index.ts';
import type { DatabaseConnection } from './client.ts';
import { openDatabase } from './database.ts';
import type { Database } from './statement.ts';

/** Where requests read and write records. */
export interface RecordDatabase {
  /**
   * The database of everything else, unless tables are on workers. Then it is a pool of its own, so that requests that
   * wait for a worker don't take the connections of sign-in and tokens.
   */
  readonly db: Database;
  /** Undefined if no table is on workers. */
  readonly workers: WorkerGuard | undefined;
  close(): Promise<void>;
}

export interface RecordDatabaseOptions {
  readonly connection: DatabaseConnection;
  readonly connections: number;
  readonly statementTimeout: number;
  /** Called when a worker no longer responds, and when it does again. */
  readonly onWorker: (worker: string, responds: boolean) => void;
}

/** The standby belongs to the coordinator alone, so a worker that failed over would go unnoticed. */
export const NO_READ_STANDBY = 'DATABASE_READ_URL isn’t supported with distributed tables (docs/scale-operations.md).';

/** Most workers that are checked at the same time. */
const MAX_CHECKS = 16;
/** Milliseconds for which a check waits: as long as possible, because it can't be canceled. */
const CHECK_TIMEOUT = 3_600_000;

/** Opens the database of records. It is `db` itself if no table is on workers. */
export async function openRecordDatabase(
  db: Database,
  { connection, connections, statementTimeout, onWorker }: RecordDatabaseOptions,
): Promise<RecordDatabase> {
  if ((await findDistributedTables(db)).length === 0) return { db, workers: undefined, close: async () => {} };
  const records = openDatabase(connection, connections, statementTimeout, { distributed: true });
  const questions = openDatabase(connection, MAX_CHECKS, CHECK_TIMEOUT);
  const workers = await createWorkerGuard(questions, onWorker);
  return {
    db: records,
    workers,
    async close() {
      workers.close();
      // A question to a worker that doesn't respond would delay the stop of the server.
      void questions.close();
      await records.close();
    },
  };
}
