import { type Static, Type } from 'typebox';
import { Id, Moment, nullable, oneOf } from './common.ts';

/** Actions that need two administrators. */
export const APPROVED_ACTION_NAMES = [
  'rotate-keys',
  'resume-app',
  'retire-app',
  'invite-administrator',
  'remove-administrator',
  'erase-record',
] as const;

/** In place of a result: the action waits for another administrator. */
export const PendingApproval = Type.Object({ approvalId: Id, expiresAt: Moment });
export type PendingApproval = Static<typeof PendingApproval>;

export const ApprovalResponse = Type.Object({
  approvalId: Id,
  action: oneOf(APPROVED_ACTION_NAMES),
  subject: Type.String({ description: 'What the action is about, such as the name of an app.' }),
  reason: Type.String({ description: 'As the administrator entered it. May be empty.' }),
  digest: Type.String({ description: 'SHA-256 of the action, its parameters and the reason, in hex.' }),
  requestedBy: Type.String({ description: 'Name of the administrator who asked for the action.' }),
  byYou: Type.Boolean(),
  requestedAt: Moment,
  expiresAt: Moment,
  state: oneOf(['pending', 'approved', 'rejected', 'withdrawn', 'expired']),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(Moment),
});
export type ApprovalResponse = Static<typeof ApprovalResponse>;

export const ApprovalsResponse = Type.Object({
  approvals: Type.Array(ApprovalResponse, { description: 'Requests of the last 30 days, the newest first.' }),
  onlyAdministrator: Type.Boolean({ description: 'Whether there is no other administrator, so nothing waits.' }),
});
export type ApprovalsResponse = Static<typeof ApprovalsResponse>;

export const ApprovalParams = Type.Object({ approvalId: Id });
export type ApprovalParams = Static<typeof ApprovalParams>;
export const ApproveRequestBody = Type.Object(
  { digest: Type.String({ maxLength: 64, description: '`digest` of the request that the administrator reviewed.' }) },
  { additionalProperties: false },
);
export const ApprovalDecisionResponse = Type.Object({ outcome: oneOf(['approved', 'rejected', 'withdrawn']) });
export type ApprovalDecisionResponse = Static<typeof ApprovalDecisionResponse>;

export const OptionalReason = Type.Optional(
  Type.String({ maxLength: 1000, description: 'Why. All administrators get it by email.' }),
);
