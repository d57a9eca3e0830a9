import type { Problem, ProblemCode } from '../../kernel/index.ts';

/**
 * Code of the FHIR value set issue-type for each error code of this server. All of these issue types exist in every
 * FHIR version that the server supports.
 */
export const ISSUE_TYPES: Readonly<Partial<Record<ProblemCode, string>>> = {
  'login-required': 'login',
  invalid_token: 'login',
  invalid_dpop_proof: 'login',
  invalid_request: 'security',
  'scope-denied': 'forbidden',
  'api-not-added': 'forbidden',
  'practice-disabled': 'suppressed',
  'patient-mismatch': 'forbidden',
  'type-not-supported': 'not-supported',
  'not-found': 'not-found',
  gone: 'deleted',
  'method-not-allowed': 'not-supported',
  'search-invalid': 'invalid',
  'parameter-unknown': 'not-supported',
  'value-set-not-expandable': 'not-supported',
  'value-set-too-costly': 'too-costly',
  'search-too-costly': 'too-costly',
  'bad-request': 'structure',
  'too-large': 'too-long',
  'too-many-attempts': 'throttled',
  throttled: 'throttled',
  unavailable: 'transient',
  internal: 'exception',
};

/**
 * Code system of the error codes in `OperationOutcome.issue.details`. Every error of this server has one of these
 * codes.
 */
export const PROBLEM_SYSTEM = 'urn:patient-access:problem';

/**
 * Prints a Problem as an OperationOutcome, as JSON text. The text is the same in every FHIR version, so that a client
 * needs only one error handler.
 */
export const operationOutcome = (problem: Problem, requestId: string): string =>
  JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: problem.status >= 500 ? 'fatal' : 'error',
        code: ISSUE_TYPES[problem.code] ?? 'processing',
        details: { coding: [{ system: PROBLEM_SYSTEM, code: problem.code }], text: problem.message },
        diagnostics: `Request id: ${requestId}`,
      },
    ],
  });
