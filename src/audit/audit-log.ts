import type { Executor } from '../database/index.ts';
import { statement } from '../database/index.ts';
import { type Clock, days, later, type Random } from '../kernel/index.ts';
import type { AuditEvent } from './event.ts';
import { type ExistingMonths, ensureMonthPartition, ensureMonthPartitionInTransaction } from './month-partitions.ts';

const MAX_EVENTS_PER_INSERT = 500;

/** Inserts any number of events with the same SQL text, so that PostgreSQL plans it once. */
const insertEvents = statement(
  'audit.append',
  {},
  `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail, family_id)
   select * from json_to_recordset($1) as event (at timestamptz, id uuid, kind text, outcome text, request_id text,
     record_id int8, account_id uuid, client_id text, grant_id uuid, type text, resources int4, detail jsonb, family_id text)`,
);

/** The append-only audit log. An event is durable when `append` resolves. */
export interface AuditLog {
  /** Resolves when the event is committed. Events that wait at the same time share one commit. */
  append(event: AuditEvent): Promise<void>;
  /** Appends inside the caller's transaction, so the event is stored if and only if the change is. */
  appendInTransaction(tx: Executor, event: AuditEvent): Promise<void>;
  /** Appends several events in the caller's transaction. If one can't be stored, all fail. */
  appendAllInTransaction(tx: Executor, events: readonly AuditEvent[]): Promise<void>;
  /**
   * Resolves when the partition for the current month exists, so that the caller's own SQL statement can append an
   * event.
   */
  ready(): Promise<void>;
  /** Creates the partitions of this month and the next one. Runs at startup and periodically. */
  createPartitions(): Promise<void>;
}

interface PendingAuditEvent {
  readonly row: AuditRowValues;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Opens the audit log with group commit but without a timer: events that arrive during an insert are collected and
 * inserted together when it returns. An idle server commits each event at once; a busy one commits larger groups.
 */
export function createAuditLog(deps: { db: Executor; clock: Clock; random: Random }): AuditLog {
  const months: ExistingMonths = new Set();
  let pending: PendingAuditEvent[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    while (pending.length > 0) {
      const group = pending.slice(0, MAX_EVENTS_PER_INSERT);
      pending = pending.slice(MAX_EVENTS_PER_INSERT);
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
  async function retryIndividually(group: readonly PendingAuditEvent[], error: unknown): Promise<void> {
    const hasBadValue = group.length > 1 && isDataException(error);
    for (const one of group) {
      if (hasBadValue) await commit([one]).then(one.done, one.failed);
      else one.failed(error);
    }
  }

  async function commit(group: readonly PendingAuditEvent[]): Promise<void> {
    await ensureMonthPartition(deps.db, months, deps.clock.now());
    await deps.db.query(insertEvents, [serializeRows(group.map(({ row }) => row))]);
  }

  async function recordAllWithin(tx: Executor, events: readonly AuditEvent[]): Promise<void> {
    await ensureMonthPartitionInTransaction(tx, months, deps.clock.now());
    await tx.query(insertEvents, [serializeRows(events.map((event) => toRow(event, deps.clock, deps.random)))]);
  }

  return {
    append(event) {
      return new Promise((done, failed) => {
        pending.push({ row: toRow(event, deps.clock, deps.random), done, failed });
        void flush();
      });
    },
    ready: () => ensureMonthPartition(deps.db, months, deps.clock.now()),
    async createPartitions() {
      const now = deps.clock.now();
      await ensureMonthPartition(deps.db, months, now);
      await ensureMonthPartition(deps.db, months, later(now, days(31)));
    },
    appendInTransaction: (tx, event) => recordAllWithin(tx, [event]),
    appendAllInTransaction: recordAllWithin,
  };
}

/** Column values by column name. */
type AuditRowValues = Readonly<Record<string, unknown>>;

const toRow = (event: AuditEvent, clock: Clock, random: Random): AuditRowValues => ({
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
const isDataException = (error: unknown): boolean =>
  String((error as { code?: unknown } | null)?.code).startsWith('22');

/** Serializes the rows. Sanitizes values only if the text contains characters that can't be stored. */
function serializeRows(rows: readonly AuditRowValues[]): string {
  const text = JSON.stringify(rows);
  return UNSTORABLE.test(text) ? JSON.stringify(rows, replaceUnstorable) : text;
}

/**
 * PostgreSQL's jsonb accepts neither NUL nor unpaired surrogates. JSON.stringify writes both as `\u` escapes, and no
 * other character as an escape of this form.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;
const replaceUnstorable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
