import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AppVersion } from '../versions/version.ts';
import { businessDaysBetween, DAYS_TO_ENABLE, DAYS_TO_VERIFY, endAfter } from './business-days.ts';

/** The current deadline of a pending version. */
export interface ReviewClock {
  readonly step: 'verify' | 'enable';
  readonly since: Date;
  readonly due: Date;
  readonly businessDays: number;
  /** Negative if the deadline has passed. */
  readonly businessDaysLeft: number;
  readonly standing: 'in-time' | 'soon' | 'late';
}

/** Administrators are warned when this many business days or fewer are left. */
const SOON = 2;

/** Returns the current deadline of a version: first to verify the developer, then to enable the app. */
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
  const urgency = now > due ? 'late' : businessDaysLeft <= SOON ? 'soon' : 'in-time';
  return { step, since, due, businessDays, businessDaysLeft, standing: urgency };
}

const WARNED = {
  client_id: 'text',
  version: 'int4',
  name: 'text',
  of_nobody: 'bool',
  due: 'timestamptz',
  step: 'text',
} as const;
/**
 * Every process runs this. The update claims each version, so that only one process warns of it. The
 * second step is warned of separately.
 */
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
  /** No organization develops the app. Anyone can have any number of these registered. */
  readonly ofNobody: boolean;
  readonly due: Date;
  readonly step: ReviewClock['step'];
}

/**
 * Claims the versions that are due soon or late and not warned of at their current step. The caller
 * sends the warnings in the same transaction `tx`.
 */
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
