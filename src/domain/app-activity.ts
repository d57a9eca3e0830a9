import type { ClientId, RecordId } from '../kernel/index.ts';
import type { AppAuthMethod } from './app.ts';
import type { FhirApi } from './fhir-api.ts';

/** An error that the authorization server returned to an app. The entry contains no secret, token or health data. */
export interface LoggedError {
  readonly clientId: ClientId;
  readonly endpoint: 'authorize' | 'token' | 'revoke' | 'introspect' | 'par' | 'register';
  /** Error code in the response, such as `invalid_grant`. */
  readonly error: string;
  /** Cause of the error in words, such as `redirect_uri differs at character 31`. */
  readonly cause: string;
  readonly requestId: string;
  /** HTTP status of the error response. */
  readonly status?: number | undefined;
  /**
   * True if the caller authenticated as the app, or presented a code or token that was issued to the app. If false, the
   * caller may be anyone who knows the client_id.
   */
  readonly proved: boolean;
}

/** Records that a token was issued to an app. The entry contains no token, code or secret. */
export interface LoggedToken {
  readonly clientId: ClientId;
  readonly grantType: 'authorization_code' | 'refresh_token' | 'client_credentials';
  /** Method with which the app authenticated. */
  readonly auth: AppAuthMethod;
  /** Granted scopes of the token, separated by spaces. */
  readonly scope: string;
  readonly requestId: string;
  readonly milliseconds: number;
}

/**
 * A FHIR request with an app's token, and its outcome. The server derives the activity log that the app's developer
 * sees from these entries. An entry contains no search values and no tokens, and its record ids are never shown to the
 * developer.
 */
export interface LoggedRequest {
  readonly clientId: ClientId;
  readonly api: FhirApi;
  readonly interaction: 'read' | 'search' | 'document' | 'export';
  /** Resource type as the FHIR version of the request names it; undefined if that version has no such type. */
  readonly type: string | undefined;
  /** Names of the search parameters that the server knows. */
  readonly parameters: readonly string[];
  /**
   * Number of search parameters that the server doesn't know. Their names aren't logged, because a name may contain
   * anything.
   */
  readonly unknownParameters: number;
  /** Patient record in the context of the token; undefined if the token isn't for a single record. */
  readonly contextRecordId: RecordId | undefined;
  /** Patient records whose data was in the response. */
  readonly disclosedRecordIds: readonly RecordId[];
  readonly resources: number;
  readonly status: number;
  readonly milliseconds: number;
  readonly rejection: { readonly error: string; readonly cause: string } | undefined;
  readonly requestId: string;
  /** Id of the token family (all tokens of one consent); undefined if the token is no longer valid. */
  readonly familyId: string | undefined;
  /** True if a person authorized the app; false for a backend app, whose authorization steps aren't counted. */
  readonly authorizedByPerson: boolean;
}

/**
 * Steps of an authorization, in order. The server counts for each app how many authorizations reach a step, without
 * reference to a person.
 */
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
 * Activity log of apps, which their developers can see. Its methods return at once and never throw, because logging
 * must not change or delay a response.
 */
export interface AppActivityLog {
  logError(error: LoggedError): void;
  logToken(token: LoggedToken): void;
  logResponse(request: LoggedRequest): void;
  /** Counts an authorization of the app that has reached this step. */
  countStep(clientId: ClientId, step: AuthorizationFunnelStep): void;
}
