import type { Executor } from '../database/index.ts';
import { statement } from '../database/index.ts';
import type { Clock, Random } from '../kernel/index.ts';
import type { AuditEvent } from './event.ts';
import { ensureMonth } from './months.ts';

const COLUMNS = 12;
const PER_STATEMENT = 500;

const appendOne = statement(
  'audit.append-one',
  {},
  `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

/** The append-only trail. What `record` answered is durable. */
export interface Trail {
  /** Resolves once the event is committed; events that wait together share one commit. */
  record(event: AuditEvent): Promise<void>;
  /** Appends inside the caller's transaction: the event is true if, and only if, the change is. */
  recordWithin(tx: Executor, event: AuditEvent): Promise<void>;
}

interface Waiting {
  readonly values: readonly unknown[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Group commit without a timer: while one insert is on its way the next events gather, and go together when it returns.
 * An idle server commits at once; a busy one commits in larger groups.
 */
export function openTrail(deps: { db: Executor; clock: Clock; random: Random }): Trail {
  let waiting: Waiting[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, PER_STATEMENT);
      waiting = waiting.slice(PER_STATEMENT);
      await append(group).then(
        () => {
          for (const one of group) one.done();
        },
        (error) => {
          for (const one of group) one.failed(error);
        },
      );
    }
    flushing = false;
  }

  async function append(group: readonly Waiting[]): Promise<void> {
    await ensureMonth(deps.db, deps.clock.now());
    const [only] = group;
    if (group.length === 1 && only !== undefined) await deps.db.query(appendOne, only.values);
    else
      await deps.db.queryText(
        insertText(group.length),
        group.flatMap((one) => one.values),
      );
  }

  return {
    record(event) {
      return new Promise((done, failed) => {
        waiting.push({ values: rowOf(event, deps.clock, deps.random), done, failed });
        void flush();
      });
    },
    async recordWithin(tx, event) {
      // Outside the transaction on purpose: the partition stays, whatever becomes of the change.
      await ensureMonth(deps.db, deps.clock.now());
      await tx.query(appendOne, rowOf(event, deps.clock, deps.random));
    },
  };
}

function rowOf(event: AuditEvent, clock: Clock, random: Random): readonly unknown[] {
  return [
    clock.now(),
    random.uuid(),
    event.kind,
    event.outcome,
    event.requestId,
    event.recordId,
    event.accountId,
    event.clientId,
    event.grantId,
    event.type,
    event.resources,
    event.detail === undefined ? null : JSON.stringify(event.detail),
  ];
}

function insertText(rows: number): string {
  const tuples = Array.from({ length: rows }, (_, row) => {
    const places = Array.from({ length: COLUMNS }, (_, column) => `$${row * COLUMNS + column + 1}`);
    return `(${places.join(',')})`;
  });
  return `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail)
   values ${tuples.join(',')}`;
}
