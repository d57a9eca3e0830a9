import type { Problem, ProblemCode } from '../../kernel/index.ts';

/** Codes of the value set issue-type. All of these exist in every served version. */
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
  unavailable: 'transient',
  internal: 'exception',
};

/** System of the codes in `issue.details`, the closed list of this server's errors. */
export const PROBLEM_SYSTEM = 'urn:patient-access:problem';

/** Prints an OperationOutcome as JSON text. It is the same in every version, so that clients need only one check. */
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
