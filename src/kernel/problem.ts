/** Every error code of this server, as a closed set. A published code is stable, because clients may match on it. */
export type ProblemCode =
  // OAuth 2.0: RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'invalid_token'
  // RFC 7591 §3.2.2
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  // RFC 9449 §5, OpenID Connect Core §3.1.2.6
  | 'invalid_dpop_proof'
  | 'request_not_supported'
  | 'request_uri_not_supported'
  | 'invalid_request_uri'
  | 'login_required'
  | 'interaction_required'
  // Error pages, where a redirect is not allowed.
  | 'unknown-client'
  | 'redirect-mismatch'
  | 'form-expired'
  | 'sign-in-needed'
  | 'wrong-account'
  | 'role-missing'
  | 'link-over'
  | 'not-changeable'
  // The JSON API of the developer and administrator portals.
  | 'not-signed-in'
  | 'proof-needed'
  | 'fields-invalid'
  | 'conflict'
  | 'too-many-attempts'
  // FHIR
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
  // All surfaces.
  | 'bad-request'
  | 'too-large'
  | 'unavailable'
  | 'client-gone'
  | 'internal';

export interface ProblemDetails {
  /**
   * Says what went wrong and how to fix it, for the person or program that sent the request. Never
   * contains PHI or a secret.
   */
  readonly message: string;
  readonly status: number;
  /** For the operator's log only. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds after which a retry may succeed. Sent as `Retry-After`. */
  readonly retryAfter?: number;
  /** Language of the message. Default: English. */
  readonly language?: string;
  /** Errors in single fields of the request. */
  readonly fieldErrors?: readonly RequestFieldError[];
}

export interface RequestFieldError {
  /** Path of the field in the request body: `redirectUris.0`. */
  readonly field: string;
  readonly message: string;
  /** Stable error code, if there is one. Programs and translated pages match on it. */
  readonly code?: string;
  /** Parameters of the message by name. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * The one error type that crosses module borders. Each surface renders it in its own format: OAuth
 * JSON, an error page or an OperationOutcome. Anything else that is thrown is a server error and is
 * answered as `internal`.
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

export const badRequest = (message: string): Problem => new Problem('bad-request', { status: 400, message });

/** One field of a JSON request is invalid. */
export const invalidField = (field: string, message: string): Problem =>
  new Problem('fields-invalid', { status: 400, message, fieldErrors: [{ field, message }] });

/** The state that the request was based on has changed, or forbids it. */
export const conflictProblem = (message: string): Problem => new Problem('conflict', { status: 409, message });

export const notFoundProblem = (message: string): Problem => new Problem('not-found', { status: 404, message });
