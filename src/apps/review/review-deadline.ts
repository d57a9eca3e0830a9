import { type Executor, type RowOf, statement } from '../../database/index.ts';
import type { AppVersion } from '../versions/version.ts';
import {
  addBusinessDays,
  businessDaysBetween,
  DAYS_TO_ENABLE,
  DAYS_TO_VERIFY,
  enableDeadline,
} from './business-days.ts';

/** The current review deadline of a pending version. */
export interface ReviewDeadline {
  readonly step: 'verify' | 'enable';
  readonly since: Date;
  readonly due: Date;
  /** Last possible deadline to activate the app: that of the step `enable` if the developer is verified on the last day. */
  readonly enableBy: Date;
  readonly businessDays: number;
  /** Business days until the deadline. Negative if the deadline has passed. */
  readonly businessDaysLeft: number;
  readonly urgency: 'in-time' | 'soon' | 'late';
}

/** Administrators are warned this number of business days before a review deadline. */
const SOON_DAYS = 2;

/**
 * Returns the current review deadline of a version: first to verify the developer, then to activate the app. All pages,
 * responses and emails state the days that this function returns.
 */
export function reviewDeadline(
  version: Pick<AppVersion, 'submittedAt' | 'verifyBy' | 'verifiedAt' | 'enableBy'>,
  now: Date,
): ReviewDeadline {
  const { submittedAt, verifyBy, verifiedAt, enableBy } = version;
  return verifiedAt === undefined || enableBy === undefined
    ? { ...toDeadline('verify', submittedAt, verifyBy, DAYS_TO_VERIFY, now), enableBy: enableDeadline(verifyBy) }
    : { ...toDeadline('enable', verifiedAt, enableBy, DAYS_TO_ENABLE, now), enableBy };
}

function toDeadline(
  step: ReviewDeadline['step'],
  since: Date,
  due: Date,
  businessDays: number,
  now: Date,
): Omit<ReviewDeadline, 'enableBy'> {
  const businessDaysLeft = businessDaysBetween(now, due);
  const urgency = now > due ? 'late' : businessDaysLeft <= SOON_DAYS ? 'soon' : 'in-time';
  return { step, since, due, businessDays, businessDaysLeft, urgency };
}

const DUE_COLUMNS = {
  client_id: 'text',
  version: 'int4',
  name: 'text',
  of_nobody: 'bool',
  due: 'timestamptz',
  step: 'text',
} as const;
/**
 * Marks the versions for which a warning is due. Every process runs this; each row is updated once,
 * so that only one process sends the warning. The two deadlines of a version, verify and enable,
 * get separate warnings.
 */
const claimDue = statement(
  'registry.review.take-due',
  DUE_COLUMNS,
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
  /**
   * Whether the app belongs to no organization. Anyone can register any number of such apps, so
   * each administrator gets one email about all of them.
   */
  readonly isUnowned: boolean;
  readonly due: Date;
  readonly step: ReviewDeadline['step'];
}

/**
 * Returns the versions whose deadline is near or past and for which no warning was sent yet. The
 * caller sends the warnings in the same transaction `tx`.
 */
export async function claimDueVersions(tx: Executor, now: Date): Promise<readonly DueVersion[]> {
  return (await tx.query(claimDue, [now, addBusinessDays(now, SOON_DAYS)])).map(toDueVersion);
}

const toDueVersion = (row: RowOf<typeof DUE_COLUMNS>): DueVersion => ({
  clientId: row.client_id,
  version: row.version,
  name: row.name,
  isUnowned: row.of_nobody,
  due: row.due,
  step: row.step as DueVersion['step'],
});
