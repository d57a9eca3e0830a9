import type { ClientId, GrantId } from '../kernel/index.ts';

/**
 * The access with which a backend app started a long operation, such as an export, which continues after the access
 * token has expired.
 */
export interface BackendAccess {
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** Scopes that were granted when the operation started, separated by spaces. */
  readonly scope: string;
}
