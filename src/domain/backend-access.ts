import type { ClientId, GrantId } from '../kernel/index.ts';

/** The access with which a backend app started a long operation, such as an export that outlives the access token. */
export interface BackendAccess {
  readonly clientId: ClientId;
  readonly grantId: GrantId;
  readonly familyId: string;
  /** The granted scopes when the operation started, separated by spaces. */
  readonly scope: string;
}
