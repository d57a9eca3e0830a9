import { type Executor, statement } from '../database/index.ts';
import { type ClientId, type Clock, minutes, type Random } from '../kernel/index.ts';

/** Why the server refused an app. */
export interface LoggedRefusal {
  readonly clientId: ClientId;
  readonly endpoint: string;
  readonly error: string;
  readonly cause: string;
  readonly requestId: string;
}

export interface OpenAppLog {
  /** Returns at once and never throws: a log that fails must not change an answer. */
  refused(refusal: LoggedRefusal): void;
  /** Resolves when all that waits is written. */
  close(): Promise<void>;
}

export interface LogRow extends Omit<LoggedRefusal, 'clientId'> {
  readonly at: Date;
}

/** Whoever knows a client_id can have an app refused: these keep them from filling memory and disk. */
const MOST_WAITING = 1000;
const MOST_PER_MINUTE = 120;
const PER_STATEMENT = 200;
const LONGEST_CAUSE = 500;

const append = statement(
  'registry.app-log.append',
  {},
  `insert into app_log (client_id, at, id, endpoint, error, cause, request_id)
   select * from unnest($1::text[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])`,
);
const list = statement(
  'registry.app-log.list',
  { at: 'timestamptz', endpoint: 'text', error: 'text', cause: 'text', request_id: 'text' },
  `select at, endpoint, error, cause, request_id from app_log
   where client_id = $1 order by at desc, id desc limit $2`,
);
const sweep = statement('registry.app-log.sweep', {}, 'delete from app_log where at < $1');

type Row = readonly [ClientId, Date, string, string, string, string, string];

/** @param deps.failed is told of rows that could not be written; they are lost */
export function openAppLog(deps: {
  db: Executor;
  clock: Clock;
  random: Random;
  failed?: (error: unknown) => void;
}): OpenAppLog {
  let waiting: Row[] = [];
  let flushing: Promise<void> | undefined;
  const allowance = perMinute(deps.clock);

  /** While one insert is on its way the next rows gather, and go together when it returns. */
  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, PER_STATEMENT);
      waiting = waiting.slice(PER_STATEMENT);
      await deps.db.query(append, columnsOf(group)).catch((error) => deps.failed?.(error));
    }
    flushing = undefined;
  }

  return {
    refused(refusal) {
      if (waiting.length >= MOST_WAITING || !allowance(refusal.clientId)) return;
      waiting.push(rowOf(refusal, deps.clock, deps.random));
      flushing ??= flush();
    },
    async close() {
      await flushing;
    },
  };
}

/** Why an app was refused of late, the newest first. */
export async function listLog(db: Executor, clientId: string, limit: number): Promise<readonly LogRow[]> {
  const rows = await db.query(list, [clientId, limit]);
  return rows.map(({ request_id, ...row }) => ({ ...row, requestId: request_id }));
}

export async function sweepAppLog(db: Executor, before: Date): Promise<void> {
  await db.query(sweep, [before]);
}

/** Whether an app may have another row in this minute. */
function perMinute(clock: Clock): (clientId: ClientId) => boolean {
  const counts = new Map<ClientId, number>();
  let minute = 0;
  return (clientId) => {
    const now = Math.floor(clock.now().getTime() / minutes(1));
    if (now !== minute) counts.clear();
    minute = now;
    const count = (counts.get(clientId) ?? 0) + 1;
    counts.set(clientId, count);
    return count <= MOST_PER_MINUTE;
  };
}

const rowOf = (refusal: LoggedRefusal, clock: Clock, random: Random): Row => [
  refusal.clientId,
  clock.now(),
  random.uuid(),
  storable(refusal.endpoint),
  storable(refusal.error),
  storable(refusal.cause.slice(0, LONGEST_CAUSE)),
  storable(refusal.requestId),
];

const columnsOf = (rows: readonly Row[]): readonly unknown[] =>
  [0, 1, 2, 3, 4, 5, 6].map((column) => rows.map((row) => row[column]));

/**
 * Causes quote what was sent. Nothing of it moves a terminal's cursor, begins a line or turns the direction of text where
 * the log is read; and PostgreSQL's text takes neither a NUL nor half a surrogate pair.
 */
const storable = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
