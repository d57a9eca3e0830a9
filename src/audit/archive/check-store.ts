import { type Executor, statement } from '../../database/index.ts';
import type { DisclosedProblem } from './check-disclosed-records.ts';

const saved = statement(
  'audit.checks.save',
  {},
  `insert into audit_check as c (segment, checked_at, problem) values ($1, $2, $3)
   on conflict (segment) do update set checked_at = excluded.checked_at, problem = excluded.problem,
     reported_at = case when c.problem is not distinct from excluded.problem then c.reported_at end`,
);
const times = statement(
  'audit.checks.times',
  { segment: 'int4', checked_at: 'timestamptz', problem: 'text?' },
  'select segment, checked_at, problem from audit_check',
);
const problems = statement(
  'audit.checks.problems',
  { segment: 'int4', day: 'date?', checked_at: 'timestamptz', problem: 'text' },
  `select c.segment, (s.to_at at time zone 'UTC')::date - 1 as day, c.checked_at, c.problem
   from audit_check c left join audit_segment s using (segment)
   where c.problem is not null order by c.segment limit $1`,
);
const claimed = statement(
  'audit.checks.claim-unreported',
  { segment: 'int4' },
  'update audit_check set reported_at = $1 where problem is not null and reported_at is null returning segment',
);
const state = statement(
  'audit.checks.state',
  {
    segments: 'int8',
    archived: 'int8',
    dropped: 'int8',
    problems: 'int8',
    lost: 'int8',
    oldest_check: 'timestamptz?',
    first_event_at: 'timestamptz?',
  },
  `select (select count(*) from audit_segment) as segments, (select count(*) from audit_archived) as archived,
     (select count(*) from audit_dropped_month) as dropped,
     (select count(*) from audit_check where problem is not null) as problems,
     (select count(*) from lost_audit_event where result is null) as lost,
     (select min(coalesce(c.checked_at, s.sealed_at)) from audit_segment s left join audit_check c using (segment)) as oldest_check,
     (select min(e.at) from audit_event e
       where e.at >= coalesce((select max(to_at) from audit_segment), '2000-01-01T00:00Z')) as first_event_at`,
);

/** The ways in which a segment can differ from what was sealed. docs/audit-log.md explains each code. */
export type SegmentProblem =
  | 'segment-missing'
  | 'segment-replaced'
  | 'segment-changed'
  | 'chain-broken'
  | 'events-missing'
  | 'events-added'
  | 'events-changed'
  | DisclosedProblem
  | 'file-missing'
  | 'file-changed'
  | 'manifest-changed';

export interface SegmentCheck {
  readonly at: Date;
  readonly problem: string | undefined;
}

/** Stores the result of a check. A new problem is reported to administrators. */
export const saveCheck = async (
  db: Executor,
  segment: number,
  at: Date,
  problem: SegmentProblem | undefined,
): Promise<void> => void (await db.query(saved, [segment, at, problem ?? null]));

/** Returns the last check of each segment. */
export const listChecks = async (db: Executor): Promise<ReadonlyMap<number, SegmentCheck>> =>
  new Map(
    (await db.query(times)).map(({ segment, checked_at, problem }) => [
      segment,
      { at: checked_at, problem: problem ?? undefined },
    ]),
  );

/** A part of the audit log that isn't as it was sealed. */
export interface AuditProblem {
  readonly segment: number;
  /** Last day of the segment (UTC), as an ISO 8601 date; undefined if the segment is missing. */
  readonly day: string | undefined;
  readonly checkedAt: Date;
  readonly problem: SegmentProblem;
}

/** Number of problems that are listed at most. */
const MAX_PROBLEMS = 100;

/** Lists the problems that the last checks found, the oldest segment first. */
export const listAuditProblems = async (db: Executor): Promise<readonly AuditProblem[]> =>
  (await db.query(problems, [MAX_PROBLEMS])).map(({ segment, day, checked_at, problem }) => ({
    segment,
    day: day ?? undefined,
    checkedAt: checked_at,
    problem: problem as SegmentProblem,
  }));

/**
 * Marks all problems as reported in the caller's transaction, which reports them.
 * @returns how many hadn't been reported
 */
export const claimUnreportedProblems = async (tx: Executor, at: Date): Promise<number> =>
  (await tx.query(claimed, [at])).length;

/** Numbers about the sealed audit log. */
export interface AuditSealState {
  readonly segments: number;
  readonly archived: number;
  readonly droppedMonths: number;
  readonly problems: number;
  /** Number of events that the database lost in a restore, and about which nothing was done. */
  readonly lost: number;
  /** Time of the oldest check of a segment; undefined if nothing was sealed. */
  readonly oldestCheck: Date | undefined;
  /** Time of the oldest event that isn't sealed; undefined if there is none. */
  readonly unsealedSince: Date | undefined;
}

/** Reads numbers about the sealed audit log, for `doctor` and metrics. */
export async function readSealState(db: Executor): Promise<AuditSealState> {
  const [row] = await db.query(state);
  return {
    segments: row?.segments ?? 0,
    archived: row?.archived ?? 0,
    droppedMonths: row?.dropped ?? 0,
    problems: row?.problems ?? 0,
    lost: row?.lost ?? 0,
    oldestCheck: row?.oldest_check ?? undefined,
    unsealedSince: row?.first_event_at ?? undefined,
  };
}
