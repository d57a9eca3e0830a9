/** All error codes of this server. Clients may match on a published code, so a code never changes. */
export type ProblemCode =
  // Errors of OAuth 2.0 endpoints, RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1.
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'invalid_token'
  // Errors of dynamic client registration, RFC 7591 §3.2.2.
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  // Errors of DPoP, RFC 9449 §5, and of OpenID Connect authorization requests, OpenID Connect Core §3.1.2.6.
  | 'invalid_dpop_proof'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'invalid_request_uri'
  | 'login_required'
  | 'interaction_required'
  // Errors that are shown as a page, because the server must not redirect to the app.
  | 'unknown-client'
  | 'redirect-mismatch'
  | 'form-expired'
  | 'sign-in-needed'
  | 'wrong-account'
  | 'not-in-sandbox'
  | 'role-missing'
  | 'link-over'
  | 'not-changeable'
  // Errors of the JSON API of the developer and administrator portals.
  | 'not-signed-in'
  | 'proof-needed'
  | 'fields-invalid'
  | 'conflict'
  | 'too-many-attempts'
  // Errors of FHIR requests.
  | 'login-required'
  | 'scope-denied'
  | 'api-not-added'
  | 'practice-disabled'
  | 'patient-mismatch'
  | 'type-not-supported'
  | 'not-found'
  | 'gone'
  | 'method-not-allowed'
  | 'search-invalid'
  | 'parameter-unknown'
  | 'value-set-not-expandable'
  | 'value-set-too-costly'
  | 'search-too-costly'
  | 'throttled'
  // Errors that pages and all APIs can return.
  | 'bad-request'
  | 'too-large'
  | 'unavailable'
  | 'client-gone'
  | 'internal';

export interface ProblemDetails {
  /**
   * Message that says what went wrong and how to fix it, for the person or program that sent the request. It never
   * contains PHI or a secret.
   */
  readonly message: string;
  readonly status: number;
  /** Further information for the operator's log. It is never sent to the client. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds after which a retry may succeed. They are sent as `Retry-After`. */
  readonly retryAfter?: number;
  /** Language of the error message. The default is English. */
  readonly language?: string;
  /** Errors in single fields of the request. */
  readonly fieldErrors?: readonly RequestFieldError[];
}

export interface RequestFieldError {
  /** Path of the invalid field in the request body, such as `redirectUris.0`. */
  readonly field: string;
  readonly message: string;
  /** Stable code of the field error, if there is one. Programs and translated pages match on it. */
  readonly code?: string;
  /** Values that a translated error message inserts, by parameter name. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * The one error type that modules throw for each other. Each surface renders it in its own format: OAuth JSON, an error
 * page or a FHIR OperationOutcome. Any other thrown value is a server error and is answered as `internal`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  readonly language: string;
  readonly fieldErrors: readonly RequestFieldError[];

  constructor(code: ProblemCode, details: ProblemDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.detail = details.detail;
    this.retryAfter = details.retryAfter;
    this.language = details.language ?? 'en';
    this.fieldErrors = details.fieldErrors ?? [];
  }
}

/**
 * An error that the operator can fix, such as a port in use or an invalid setting. Its message is
 * printed without a stack trace.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorFault';
}

/** Creates the error (400) for a request that can't be understood. The message tells the client how to fix it. */
export const badRequest = (message: string): Problem => new Problem('bad-request', { status: 400, message });

/** Creates the error for one invalid field of a JSON request. */
export const invalidField = (field: string, message: string): Problem =>
  new Problem('fields-invalid', { status: 400, message, fieldErrors: [{ field, message }] });

/**
 * Creates the 409 error for a request that the current state forbids, for example because the data has changed since
 * the client read it.
 */
export const conflictProblem = (message: string): Problem => new Problem('conflict', { status: 409, message });

/** Creates the error (404) for something that doesn't exist, or that the requester may not know about. */
export const notFoundProblem = (message: string): Problem => new Problem('not-found', { status: 404, message });
