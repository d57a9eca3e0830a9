/** Every refusal this server can utter, as a closed set: a code is stable once published and is what clients may match on. */
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
  // what a page shows when nothing may be redirected
  | 'unknown-client'
  | 'redirect-mismatch'
  | 'form-expired'
  | 'sign-in-needed'
  | 'wrong-account'
  | 'role-missing'
  | 'link-over'
  | 'not-changeable'
  // the portal's JSON API
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
  // everywhere
  | 'bad-request'
  | 'too-large'
  | 'unavailable'
  | 'client-gone'
  | 'internal';

export interface ProblemDetails {
  /** What went wrong and how to mend it, for the person or program that asked. Never PHI, never a secret. */
  readonly message: string;
  readonly status: number;
  /** Private, for the operator's log only. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds after which trying again may help: becomes `Retry-After`. */
  readonly retryAfter?: number;
  /** That the message is written in; English when left out. */
  readonly language?: string;
  /** What is wrong with the fields that were sent, one by one. */
  readonly faults?: readonly FieldProblem[];
}

export interface FieldProblem {
  /** Path of the field in what was sent: `redirectUris.0`. */
  readonly field: string;
  readonly message: string;
  /** Stable, where there is one: programs, and pages in other languages, go by it. */
  readonly code?: string;
  /** What the message is about, by name. */
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * The one error that crosses room borders. Each surface renders it in its own dialect: OAuth JSON, an error page,
 * an OperationOutcome. Anything else that is thrown is a fault of ours and is answered as `internal`.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly status: number;
  readonly detail: string | undefined;
  readonly retryAfter: number | undefined;
  readonly language: string;
  readonly faults: readonly FieldProblem[];

  constructor(code: ProblemCode, details: ProblemDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.detail = details.detail;
    this.retryAfter = details.retryAfter;
    this.language = details.language ?? 'en';
    this.faults = details.faults ?? [];
  }
}

/** A fault the operator can mend (a port that is taken, a bad setting): printed as it is, without a stack. */
export class OperatorFault extends Error {
  override readonly name = 'OperatorFault';
}
