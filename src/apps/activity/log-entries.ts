import type { ClientId, RecordId } from '../../kernel/index.ts';

/** An error response of the authorization server to an app. */
export interface LoggedError {
  readonly clientId: ClientId;
  readonly endpoint: string;
  readonly error: string;
  readonly cause: string;
  readonly requestId: string;
  readonly status?: number | undefined;
  /**
   * Whether the caller authenticated as the app or presented a code or token issued to it. Otherwise it
   * may be anyone who knows the client_id.
   */
  readonly proved: boolean;
}

/** A token issued to an app. Contains no token, code or secret. */
export interface LoggedGrant {
  readonly clientId: ClientId;
  readonly grantType: string;
  /** How the app authenticated. */
  readonly auth: string;
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/**
 * A FHIR request with a token of an app, and its outcome. Contains no values, tokens or ids that would
 * be disclosed to the developer.
 */
export interface LoggedRequest {
  readonly clientId: ClientId;
  readonly api: string;
  readonly interaction: string;
  /** Resource type as the FHIR version names it; undefined if the version has no such type. */
  readonly type: string | undefined;
  /** Names of known search parameters only. */
  readonly parameters: readonly string[];
  /** Number of parameters with unknown names. */
  readonly others: number;
  /** Record in context of the token. */
  readonly about: RecordId | undefined;
  /** Records whose data was disclosed. */
  readonly records: readonly RecordId[];
  readonly resources: number;
  readonly status: number;
  readonly milliseconds: number;
  readonly refusal: { readonly error: string; readonly cause: string } | undefined;
  readonly requestId: string;
  /** Token family of the authorization; undefined if the token is no longer valid. */
  readonly familyId: string | undefined;
  /** Whether a person authorized the app. Backend apps have no authorization funnel. */
  readonly byPerson: boolean;
}

/** Steps of an authorization, in order. */
export const FUNNEL_STEPS = ['opened', 'signed-in', 'asked', 'allowed', 'denied', 'exchanged', 'data'] as const;
export type AuthorizationFunnelStep = (typeof FUNNEL_STEPS)[number];
