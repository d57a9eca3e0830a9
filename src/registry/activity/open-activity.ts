import type { Database, Executor } from '../../database/index.ts';
import { type ClientId, type Clock, days, type Random, type RecordId, seconds } from '../../kernel/index.ts';
import { allowance, type Cause } from './allowance.ts';
import { addAll, countOne } from './counts.ts';
import { type FirstCall, firstCalls } from './first-call.ts';
import type { FunnelStep, LoggedGrant, LoggedRefusal, LoggedRequest } from './logged.ts';
import { subjectBook } from './pseudonym.ts';
import { rowOfGrant, rowOfRefusal, rowOfRequest } from './rows.ts';
import { isNothing, MOST_KEYS, MOST_ROWS, nothing, seen, type Waiting, type WaitingRow } from './waiting.ts';
import { write } from './write.ts';

/** What becomes of the requests of apps, for their developers. All of it returns at once and never throws: it must not change an answer, or delay it. */
export interface OpenActivity {
  refused(refusal: LoggedRefusal): void;
  answered(request: LoggedRequest): void;
  granted(grant: LoggedGrant): void;
  /** One more of an app's authorizations came this far. */
  reached(clientId: ClientId, step: FunnelStep): void;
  /** Resolves when all that waits at this moment is written, or lost. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface ActivityDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  /** Is told of what could not be written. */
  readonly failed?: (error: unknown) => void;
  readonly firstCall?: (tx: Executor, call: FirstCall) => Promise<void>;
}

interface RowKind {
  readonly clientId: ClientId;
  readonly at: Date;
  /** Of refusal or of token; undefined: it was answered. */
  readonly kind: string | undefined;
  readonly cause: Cause;
}

/** Of the rows that wait: what apps asked for and were refused has room whatever else comes. */
const SHARES: Readonly<Record<Cause, number>> = { proved: 1, claimed: 0.5, granted: 0.25 };
const noneHeld = (): Record<Cause, number> => ({ proved: 0, claimed: 0, granted: 0 });

/** Between two writes. An idle server writes at once; a busy one twice a second, whatever comes. */
const PAUSE = seconds(0.5);
/** After one that failed. */
const RECOVERY = seconds(5);

export function openActivity(deps: ActivityDeps): OpenActivity {
  const { clock, failed = () => {} } = deps;
  const subjects = subjectBook();
  const mayHaveRow = allowance(clock);
  const isFirst = firstCalls({ ...deps, subjects, failed });
  const [knownFamily, knownPatient] = [seen(), seen()];
  let waiting = nothing();
  let held = noneHeld();
  let numbered = 0;
  let begun = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;

  /** The log is read by time and id: requests of one millisecond stay in the order in which they were answered. */
  const nextId = (): string => {
    numbered = (numbered + 1) % 2 ** 32;
    return `${numbered.toString(16).padStart(8, '0')}${deps.random.uuid().slice(8)}`;
  };

  /** Most rows of a busy app are not kept: they are not made either. */
  function keepRow({ clientId, at, kind, cause }: RowKind, make: () => WaitingRow): void {
    const hasRoom = waiting.rows.length < MOST_ROWS && held[cause] < MOST_ROWS * SHARES[cause];
    if (hasRoom && mayHaveRow(clientId, kind, cause)) {
      waiting.rows.push({ ...make(), id: nextId() });
      held[cause] += 1;
    } else countOne(waiting.counts, clientId, at, 'lost');
  }

  function noteData({ clientId, familyId, byPerson, records }: LoggedRequest, at: Date): void {
    if (!isFirst.isKnown(clientId) && waiting.calls.size < MOST_KEYS) {
      if (!waiting.calls.has(clientId)) waiting.calls.set(clientId, { at, recordId: records[0] });
    }
    if (byPerson && familyId !== undefined && waiting.families.size < MOST_KEYS && !knownFamily(familyId)) {
      waiting.families.set(familyId, { clientId, at });
    }
    for (const recordId of records) notePatient(clientId, at, recordId);
  }

  function notePatient(clientId: ClientId, at: Date, recordId: RecordId): void {
    const key = `${clientId}\n${Math.floor(at.getTime() / days(1))}\n${recordId}`;
    if (waiting.patients.size >= MOST_KEYS || knownPatient(key)) return;
    waiting.patients.set(key, { clientId, day: at.toISOString().slice(0, 10), recordId });
  }

  /** Writes now, or when the pause is over: meanwhile more gathers. */
  function due(): void {
    if (writing !== undefined || timer !== undefined) return;
    const wait = begun + PAUSE - performance.now();
    if (wait <= 0) void writeNow();
    else timer = setTimeout(writeNow, wait).unref();
  }

  async function writeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    while (writing !== undefined) await writing;
    if (isNothing(waiting)) return;
    begun = performance.now();
    const group = waiting;
    waiting = nothing();
    held = noneHeld();
    writing = writeGroup(group).finally(() => {
      writing = undefined;
      if (!isNothing(waiting)) due();
    });
    await writing;
  }

  async function writeGroup(group: Waiting): Promise<void> {
    try {
      await write({ ...deps, subjects }, group);
      await isFirst.write(group.calls);
    } catch (error) {
      failed(error);
      begun = performance.now() + RECOVERY;
      putBack(group);
    }
  }

  /** Rows are lost, and that is counted; what is counted waits for the next time. */
  function putBack({ rows, counts, patients, families, calls }: Waiting): void {
    addAll(waiting.counts, counts);
    for (const { clientId, at } of rows) countOne(waiting.counts, clientId, at, 'lost');
    for (const [key, one] of patients) if (waiting.patients.size < MOST_KEYS) waiting.patients.set(key, one);
    for (const [key, one] of families) if (waiting.families.size < MOST_KEYS) waiting.families.set(key, one);
    for (const [key, one] of calls) if (waiting.calls.size < MOST_KEYS) waiting.calls.set(key, one);
  }

  return {
    refused(refusal) {
      const { clientId, endpoint, error, proved } = refusal;
      const at = clock.now();
      countOne(waiting.counts, clientId, at, 'error', error);
      if (!proved) countOne(waiting.counts, clientId, at, 'unproved', error);
      const cause = proved ? 'proved' : 'claimed';
      keepRow({ clientId, at, kind: `${cause} ${endpoint} ${error}`, cause }, () => rowOfRefusal(refusal, at));
      due();
    },
    answered(request) {
      const { clientId, type, refusal, familyId, resources } = request;
      const at = clock.now();
      if (familyId !== undefined) countOne(waiting.counts, clientId, at, 'call');
      if (familyId !== undefined && type !== undefined) countOne(waiting.counts, clientId, at, 'type', type);
      if (refusal !== undefined) countOne(waiting.counts, clientId, at, 'error', refusal.error);
      else if (resources > 0) noteData(request, at);
      const kind = refusal && `fhir ${refusal.error}`;
      keepRow({ clientId, at, kind, cause: 'proved' }, () => rowOfRequest(request, at));
      due();
    },
    granted(grant) {
      const { clientId, grantType } = grant;
      const at = clock.now();
      keepRow({ clientId, at, kind: `granted ${grantType}`, cause: 'granted' }, () => rowOfGrant(grant, at));
      due();
    },
    reached(clientId, step) {
      countOne(waiting.counts, clientId, clock.now(), 'funnel', step);
      due();
    },
    flush: writeNow,
    async close() {
      await writeNow();
      clearTimeout(timer);
    },
  };
}
