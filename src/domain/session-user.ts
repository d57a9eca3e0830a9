import type { AccountId } from '../kernel/index.ts';

/**
 * Patients and their representatives share the kind `patient`. An account has exactly one kind, so a staff member who is
 * also a patient has two accounts.
 */
export type AccountKind = 'patient' | 'staff' | 'developer';

/** The user who is signed in in a browser. */
export interface SessionUser {
  readonly sessionId: string;
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly kind: AccountKind;
  /** A shared sandbox account, whose password is public. Each browser sees only what was allowed in it. */
  readonly published: boolean;
  /** SHA-256 of the cookie that identifies the browser. */
  readonly browser: Buffer | undefined;
  /** OpenID Connect Core §2, `auth_time`: a session never outlasts the sign-in it began with. */
  readonly signedInAt: Date;
}
