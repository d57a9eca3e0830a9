import type { ClientId, RecordId } from '../kernel/index.ts';
import type { AppAuthMethod } from './app.ts';
import type { FhirApi } from './fhir-api.ts';

/** An error response of the authorization server to an app. It contains no secret, token or health data. */
export interface LoggedError {
  readonly clientId: ClientId;
  readonly endpoint: 'authorize' | 'token' | 'revoke' | 'introspect' | 'par' | 'register';
  /** Error code that the app received. */
  readonly error: string;
  /** Description such as `redirect_uri differs at character 31`. */
  readonly cause: string;
  readonly requestId: string;
  /** HTTP status of the response. */
  readonly status?: number | undefined;
  /**
   * Whether the caller authenticated as the app or presented a code or token issued to it. Otherwise it may be anyone who
   * knows the client_id.
   */
  readonly proved: boolean;
}

/** A token issued to an app. It contains no token, code or secret. */
export interface LoggedToken {
  readonly clientId: ClientId;
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials';
  /** How the app authenticated. */
  readonly auth: AppAuthMethod;
  /** The granted scope. */
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/**
 * A FHIR request with a token of an app, and its outcome. It contains no values, tokens or ids that would be disclosed to
 * the developer.
 */
export interface LoggedRequest {
  readonly clientId: ClientId;
  readonly api: FhirApi;
  readonly interaction: 'read' | 'search' | 'document' | 'export';
  /** Resource type as the FHIR version names it; undefined if the version has no such type. */
  readonly type: string | undefined;
  /** Names of known search parameters only. */
  readonly parameters: readonly string[];
  /** Number of parameters with other names. Unknown names are not logged because they may contain anything. */
  readonly unknownParameters: number;
  /** Record in the context of the token; undefined if the token is not for a single record. */
  readonly contextRecordId: RecordId | undefined;
  /** Records whose data was in the response. */
  readonly disclosedRecordIds: readonly RecordId[];
  readonly resources: number;
  readonly status: number;
  readonly milliseconds: number;
  readonly rejection: { readonly error: string; readonly cause: string } | undefined;
  readonly requestId: string;
  /** Token family of the authorization; undefined if the token is no longer valid. */
  readonly familyId: string | undefined;
  /** Whether a person authorized the app. Backend apps have no authorization funnel. */
  readonly authorizedByPerson: boolean;
}

/** Steps of an authorization, in order. They are counted per app, without any reference to a person. */
export const AUTHORIZATION_FUNNEL_STEPS = [
  'opened',
  'signed-in',
  'asked',
  'allowed',
  'denied',
  'exchanged',
  'data',
] as const;
export type AuthorizationFunnelStep = (typeof AUTHORIZATION_FUNNEL_STEPS)[number];

/**
 * Activity log of the apps, for their developers. The methods return at once and never throw, because logging must not
 * change or delay a response.
 */
export interface AppActivityLog {
  logError(error: LoggedError): void;
  logToken(token: LoggedToken): void;
  logResponse(request: LoggedRequest): void;
  /** Counts one more authorization of the app that reached this step. */
  countStep(clientId: ClientId, step: AuthorizationFunnelStep): void;
}
