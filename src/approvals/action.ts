import type { Executor } from '../database/index.ts';
import type { AccountId } from '../kernel/index.ts';

/** Actions that need the approval of a second administrator where there is one. */
export const APPROVED_ACTIONS = [
  'rotate-keys',
  'resume-app',
  'retire-app',
  'invite-administrator',
  'remove-administrator',
  'erase-record',
] as const;
export type ApprovedActionName = (typeof APPROVED_ACTIONS)[number];

/** Actions that are only announced, because they end access, because they have rules of their own, or for operators. */
export type AnnouncedActionName =
  | ApprovedActionName
  | 'replace-leaked-keys'
  | 'rotate-encryption-key'
  | 'suspend-app'
  | 'approve-app'
  | 'leave-administrators'
  | 'lock-administrator'
  | 'unlock-administrator'
  | 'reset-administrator-factor'
  | 'set-administrator-password'
  | 'export-practice'
  | 'remove-practice';

/** Parameters of an action: plain values, so that their digest doesn't depend on how they are stored. */
export type ActionParameters = Readonly<Record<string, string | number | boolean | null>>;

/** The person in whose name an action runs, for the audit log. */
export interface ActionAuthor {
  /** The administrator who asked for the action. */
  readonly accountId: AccountId;
  readonly requestId: string;
}

/** The people who decided about an action. */
export interface ActionDeciders {
  /** Name of the administrator who asked for the action. */
  readonly requester: string;
  /** Name of the administrator who approved the action; undefined if there was no second one. */
  readonly approver: string | undefined;
  readonly approvalRequestId: string | undefined;
}

/** An action that may need an approval. `run` checks again whether the action is still possible, and throws if not. */
export interface ApprovedAction<Parameters extends ActionParameters = ActionParameters, Result = unknown> {
  readonly name: ApprovedActionName;
  run(tx: Executor, parameters: Parameters, author: ActionAuthor, deciders: ActionDeciders): Promise<Result>;
}

/** An action with parameters and a result that only its own module knows. */
// biome-ignore lint/suspicious/noExplicitAny: the parameters of a stored request are those that the action was given
export type AnyApprovedAction = ApprovedAction<any, unknown>;
