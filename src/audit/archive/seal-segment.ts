import { setTimeout as pause } from 'node:timers/promises';
import { type Database, type Executor, type RowOf, statement } from '../../database/index.ts';
import type { Clock, Random } from '../../kernel/index.ts';
import { initialState, timeSql } from './canonical-event.ts';
import { type DigestProgress, hashNextPage, type Period } from './read-events.ts';
import { type AuditSegment, digestSegment } from './segment.ts';
import { findNewestSegment, insertSegment, PERIOD_COLUMNS } from './segment-store.ts';

/** Removes what another process left when it finished a segment at the same moment. */
const removeFinished = statement(
  'audit.sealing.remove-finished',
  {},
  'delete from audit_sealing s where exists (select from audit_segment g where g.segment = s.segment)',
);

/**
 * Closes the next period. It ends with the day of the first event after the chain, if that day ended an hour ago by the
 * clock of the database. Days without events before that day belong to it, except those of earlier months, which are a
 * segment of their own: a segment with events belongs to one month, as a partition does. Without an event, the period
 * ends with the last day that is over. The chain starts in 2000, before which the log can't have events.
 */
const closePeriod = statement(
  'audit.sealing.close',
  {},
  `insert into audit_sealing (segment, from_at, to_at, events, salt, state)
   select segment, from_at, to_at, 0, $1, $2
   from (
     select n.segment, n.from_at, case
         when t.first_at is null or t.first_at >= n.over then case when n.segment > 1 then n.over end
         when date_trunc('month', t.first_at, 'UTC') > n.from_at then date_trunc('month', t.first_at, 'UTC')
         else date_trunc('day', t.first_at, 'UTC') + interval '24 hours'
       end as to_at
     from (
       select coalesce(max(segment), 0) + 1 as segment, coalesce(max(to_at), '2000-01-01T00:00Z') as from_at,
         date_trunc('day', clock_timestamp() - interval '1 hour', 'UTC') as over
       from audit_segment) n
     cross join lateral (select min(e.at) as first_at from audit_event e where e.at >= n.from_at) t) p
   where to_at > from_at
   on conflict do nothing`,
);

const SEALING_COLUMNS = { ...PERIOD_COLUMNS, state: 'bytea' } as const;
const findSealing = statement(
  'audit.sealing.find',
  SEALING_COLUMNS,
  `select segment, ${timeSql('from_at')} as from_at, ${timeSql('to_at')} as to_at, events, ${timeSql('first_at')} as first_at,
     first_id, ${timeSql('last_at')} as last_at, last_id, salt, state
   from audit_sealing order by segment limit 1`,
);
const saveProgress = statement(
  'audit.sealing.save',
  { segment: 'int4' },
  `update audit_sealing set events = $3, first_at = $4, first_id = $5, last_at = $6, last_id = $7, state = $8
   where segment = $1 and events = $2 returning segment`,
);
const removeSealing = statement('audit.sealing.remove', {}, 'delete from audit_sealing where segment = $1');

/**
 * Selects the transactions that may still add events. An insert locks the table before it does anything else, and until
 * its transaction ends.
 */
const openInserts = statement(
  'audit.sealing.open-inserts',
  { transaction: 'text' },
  `select virtualtransaction as transaction from pg_locks
   where locktype = 'relation' and relation = 'audit_event'::regclass and mode = 'RowExclusiveLock'
     and database = (select oid from pg_database where datname = current_database())`,
);

/** Milliseconds to wait for transactions that may still add events. After that, sealing is tried again later. */
const OPEN_INSERTS_TIMEOUT = 1000;
const OPEN_INSERTS_POLL = 50;
/** Pages after which the progress is stored. */
const PAGES_PER_SAVE = 25;

export interface SealDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly isStopping: () => boolean;
}

/**
 * Seals the next days of the audit log, so that a change of their events is found. The digest is computed a page at a
 * time in the database. If the process stops, another one goes on from the last stored page.
 *
 * No event can appear in these days afterwards. First the period is closed: the table's trigger then rejects events of
 * it, whatever clock they come from. Then the transactions that held the lock of an insert at that moment have to end. An
 * insert that takes the lock later sees the closed period.
 * @returns the segment; `nothing` if no day is over; `postponed` if a transaction is still open; `stopped` if the server
 * stops or another process seals the segment
 */
export async function sealNextSegment(deps: SealDeps): Promise<AuditSegment | 'nothing' | 'postponed' | 'stopped'> {
  const { db, random } = deps;
  await db.query(removeFinished);
  let [sealing] = await db.query(findSealing);
  if (sealing === undefined) {
    const salt = random.bytes(32);
    await db.query(closePeriod, [salt, initialState(salt)]);
    [sealing] = await db.query(findSealing);
  }
  if (sealing === undefined) return 'nothing';
  if (!(await waitForOpenInserts(db))) return 'postponed';
  const progress = await hashPeriod(deps, sealing);
  return progress === undefined ? 'stopped' : finish(deps, sealing, progress);
}

/** Waits until all transactions have ended that may still add events. @returns false if one is still open */
async function waitForOpenInserts(db: Executor): Promise<boolean> {
  const list = async () => (await db.query(openInserts)).map(({ transaction }) => transaction);
  const until = performance.now() + OPEN_INSERTS_TIMEOUT;
  for (let open = await list(); open.length > 0; ) {
    if (performance.now() > until) return false;
    await pause(OPEN_INSERTS_POLL);
    const now = new Set(await list());
    open = open.filter((transaction) => now.has(transaction));
  }
  return true;
}

type Sealing = RowOf<typeof SEALING_COLUMNS>;

/** @returns undefined if the server stops, or another process continues the digest */
async function hashPeriod({ db, isStopping }: SealDeps, sealing: Sealing): Promise<DigestProgress | undefined> {
  const period = toPeriod(sealing);
  let saved = toProgress(sealing);
  let progress = saved;
  for (let pages = 1; ; pages++) {
    const next = await hashNextPage(db, period, progress);
    if (next === undefined) return progress;
    progress = next;
    if (pages % PAGES_PER_SAVE !== 0 && !isStopping()) continue;
    const { events, first, last, state } = progress;
    const position = [first?.at, first?.id, last?.at, last?.id].map((value) => value ?? null);
    const isOurs = await db.query(saveProgress, [sealing.segment, saved.events, events, ...position, state]);
    if (isOurs.length === 0 || isStopping()) return undefined;
    saved = progress;
  }
}

function finish(
  { db, clock }: SealDeps,
  sealing: Sealing,
  progress: DigestProgress,
): Promise<AuditSegment | 'stopped'> {
  return db.transaction(async (tx) => {
    const previous = await findNewestSegment(tx);
    if ((previous?.segment ?? 0) !== sealing.segment - 1) return 'stopped';
    const content = {
      segment: sealing.segment,
      ...toPeriod(sealing),
      events: progress.events,
      first: progress.first,
      last: progress.last,
      contentDigest: progress.state.toString('hex'),
      previousDigest: previous?.digest ?? null,
    };
    const segment = { ...content, salt: sealing.salt.toString('hex'), digest: digestSegment(content) };
    const isOurs = await insertSegment(tx, segment, clock.now());
    await tx.query(removeSealing, [sealing.segment]);
    return isOurs ? segment : 'stopped';
  });
}

const toPeriod = ({ from_at, to_at }: Sealing): Period => ({ from: from_at, to: to_at });

const toProgress = ({ events, first_at, first_id, last_at, last_id, state }: Sealing): DigestProgress => ({
  events,
  first: first_at === null || first_id === null ? null : { at: first_at, id: first_id },
  last: last_at === null || last_id === null ? null : { at: last_at, id: last_id },
  state,
});
