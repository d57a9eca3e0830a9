import type { AccountId } from '../kernel/index.ts';

/**
 * Kind of an account. Patients and their representatives have the kind `patient`. An account has exactly one kind, so a
 * staff member who is also a patient has two accounts.
 */
export type AccountKind = 'patient' | 'staff' | 'developer';

/** The user who is signed in to a browser session. */
export interface SessionUser {
  readonly sessionId: string;
  readonly accountId: AccountId;
  readonly displayName: string;
  readonly kind: AccountKind;
  /**
   * True for a shared sandbox account, whose password is public. Each of its users sees only the app connections that
   * were made in their own browser.
   */
  readonly published: boolean;
  /** SHA-256 of the cookie that identifies the user's browser; undefined if there is none. */
  readonly browser: Buffer | undefined;
  /**
   * Time of sign-in, `auth_time` in OpenID Connect Core §2. Authenticating again within the session doesn't change this
   * time.
   */
  readonly signedInAt: Date;
}
