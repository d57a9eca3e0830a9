import type { PendingRequest } from '../../approvals/index.ts';
import type { PendingApproval } from '../../portal-api/index.ts';

/** Returns what the response to an action contains if the action waits for another administrator. */
export const toPendingApproval = ({ approvalRequestId, expiresAt }: PendingRequest): PendingApproval => ({
  approvalId: approvalRequestId,
  expiresAt: expiresAt.toISOString(),
});
