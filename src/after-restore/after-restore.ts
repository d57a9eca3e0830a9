import {
  acceptSegments,
  countNoticedEvents,
  createAuditLog,
  findLostEvents,
  findLostRecently,
  type LostEvent,
  type LostEventResult,
  type LostEvents,
  listHandledEvents,
  noticeLostEvents,
  saveLostEvent,
  settleNoticedEvents,
} from '../audit/index.ts';
import type { Database, Executor } from '../database/index.ts';
import { endSessionsAndLinks } from '../identity/index.ts';
import { OperatorError, Problem } from '../kernel/index.ts';
import { countHeldEmails, holdUnsentEmails } from '../mail/index.ts';
import { findRemedy, nameOf, type Remedy, type RemedyDeps } from './remedies.ts';

/** Access that ended after the time to which the database was restored, and that works again. */
export interface LostRevocation {
  readonly event: LostEvent;
  /** Kind and action of the event, such as `account/lock`. */
  readonly name: string;
  readonly what: string;
  /** Undefined: nothing was done about it yet. */
  readonly result: LostEventResult | undefined;
  /** Says what an operator has to do; undefined if it can be repeated. */
  readonly byHand: string | undefined;
}

/** Describes a restore by the events that the database lost. */
export interface RestoreReport {
  readonly lost: Omit<LostEvents, 'changes'>;
  readonly revocations: readonly LostRevocation[];
  /** Numbers of the other lost changes by kind and action: they added something, which is gone. */
  readonly others: Readonly<Record<string, number>>;
  readonly heldEmails: number;
  /** Whether a server noticed lost events that nobody has dealt with. */
  readonly isNoticed: boolean;
}

interface Sources {
  /** Folder of the archive of the audit log; undefined if there is none. */
  readonly folder: string | undefined;
  /** Another database that has later events. */
  readonly other?: Executor | undefined;
  /** Whether segments of the archive are read that were handled before. */
  readonly accepted?: boolean;
}

/** Finds what the database lost in a restore. Changes nothing. */
export async function reportRestore(db: Executor, sources: Sources): Promise<RestoreReport> {
  const lost = await findLostEvents(db, sources);
  const handled = await listHandledEvents(db);
  const revocations: LostRevocation[] = [];
  const others: Record<string, number> = {};
  for (const { event, remedy } of inForce(lost.changes)) {
    const name = nameOf(event);
    if (remedy === undefined) others[name] = (others[name] ?? 0) + 1;
    else revocations.push({ event, name, what: remedy.what, byHand: remedy.byHand, result: handled.get(event.id) });
  }
  const { changes: _changes, ...found } = lost;
  const isNoticed = (await countNoticedEvents(db)) > 0;
  return { lost: found, revocations, others, heldEmails: await countHeldEmails(db), isNoticed };
}

/** Leaves out what a later lost event lifted, such as the lock of an account that was unlocked. */
function inForce(events: readonly LostEvent[]): readonly { event: LostEvent; remedy: Remedy | undefined }[] {
  const all = events.map((event) => ({ event, remedy: findRemedy(event) }));
  const last = new Map(
    all.flatMap(({ event, remedy }) => (remedy?.state === undefined ? [] : [[remedy.state, event]])),
  );
  return all.filter(
    ({ event, remedy }) =>
      remedy === undefined ||
      ((remedy.state === undefined || last.get(remedy.state) === event) &&
        (remedy.apply !== undefined || remedy.byHand !== undefined)),
  );
}

export interface ReapplyDeps extends RemedyDeps {
  readonly db: Database;
}

/** Counts of what `reapplyRevocations` did besides the revocations. */
export interface Reapplied {
  readonly sessions: number;
  readonly links: number;
  readonly held: number;
}

/**
 * Repeats the revocations that the database lost, each in a transaction with its audit event. Ends the sessions and
 * one-time links from before the last lost event, and holds back the emails that waited. What was done before is left
 * out, so the function may run at any time, and again after a failure.
 */
export async function reapplyRevocations(deps: ReapplyDeps, sources: Sources): Promise<Reapplied> {
  const { db, clock } = deps;
  const lost = await findLostEvents(db, sources);
  const handled = await listHandledEvents(db);
  const until = lost.last === undefined ? clock.now() : new Date(lost.last);
  const pending = inForce(lost.changes).filter(({ event }) => !handled.has(event.id));
  // The emails that an operator has released aren't held back again.
  const isNew = pending.length > 0 || lost.segments.length > 0 || lost.count === 0;
  const general = await db.transaction(async (tx) => {
    const ended = await endSessionsAndLinks(tx, clock.now(), until);
    return { ...ended, held: isNew ? await holdUnsentEmails(tx, clock.now(), until) : 0 };
  });
  for (const { event, remedy } of pending) await handle(deps, event, remedy);
  await db.transaction(async (tx) => {
    await acceptSegments(tx, lost.segments, clock.now());
    // A server that starts later doesn't report these events again.
    if (sources.folder !== undefined)
      await noticeLostEvents(tx, await findLostRecently(tx, sources.folder), clock.now());
    await settleNoticedEvents(tx);
  });
  return general;
}

async function handle(deps: ReapplyDeps, event: LostEvent, remedy: Remedy | undefined): Promise<void> {
  const { db, clock, random } = deps;
  if (remedy?.apply === undefined)
    return saveLostEvent(db, event, remedy?.byHand === undefined ? 'not-needed' : 'by-hand', clock.now());
  const { apply } = remedy;
  await db
    .transaction(async (tx) => {
      const applied = await apply(tx, deps);
      const result = applied === 'by-hand' ? applied : applied ? 'reapplied' : 'not-needed';
      await saveLostEvent(tx, event, result, clock.now());
      if (applied !== true) return;
      const { recordId, accountId, clientId, grantId } = event;
      const { kind, detail } = remedy.recordedAs ?? event;
      const again = { ...detail, reapplied: event.id, at: event.at };
      const repeated = { kind, outcome: 'success', recordId, accountId, clientId, grantId, detail: again } as const;
      await createAuditLog({ db, clock, random }).appendInTransaction(tx, repeated);
    })
    .catch((error: unknown) => {
      // The subject of the event no longer exists or is in another state, such as an app that was registered later.
      if (error instanceof OperatorError || error instanceof Problem)
        return saveLostEvent(db, event, 'not-needed', clock.now());
      // A detail of the event isn't a valid value. The other events must still be handled.
      if (!isDataException(error)) throw error;
      return saveLostEvent(db, event, 'by-hand', clock.now());
    });
}

/** Tells whether an error is a data exception, SQLSTATE class 22. */
const isDataException = (error: unknown): boolean =>
  String((error as { code?: unknown } | null)?.code).startsWith('22');
