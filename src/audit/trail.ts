import type { Executor } from '../database/index.ts';
import { statement } from '../database/index.ts';
import { type Clock, days, later, type Random } from '../kernel/index.ts';
import type { AuditEvent } from './event.ts';
import { ensureMonth, ensureMonthWithin, type KnownMonths } from './months.ts';

const PER_STATEMENT = 500;

/** Inserts any number of events with the same SQL text, so that PostgreSQL plans it once. */
const append = statement(
  'audit.append',
  {},
  `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail, family_id)
   select * from json_to_recordset($1) as event (at timestamptz, id uuid, kind text, outcome text, request_id text,
     record_id int8, account_id uuid, client_id text, grant_id uuid, type text, resources int4, detail jsonb, family_id text)`,
);

/** The append-only audit log. An event is durable when `append` resolves. */
export interface Trail {
  /** Resolves when the event is committed. Events that wait at the same time share one commit. */
  record(event: AuditEvent): Promise<void>;
  /** Appends inside the caller's transaction, so the event is stored if and only if the change is. */
  recordWithin(tx: Executor, event: AuditEvent): Promise<void>;
  /** Appends several events in the caller's transaction. If one can't be stored, all fail. */
  recordAllWithin(tx: Executor, events: readonly AuditEvent[]): Promise<void>;
  /**
   * Resolves when the partition for the current month exists, so that the caller's own SQL statement can append an
   * event.
   */
  ready(): Promise<void>;
  /** Creates the partitions of this month and the next one. Runs at startup and periodically. */
  prepare(): Promise<void>;
}

interface Waiting {
  readonly row: Row;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Opens the audit log with group commit but without a timer: events that arrive during an insert are collected and
 * inserted together when it returns. An idle server commits each event at once; a busy one commits larger groups.
 */
export function openTrail(deps: { db: Executor; clock: Clock; random: Random }): Trail {
  const months: KnownMonths = new Set();
  let pending: Waiting[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    while (pending.length > 0) {
      const group = pending.slice(0, PER_STATEMENT);
      pending = pending.slice(PER_STATEMENT);
      await commit(group).then(
        () => {
          for (const one of group) one.done();
        },
        (error) => retryIndividually(group, error),
      );
    }
    flushing = false;
  }

  /** One event must not make others fail. If a value in a group can't be stored, its events are inserted one by one. */
  async function retryIndividually(group: readonly Waiting[], error: unknown): Promise<void> {
    const hasBadValue = group.length > 1 && isAboutValues(error);
    for (const one of group) {
      if (hasBadValue) await commit([one]).then(one.done, one.failed);
      else one.failed(error);
    }
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    await ensureMonth(deps.db, months, deps.clock.now());
    await deps.db.query(append, [written(group.map(({ row }) => row))]);
  }

  async function recordAllWithin(tx: Executor, events: readonly AuditEvent[]): Promise<void> {
    await ensureMonthWithin(tx, months, deps.clock.now());
    await tx.query(append, [written(events.map((event) => rowOf(event, deps.clock, deps.random)))]);
  }

  return {
    record(event) {
      return new Promise((done, failed) => {
        pending.push({ row: rowOf(event, deps.clock, deps.random), done, failed });
        void flush();
      });
    },
    ready: () => ensureMonth(deps.db, months, deps.clock.now()),
    async prepare() {
      const now = deps.clock.now();
      await ensureMonth(deps.db, months, now);
      await ensureMonth(deps.db, months, later(now, days(31)));
    },
    recordWithin: (tx, event) => recordAllWithin(tx, [event]),
    recordAllWithin,
  };
}

/** Column values by column name. */
type Row = Readonly<Record<string, unknown>>;

const rowOf = (event: AuditEvent, clock: Clock, random: Random): Row => ({
  at: clock.now(),
  id: random.uuid(),
  kind: event.kind,
  outcome: event.outcome,
  request_id: event.requestId,
  record_id: event.recordId,
  account_id: event.accountId,
  client_id: event.clientId,
  grant_id: event.grantId,
  type: event.type,
  resources: event.resources,
  detail: event.detail,
  family_id: event.familyId,
});

/**
 * SQLSTATE class 22, data exception. After any other error, such as a lost connection, retrying one by one would only
 * take time.
 */
const isAboutValues = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('22');

/** Serializes the rows. Sanitizes values only if the text contains characters that can't be stored. */
function written(rows: readonly Row[]): string {
  const text = JSON.stringify(rows);
  return UNSTORABLE.test(text) ? JSON.stringify(rows, storable) : text;
}

/**
 * PostgreSQL's jsonb accepts neither NUL nor unpaired surrogates. JSON.stringify writes both as `\u` escapes, and no
 * other character as an escape of this form.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;
const storable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
