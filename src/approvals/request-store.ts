import { type Executor, type RowOf, statement } from '../database/index.ts';
import { type AccountId, isUuid, sha256 } from '../kernel/index.ts';
import type { ActionParameters, ApprovedActionName } from './action.ts';

export type ApprovalDecision = 'approved' | 'rejected' | 'withdrawn';

/** A request of an administrator that another administrator approves an action. */
export interface ApprovalRequest {
  readonly approvalRequestId: string;
  readonly action: ApprovedActionName;
  /** The app or person that the action is about, as administrators read it. */
  readonly subject: string;
  readonly parameters: ActionParameters;
  /** The reason that the administrator entered; may be empty. */
  readonly reason: string;
  /** SHA-256 of action, subject, parameters and reason, in hex. */
  readonly digest: string;
  readonly requestedBy: AccountId;
  /** Name of that administrator at the time of the request. */
  readonly requester: string;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly decision: ApprovalDecision | undefined;
  readonly decidedBy: AccountId | undefined;
  readonly decider: string | undefined;
  readonly decidedAt: Date | undefined;
}

const COLUMNS = {
  approval_request_id: 'uuid',
  action: 'text',
  subject: 'text',
  parameters: 'jsonb',
  reason: 'text',
  digest: 'bytea',
  requested_by: 'uuid',
  requester: 'text',
  requested_at: 'timestamptz',
  expires_at: 'timestamptz',
  decision: 'text?',
  decided_by: 'uuid?',
  decider: 'text?',
  decided_at: 'timestamptz?',
} as const;
const SELECT = `select ${Object.keys(COLUMNS).join(', ')} from approval_request`;
const insert = statement(
  'approvals.request.insert',
  {},
  `insert into approval_request (approval_request_id, action, subject, parameters, reason, digest, requested_by, requester, requested_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const selectPending = statement(
  'approvals.request.pending',
  COLUMNS,
  `${SELECT} where decision is null and expires_at > $1 and digest = $2 limit 1`,
);
const lock = statement('approvals.request.lock', COLUMNS, `${SELECT} where approval_request_id = $1 for update`);
const selectSince = statement(
  'approvals.request.list',
  COLUMNS,
  `${SELECT} where requested_at > $1 order by requested_at desc, approval_request_id limit $2`,
);
const decide = statement(
  'approvals.request.decide',
  {},
  `update approval_request set decision = $2, decided_by = $3, decider = $4, decided_at = $5
   where approval_request_id = $1 and decision is null`,
);
const expire = statement(
  'approvals.request.expire',
  { approval_request_id: 'uuid' },
  `update approval_request set expires_at = $2
   where approval_request_id = $1 and decision is null and expires_at > $2 returning approval_request_id`,
);
const purge = statement('approvals.request.purge', {}, 'delete from approval_request where expires_at < $1');

type NewRequest = Omit<ApprovalRequest, 'decision' | 'decidedBy' | 'decider' | 'decidedAt'>;

export async function insertRequest(tx: Executor, request: NewRequest): Promise<void> {
  const { approvalRequestId, action, subject, parameters, reason, digest } = request;
  const { requestedBy, requester, requestedAt, expiresAt } = request;
  await tx.query(insert, [
    ...[approvalRequestId, action, subject, JSON.stringify(parameters), reason, Buffer.from(digest, 'hex')],
    ...[requestedBy, requester, requestedAt, expiresAt],
  ]);
}

/** Finds a pending request for the same action with the same parameters and reason. */
export async function findPendingRequest(
  db: Executor,
  now: Date,
  digest: string,
): Promise<ApprovalRequest | undefined> {
  const [row] = await db.query(selectPending, [now, Buffer.from(digest, 'hex')]);
  return row === undefined ? undefined : toRequest(row);
}

/** Locks a request until the transaction ends. Two decisions about it then run one after the other. */
export async function lockRequest(tx: Executor, approvalRequestId: string): Promise<ApprovalRequest | undefined> {
  const [row] = await tx.query(lock, [approvalRequestId]);
  return row === undefined ? undefined : toRequest(row);
}

/** Lists requests, the newest first. */
export const listRequestsSince = async (
  db: Executor,
  since: Date,
  limit: number,
): Promise<readonly ApprovalRequest[]> => (await db.query(selectSince, [since, limit])).map(toRequest);

export async function saveDecision(
  tx: Executor,
  approvalRequestId: string,
  decided: { readonly decision: ApprovalDecision; readonly by: AccountId; readonly name: string; readonly at: Date },
): Promise<void> {
  await tx.query(decide, [approvalRequestId, decided.decision, decided.by, decided.name, decided.at]);
}

/**
 * Ends a request that was rejected or withdrawn before the database was restored.
 * @returns whether it could have been approved again
 */
export const expireRequest = async (tx: Executor, approvalRequestId: string, now: Date): Promise<boolean> =>
  isUuid(approvalRequestId) && (await tx.query(expire, [approvalRequestId, now])).length > 0;

/** Deletes requests that expired before a time, decided or not. */
export async function purgeRequests(db: Executor, expiredBefore: Date): Promise<void> {
  await db.query(purge, [expiredBefore]);
}

/**
 * Returns the digest of what an administrator approves, in hex. The parameters are sorted, because the database doesn't
 * keep their order.
 */
export function digestOf({
  action,
  subject,
  parameters,
  reason,
}: Pick<ApprovalRequest, 'action' | 'subject' | 'parameters' | 'reason'>): string {
  const sorted = Object.entries(parameters).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return sha256(JSON.stringify([action, subject, sorted, reason])).toString('hex');
}

const toRequest = (row: RowOf<typeof COLUMNS>): ApprovalRequest => ({
  approvalRequestId: row.approval_request_id,
  action: row.action as ApprovedActionName,
  subject: row.subject,
  parameters: row.parameters as ActionParameters,
  reason: row.reason,
  digest: row.digest.toString('hex'),
  requestedBy: row.requested_by as AccountId,
  requester: row.requester,
  requestedAt: row.requested_at,
  expiresAt: row.expires_at,
  decision: (row.decision ?? undefined) as ApprovalDecision | undefined,
  decidedBy: (row.decided_by ?? undefined) as AccountId | undefined,
  decider: row.decider ?? undefined,
  decidedAt: row.decided_at ?? undefined,
});
