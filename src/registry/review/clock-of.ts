import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AppVersion } from '../versions/version.ts';
import { businessDaysBetween, DAYS_TO_ENABLE, DAYS_TO_VERIFY, endAfter } from './business-days.ts';

/** The clock that runs for a version which waits. */
export interface ReviewClock {
  readonly step: 'verify' | 'enable';
  readonly since: Date;
  readonly due: Date;
  readonly businessDays: number;
  /** Below zero: it is late by so many. */
  readonly businessDaysLeft: number;
  readonly standing: 'in-time' | 'soon' | 'late';
}

/** Administrators are warned when no more are left than these. */
const SOON = 2;

export function clockOf(
  version: Pick<AppVersion, 'submittedAt' | 'verifyBy' | 'verifiedAt' | 'enableBy'>,
  now: Date,
): ReviewClock {
  const { submittedAt, verifyBy, verifiedAt, enableBy } = version;
  return verifiedAt === undefined || enableBy === undefined
    ? running('verify', submittedAt, verifyBy, DAYS_TO_VERIFY, now)
    : running('enable', verifiedAt, enableBy, DAYS_TO_ENABLE, now);
}

function running(step: ReviewClock['step'], since: Date, due: Date, businessDays: number, now: Date): ReviewClock {
  const businessDaysLeft = businessDaysBetween(now, due);
  const standing = now > due ? 'late' : businessDaysLeft <= SOON ? 'soon' : 'in-time';
  return { step, since, due, businessDays, businessDaysLeft, standing };
}

const WARNED = {
  client_id: 'text',
  version: 'int4',
  name: 'text',
  of_nobody: 'bool',
  due: 'timestamptz',
  step: 'text',
} as const;
/** Each process sweeps: the statement takes a version, so that one of them warns. Verifying it begins a clock of its own. */
const takeDue = statement(
  'registry.review.take-due',
  WARNED,
  `update app_version v set warned_at = $1 from app a
   where a.client_id = v.client_id and v.state in ('waiting', 'verified')
     and (case v.state when 'waiting' then v.verify_by else coalesce(v.enable_by, v.verify_by) end) <= $2
     and (v.warned_at is null or v.warned_at < v.verified_at)
   returning v.client_id, v.version, v.terms ->> 'name' as name, a.organisation_id is null as of_nobody,
     (case v.state when 'waiting' then v.verify_by else coalesce(v.enable_by, v.verify_by) end) as due,
     case v.state when 'waiting' then 'verify' else 'enable' end as step`,
);

export interface DueVersion {
  readonly clientId: string;
  readonly version: number;
  readonly name: string;
  /** No organisation makes it: anybody can have any number of these registered. */
  readonly ofNobody: boolean;
  readonly due: Date;
  readonly step: ReviewClock['step'];
}

/** Versions that are due soon or late, and that nobody was warned of at this step. `tx` warns of them. */
export async function takeVersionsDue(tx: Executor, now: Date): Promise<readonly DueVersion[]> {
  return (await tx.query(takeDue, [now, endAfter(now, SOON)])).map(dueOf);
}

const dueOf = (row: RowOf<typeof WARNED>): DueVersion => ({
  clientId: row.client_id,
  version: row.version,
  name: row.name,
  ofNobody: row.of_nobody,
  due: row.due,
  step: row.step as DueVersion['step'],
});
