import type { Executor } from '../database/index.ts';
import { statement } from '../database/index.ts';
import { type Clock, days, later, type Random } from '../kernel/index.ts';
import type { AuditEvent } from './event.ts';
import { ensureMonth, ensureMonthWithin, type KnownMonths } from './months.ts';

const PER_STATEMENT = 500;

/** However many events: the same text each time, so that it is planned once. */
const append = statement(
  'audit.append',
  {},
  `insert into audit_event (at, id, kind, outcome, request_id, record_id, account_id, client_id, grant_id, type, resources, detail, family_id)
   select * from json_to_recordset($1) as event (at timestamptz, id uuid, kind text, outcome text, request_id text,
     record_id int8, account_id uuid, client_id text, grant_id uuid, type text, resources int4, detail jsonb, family_id text)`,
);

/** The append-only trail. What `record` answered is durable. */
export interface Trail {
  /** Resolves once the event is committed; events that wait together share one commit. */
  record(event: AuditEvent): Promise<void>;
  /** Appends inside the caller's transaction: the event is true if, and only if, the change is. */
  recordWithin(tx: Executor, event: AuditEvent): Promise<void>;
  /** The same for many, of which any fails all. */
  recordAllWithin(tx: Executor, events: readonly AuditEvent[]): Promise<void>;
  /** Resolves once a statement of the caller's own can append an event of this moment. */
  ready(): Promise<void>;
  /** Makes room for this month and the next: at start, and now and then. */
  prepare(): Promise<void>;
}

interface Waiting {
  readonly row: Row;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Group commit without a timer: while one insert is on its way the next events gather, and go together when it returns.
 * An idle server commits at once; a busy one commits in larger groups.
 */
export function openTrail(deps: { db: Executor; clock: Clock; random: Random }): Trail {
  const months: KnownMonths = new Set();
  let waiting: Waiting[] = [];
  let flushing = false;

  async function flush(): Promise<void> {
    if (flushing) return;
    flushing = true;
    while (waiting.length > 0) {
      const group = waiting.slice(0, PER_STATEMENT);
      waiting = waiting.slice(PER_STATEMENT);
      await commit(group).then(
        () => {
          for (const one of group) one.done();
        },
        (error) => eachAlone(group, error),
      );
    }
    flushing = false;
  }

  /** Nobody's event may make another's fail: a group that one of them spoils goes one by one. */
  async function eachAlone(group: readonly Waiting[], error: unknown): Promise<void> {
    const spoilt = group.length > 1 && isAboutValues(error);
    for (const one of group) {
      if (spoilt) await commit([one]).then(one.done, one.failed);
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
        waiting.push({ row: rowOf(event, deps.clock, deps.random), done, failed });
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

/** By the names of the columns. */
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

/** SQLSTATE class 22, data exception. A database that is gone is gone for each of them: asking again only takes time. */
const isAboutValues = (error: unknown): boolean => String((error as { code?: unknown } | null)?.code).startsWith('22');

/** Looked through value by value only where something in it is not storable. */
function written(rows: readonly Row[]): string {
  const text = JSON.stringify(rows);
  return UNSTORABLE.test(text) ? JSON.stringify(rows, storable) : text;
}

/** PostgreSQL's jsonb takes neither a NUL nor half a surrogate pair. JSON text has both as escapes, and no other escapes of theirs. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;
const storable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value;
