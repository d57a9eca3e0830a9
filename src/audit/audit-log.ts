import type { Executor } from '../database/index.ts';
import { createReleaseCheck, EARLIER_RELEASES, statement } from '../database/index.ts';
import type { FindStatement } from '../domain/index.ts';
import { type Clock, days, groupCommit, later, type Random } from '../kernel/index.ts';
import { splitByPractice, toSingleEvents, toStoredDetail } from './disclosed-records.ts';
import type { AuditEvent } from './event.ts';
import { type ExistingMonths, ensureMonthPartition, ensureMonthPartitionInTransaction } from './month-partitions.ts';

const MAX_EVENTS_PER_INSERT = 500;
/** Milliseconds without an event that waited together with another one, after which events come one at a time. */
const QUIET_AFTER_MS = 10;

/**
 * Earlier releases don't find events about several records in the access logs of these. While one is connected, as in a
 * rolling upgrade, each record gets an event of its own.
 */
const hasEarlierRelease = createReleaseCheck(EARLIER_RELEASES);

/** Columns of an audit event with their types, in the order in which statements insert them. */
const COLUMN_TYPES = {
  at: 'timestamptz',
  id: 'uuid',
  kind: 'text',
  outcome: 'text',
  request_id: 'text',
  record_id: 'int8',
  account_id: 'uuid',
  client_id: 'text',
  grant_id: 'uuid',
  type: 'text',
  resources: 'int4',
  detail: 'jsonb',
  family_id: 'text',
} as const;
const COLUMNS = Object.keys(COLUMN_TYPES) as (keyof typeof COLUMN_TYPES)[];

/**
 * Inserts audit events. The SQL text is the same for any number of events, so that PostgreSQL plans the statement once.
 */
const insertEvents = statement(
  'audit.append',
  {},
  `insert into audit_event (${COLUMNS.join(', ')})
   select * from json_to_recordset($1) as event (${COLUMNS.map((name) => `${name} ${COLUMN_TYPES[name]}`).join(', ')})`,
);

/**
 * SQL that finds rows and inserts an audit event. Its values are parameters after those of the statement, and the time
 * limit is the last one. One event in a JSON array costs PostgreSQL more. The time counts from the start of the
 * transaction: `statement_timestamp()` doesn't include a wait for a table lock. The column `event` is null if the
 * event was appended, because PostgreSQL sends nothing for a null in each row.
 */
function findAndAppendSql(text: string, parameters: number, disclosed: string): string {
  const values = COLUMNS.map((column, i) => {
    const value = `$${parameters + i + 1}::${COLUMN_TYPES[column]}`;
    if (column === 'resources') return `coalesce(d.resources, ${value})`;
    return column === 'detail' ? `${value} || d.detail` : value;
  });
  const within = `$${parameters + COLUMNS.length + 1}::int4 * interval '1 millisecond'`;
  return `with found as materialized (${text}),
    appended as (
      insert into audit_event (${COLUMNS.join(', ')}) select ${values.join(', ')} from (${disclosed}) as d
      where clock_timestamp() < now() + ${within} returning 1)
    select found.*, case when not exists (select 1 from appended) then 'missing' end as event from found`;
}

/**
 * The append-only audit log. `append` inserts an event on the log's own connection, independently of any transaction of
 * the caller. It is used for reads, rejected requests and failed sign-ins, for example. `appendInTransaction` and
 * `appendAllInTransaction` insert events on the connection of the caller's transaction, so that a change and its events
 * are stored together or not at all.
 */
export interface AuditLog {
  /**
   * Appends an event on the log's own connection, and resolves when the event is committed. If the caller has an open
   * transaction, the event stays even if that transaction rolls back. Events that wait at the same time share one
   * commit.
   */
  append(event: AuditEvent): Promise<void>;
  /**
   * Whether events come one at a time. `findAndAppend` is then faster than a statement and `append`. It is slower while
   * several events come together, because they could share one commit.
   */
  isQuiet(): boolean;
  /**
   * Runs a statement that finds what a response discloses, and appends the event in the same statement, which saves a
   * round trip. Resolves when the event is committed.
   * @param within milliseconds. If the statement finds its rows later, the event isn't appended
   */
  findAndAppend<Row>(
    db: Executor,
    statement: FindStatement,
    event: AuditEvent,
    within: number,
  ): Promise<FoundRows<Row>>;
  /**
   * Appends an event on the connection of the caller's transaction. The event is stored if and only if that transaction
   * commits.
   */
  appendInTransaction(tx: Executor, event: AuditEvent): Promise<void>;
  /**
   * Appends several events on the connection of the caller's transaction. If one of the events can't be stored, the
   * transaction fails.
   */
  appendAllInTransaction(tx: Executor, events: readonly AuditEvent[]): Promise<void>;
  /**
   * Resolves when the audit table has a partition for the current month. A missing partition is created on the log's
   * own connection. Call this method before a statement that contains `insertAuditRow`, which bypasses the log.
   */
  ready(): Promise<void>;
  /**
   * Creates the audit table's partitions for the current month and for the month 31 days from now, on the log's own
   * connection. It runs at startup and periodically.
   */
  createPartitions(): Promise<void>;
}

export interface FoundRows<Row> {
  readonly rows: Row[];
  /** Whether the event was appended. */
  readonly isAppended: boolean;
}

/** Is notified of events, for metrics. */
export interface AuditObserver {
  /** Called for each event that is stored, or will be if the caller's transaction commits. */
  countAuditEvent(kind: AuditEvent['kind'], outcome: AuditEvent['outcome']): void;
  /** Called with the number of events that couldn't be stored. */
  countLostAuditEvents(count: number): void;
}

/**
 * Opens the audit log. Events that `append` gets during an insert are inserted together when that insert returns.
 * @param deps.db the log's own connection for `append` and partitions. The server passes a dedicated connection, so
 * that responses never wait for a pooled one; commands pass the pool
 */
export function createAuditLog(deps: {
  readonly db: Executor;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer?: AuditObserver | undefined;
}): AuditLog & { pendingEvents(): number } {
  const { observer } = deps;
  const months: ExistingMonths = new Set();
  /** Statements of `findAndAppend` by the name of the statement that finds. Only a few hundred have a name. */
  const recordedStatements = new Map<string, { readonly name: string; readonly text: string }>();
  const appendRow = groupCommit<AuditRowValues, undefined>({
    maxItems: MAX_EVENTS_PER_INSERT,
    async commit(rows) {
      await ensureMonthPartition(deps.db, months, deps.clock.now());
      await deps.db.query(insertEvents, [toJson(rows)]);
      return rows.map(() => undefined);
    },
    isCausedByItem: isDataException,
  });
  let pending = 0;

  /** When an event last came while another one waited for its commit, in milliseconds. */
  let sharedAt = Number.NEGATIVE_INFINITY;
  function begin(): void {
    if (pending > 0) sharedAt = performance.now();
    pending += 1;
  }

  /** Returns the events that are stored for an event about several records. */
  const splitEvent = async (db: Executor, event: AuditEvent): Promise<readonly AuditEvent[]> =>
    (await hasEarlierRelease(deps)) ? toSingleEvents(event) : splitByPractice(db, event);

  async function append(event: AuditEvent): Promise<void> {
    begin();
    try {
      const events = event.records === undefined ? [event] : await splitEvent(deps.db, event);
      await Promise.all(events.map((one) => appendRow(toRow(one, deps.clock, deps.random))));
      for (const { kind, outcome } of events) observer?.countAuditEvent(kind, outcome);
    } catch (error) {
      observer?.countLostAuditEvents(1);
      throw error;
    } finally {
      pending -= 1;
    }
  }

  async function findAndAppend<Row>(
    db: Executor,
    { name, text, parameters, disclosed }: FindStatement,
    event: AuditEvent,
    within: number,
  ): Promise<FoundRows<Row>> {
    begin();
    try {
      await ensureMonthPartition(deps.db, months, deps.clock.now());
      const row = toRow(event, deps.clock, deps.random);
      const values = COLUMNS.map((column) => (column === 'detail' ? toJson(row[column]) : row[column]));
      let recorded = recordedStatements.get(name);
      if (recorded === undefined) {
        recorded = { name: `${name}.audit`, text: findAndAppendSql(text, parameters.length, disclosed) };
        recordedStatements.set(name, recorded);
      }
      const rows = await db.queryText<Row & { readonly event: 'missing' | null }>(
        recorded.text,
        [...parameters, ...values, within],
        recorded.name,
      );
      const isAppended = rows[0]?.event === null;
      if (isAppended) observer?.countAuditEvent(event.kind, event.outcome);
      return { rows, isAppended };
    } finally {
      pending -= 1;
    }
  }

  async function recordAllWithin(tx: Executor, events: readonly AuditEvent[]): Promise<void> {
    await ensureMonthPartitionInTransaction(tx, months, deps.clock.now());
    const stored: AuditEvent[] = [];
    for (const event of events) stored.push(...(event.records === undefined ? [event] : await splitEvent(tx, event)));
    await tx.query(insertEvents, [toJson(stored.map((event) => toRow(event, deps.clock, deps.random)))]);
    for (const { kind, outcome } of stored) observer?.countAuditEvent(kind, outcome);
  }

  return {
    append,
    isQuiet: () => pending === 0 && performance.now() - sharedAt > QUIET_AFTER_MS,
    findAndAppend,
    pendingEvents: () => pending,
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

/** Values of an audit event by column name. */
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
  detail: toStoredDetail(event),
  family_id: event.familyId,
});

/**
 * Tells whether an error is a data exception, SQLSTATE class 22: a value can't be stored. After other errors, such as a
 * lost connection, inserting the events one by one would only take time.
 */
const isDataException = (error: unknown): boolean =>
  String((error as { code?: unknown } | null)?.code).startsWith('22');

/** Serializes values of audit events as JSON. Replaces characters that PostgreSQL can't store, if there are any. */
function toJson(value: unknown): string {
  const text = JSON.stringify(value);
  return UNSTORABLE.test(text) ? JSON.stringify(value, replaceUnstorable) : text;
}

/**
 * Finds characters that PostgreSQL's jsonb rejects: NUL and unpaired surrogates. JSON.stringify writes these
 * characters, and no others, as one of the escapes that this expression matches.
 */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;
const replaceUnstorable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
