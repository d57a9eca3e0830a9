import { keepAuditLog } from '../../src/audit/archive/keep-audit-log.ts';
import { createAuditLog } from '../../src/audit/index.ts';
import type { Database } from '../../src/database/index.ts';
import { days, hours, later, systemRandom as random, systemClock } from '../../src/kernel/index.ts';

/** Noon (UTC) of a day before today. Two days ago is always closed, also in the first hour of a day. */
export const daysAgo = (count: number): Date =>
  later(new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`), -days(count));

/** Appends events of an app to the audit log, an hour's distance from the time, as a server at that time does. */
export async function recordReads(db: Database, at: Date, count: number): Promise<void> {
  let time = at;
  const log = createAuditLog({ db, random, clock: { now: () => time } });
  for (let n = 0; n < count; n++) {
    await log.append({ kind: 'read', outcome: 'success', requestId: `request-${n}`, detail: { id: `é "${n}"\n` } });
    time = later(time, hours(1) / count);
  }
}

export interface Keeper {
  /** Does what the server does every night. */
  keep(): Promise<unknown>;
  /** Fields of all lines that were logged. */
  readonly logged: Record<string, unknown>[];
}

/** Creates the nightly work of a server with the archive in a folder; without one, the log stays in the database. */
export function createKeeper(
  db: Database,
  folder: string | undefined,
  { retentionYears = 6, isStopping = () => false }: { retentionYears?: number; isStopping?: () => boolean } = {},
): Keeper {
  const logged: Record<string, unknown>[] = [];
  const write = (fields: object): void => void logged.push({ ...fields });
  const log = { info: write, error: write };
  const deps = { db, random, isStopping, clock: systemClock, folder, retentionYears, log };
  return { keep: () => keepAuditLog(deps), logged };
}
