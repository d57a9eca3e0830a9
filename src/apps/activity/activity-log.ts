import type { Database, Executor } from '../../database/index.ts';
import type { AppActivityLog, LoggedRequest } from '../../domain/index.ts';
import { type ClientId, type Clock, days, type Random, type RecordId, seconds } from '../../kernel/index.ts';
import { addAll, countError, countOne, countRequest } from './counts.ts';
import { type AppFirstCall, firstCallRecorder } from './first-call.ts';
import { type LogRowOrigin, logQuota } from './log-quota.ts';
import { toErrorRow, toRequestRow, toTokenRow } from './log-rows.ts';
import { pseudonymLookup } from './pseudonym.ts';
import { writeActivity } from './write-activity.ts';
import {
  type BufferedRow,
  emptyBuffer,
  isBufferEmpty,
  MAX_KEYS,
  MAX_ROWS,
  seenFilter,
  type WriteBuffer,
} from './write-buffer.ts';

/** Logs the requests of apps and counts their usage. Entries are buffered in memory and written in the background. */
export interface DeveloperActivityLog extends AppActivityLog {
  /** Resolves when all entries that were buffered at the time of the call are written or lost. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ActivityLogDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** Called with the error if entries of the log can't be written. */
  readonly failed?: (error: unknown) => void;
  readonly firstCall?: (tx: Executor, call: AppFirstCall) => Promise<void>;
}

interface LogRowKind {
  readonly clientId: ClientId;
  readonly at: Date;
  /** Error code of a failed request, or grant type of an issued token. undefined for any other successful request. */
  readonly kind: string | undefined;
  readonly cause: LogRowOrigin;
}

/**
 * Largest fraction of the buffer's rows, from 0 to 1, that log rows of each origin (see
 * `LogRowOrigin`) may fill. Only requests of authenticated apps (`proved`) may fill the whole
 * buffer. The other origins have lower limits, so that they always leave space for `proved` rows.
 */
const SHARES: Readonly<Record<LogRowOrigin, number>> = { proved: 1, claimed: 0.5, granted: 0.25 };
const noPendingRows = (): Record<LogRowOrigin, number> => ({ proved: 0, claimed: 0, granted: 0 });

/**
 * Minimum milliseconds between two writes of the log. If the last write began longer ago, a new
 * entry is written at once.
 */
const WRITE_INTERVAL = seconds(0.5);
const RETRY_PAUSE = seconds(5);

/**
 * Creates the activity log. It buffers entries in memory and writes them at most twice a second. A
 * failed write loses log rows but no usage counts.
 */
export function createDeveloperActivityLog(deps: ActivityLogDeps): DeveloperActivityLog {
  const { clock, failed = () => {} } = deps;
  const subjects = pseudonymLookup();
  const mayHaveRow = logQuota(clock);
  const isFirst = firstCallRecorder({ ...deps, subjects, failed });
  const [knownFamily, knownPatient] = [seenFilter(), seenFilter()];
  let waiting = emptyBuffer();
  let pendingByOrigin = noPendingRows();
  let numbered = 0;
  let begun = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  /**
   * Returns the id of a log row. The log is sorted by time and id, so each id begins with a
   * counter: rows of the same millisecond stay in the order in which they were logged.
   */
  const nextId = (): string => {
    numbered = (numbered + 1) % 2 ** 32;
    return `${numbered.toString(16).padStart(8, '0')}${deps.random.uuid().slice(8)}`;
  };

  /**
   * Buffers a log row if the quotas allow it. `make` builds the row and runs only then, because
   * most rows of a busy app are not stored.
   */
  function addRow({ clientId, at, kind, cause }: LogRowKind, make: () => BufferedRow): void {
    const hasRoom = waiting.rows.length < MAX_ROWS && pendingByOrigin[cause] < MAX_ROWS * SHARES[cause];
    if (hasRoom && mayHaveRow(clientId, kind, cause)) {
      waiting.rows.push({ ...make(), id: nextId() });
      pendingByOrigin[cause] += 1;
    } else countOne(waiting.counts, clientId, at, 'lost');
  }

  function trackData(request: LoggedRequest, at: Date): void {
    const { clientId, familyId, authorizedByPerson, disclosedRecordIds } = request;
    if (!isFirst.isKnown(clientId) && waiting.calls.size < MAX_KEYS) {
      if (!waiting.calls.has(clientId)) waiting.calls.set(clientId, { at, recordId: disclosedRecordIds[0] });
    }
    if (authorizedByPerson && familyId !== undefined && waiting.families.size < MAX_KEYS && !knownFamily(familyId)) {
      waiting.families.set(familyId, { clientId, at });
    }
    for (const recordId of disclosedRecordIds) trackPatient(clientId, at, recordId);
  }

  function trackPatient(clientId: ClientId, at: Date, recordId: RecordId): void {
    const key = `${clientId}\n${Math.floor(at.getTime() / days(1))}\n${recordId}`;
    if (waiting.patients.size >= MAX_KEYS || knownPatient(key)) return;
    waiting.patients.set(key, { clientId, day: at.toISOString().slice(0, 10), recordId });
  }

  /**
   * Writes the buffered entries at once if the last write began at least `WRITE_INTERVAL` ago,
   * otherwise when that interval has passed. Waits longer by `RETRY_PAUSE` if the last write
   * failed.
   */
  function scheduleWrite(): void {
    if (writing !== undefined || timer !== undefined) return;
    const wait = begun + WRITE_INTERVAL - performance.now();
    if (wait <= 0) void writeNow();
    else timer = setTimeout(writeNow, wait).unref();
  }

  async function writeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (writing !== undefined) await writing;
    if (isBufferEmpty(waiting)) return;
    begun = performance.now();
    const group = waiting;
    waiting = emptyBuffer();
    pendingByOrigin = noPendingRows();
    writing = writeGroup(group).finally(() => {
      writing = undefined;
      if (!isBufferEmpty(waiting)) scheduleWrite();
    });
    await writing;
  }

  async function writeGroup(group: WriteBuffer): Promise<void> {
    try {
      await writeActivity({ ...deps, subjects }, group);
      await isFirst.write(group.calls);
    } catch (error) {
      failed(error);
      begun = performance.now() + RETRY_PAUSE;
      putBack(group);
    }
  }

  /**
   * Puts the entries of a failed write back into the buffer for the next write. Only the log rows
   * are dropped, and counted as lost.
   */
  function putBack({ rows, counts, patients, families, calls }: WriteBuffer): void {
    addAll(waiting.counts, counts);
    for (const { clientId, at } of rows) countOne(waiting.counts, clientId, at, 'lost');
    for (const [key, one] of patients) if (waiting.patients.size < MAX_KEYS) waiting.patients.set(key, one);
    for (const [key, one] of families) if (waiting.families.size < MAX_KEYS) waiting.families.set(key, one);
    for (const [key, one] of calls) if (waiting.calls.size < MAX_KEYS) waiting.calls.set(key, one);
  }

  return {
    logError(entry) {
      const { clientId, endpoint, error, proved } = entry;
      const at = clock.now();
      countError(waiting.counts, entry, at);
      const cause = proved ? 'proved' : 'claimed';
      addRow({ clientId, at, kind: `${cause} ${endpoint} ${error}`, cause }, () => toErrorRow(entry, at));
      scheduleWrite();
    },
    logResponse(request) {
      const { clientId, rejection, resources } = request;
      const at = clock.now();
      countRequest(waiting.counts, request, at);
      if (rejection === undefined && resources > 0) trackData(request, at);
      const kind = rejection && `fhir ${rejection.error}`;
      addRow({ clientId, at, kind, cause: 'proved' }, () => toRequestRow(request, at));
      scheduleWrite();
    },
    logToken(token) {
      const { clientId, grantType } = token;
      const at = clock.now();
      addRow({ clientId, at, kind: `granted ${grantType}`, cause: 'granted' }, () => toTokenRow(token, at));
      scheduleWrite();
    },
    countStep(clientId, step) {
      countOne(waiting.counts, clientId, clock.now(), 'funnel', step);
      scheduleWrite();
    },
    flush: writeNow,
    async close() {
      await writeNow();
      clearTimeout(timer);
    },
  };
}
