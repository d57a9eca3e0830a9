export type { ActionAuthor, ActionDeciders, ActionParameters, AnyApprovedAction, ApprovedAction } from './action.ts';
export type { Announcement } from './announce.ts';
export { type Approvals, createApprovals, hasSecondAdministrator, type PendingRequest } from './approvals.ts';
export { createApprovalsModule } from './create-approvals.ts';
export { type ApprovalRequest, expireRequest, listRequestsSince } from './request-store.ts';
