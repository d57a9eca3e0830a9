import type { ValidationIssue } from '../../validation/index.ts';

/** Rejection of an entry: an HTTP status, a code of the value set issue-type, and a text for the sending app. */
export interface RejectedOutcome {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** Path of the error within the entry, such as `request.url`. undefined means that the error is in the resource. */
  readonly where?: string;
  /**
   * Whether a batch stores the rejected entry for a retry. `kept` means that it may be accepted later, `waiting` that
   * it waits for a missing resource. undefined means that it is not stored.
   */
  readonly retention?: 'kept' | 'waiting';
  /** Validation issues that caused the rejection. They say more than the text of the rejection. */
  readonly issues?: readonly ValidationIssue[];
  /** Set if the entry was rejected only because other entries were. Fixing the others also fixes this one. */
  readonly follows?: true;
}

export interface WrittenOutcome {
  readonly kind: 'created' | 'updated' | 'unchanged' | 'stale' | 'deleted' | 'absent' | 'carried';
  /**
   * `Type/id` of the written resource. undefined for a Binary or Medication, because each patient record that refers to
   * it has a copy with an id of its own.
   */
  readonly key?: string;
  readonly version?: number;
  readonly lastUpdated?: Date;
  /** Information for the sending app about a written entry. It isn't an error. */
  readonly note?: string;
  /** Validation issues of a resource that was written in spite of them. */
  readonly issues?: readonly ValidationIssue[];
}

export type FeedOutcome = RejectedOutcome | WrittenOutcome;

export const reject = (
  status: number,
  code: string,
  reason: string,
  retention?: RejectedOutcome['retention'],
): RejectedOutcome => ({
  kind: 'refused',
  status,
  code,
  reason,
  ...(retention === undefined ? {} : { retention }),
});

/** Adds the path of the error within the entry to a rejection. */
export const withPath = (where: string, rejection: RejectedOutcome): RejectedOutcome => ({ ...rejection, where });

const STATUS_LINES: Readonly<Record<WrittenOutcome['kind'], string>> = {
  created: '201 Created',
  updated: '200 OK',
  unchanged: '200 OK',
  stale: '200 OK',
  deleted: '204 No Content',
  absent: '204 No Content',
  carried: '200 OK',
};
const REASON_PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

/**
 * Builds the response Bundle as JSON text. It has one response for each entry, in the same order (FHIR R4 §3.1.0.11.2).
 */
export const responseBundle = (type: 'transaction' | 'batch', outcomes: readonly FeedOutcome[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: `${type}-response`,
    entry: outcomes.map((outcome, index) => ({ response: toResponse(outcome, index) })),
  });

function toResponse(outcome: FeedOutcome, index: number): object {
  if (outcome.kind === 'refused') {
    const { status } = outcome;
    return {
      status: `${status} ${REASON_PHRASES[status] ?? 'Refused'}`,
      outcome: toOperationOutcome(toIssues(outcome, index)),
    };
  }
  const { key, version, lastUpdated } = outcome;
  const hints = toHints(outcome, index);
  const status = STATUS_LINES[outcome.kind];
  return {
    status,
    ...(key === undefined || status.startsWith('204') ? {} : { location: `${key}/_history/${version}` }),
    ...(version === undefined ? {} : { etag: `W/"${version}"` }),
    ...(lastUpdated === undefined ? {} : { lastModified: lastUpdated.toISOString() }),
    ...(hints.length === 0 ? {} : { outcome: toOperationOutcome(hints) }),
  };
}

/** Returns information and warnings about an entry that was written, as OperationOutcome issues. */
const toHints = ({ note, issues = [] }: WrittenOutcome, index: number): readonly object[] => [
  ...(note === undefined ? [] : [{ severity: 'information', code: 'informational', details: { text: note } }]),
  ...issues.slice(0, MAX_ISSUES).map((issue) => ({ ...toValidationIssue(issue, index), severity: 'warning' })),
];

/**
 * Maximum number of validation issues that a response contains for one entry. The sender sees the others once the first
 * ones are fixed.
 */
const MAX_ISSUES = 10;

/**
 * Converts a validation issue to an OperationOutcome issue. Its path begins with the entry's path in the Bundle instead
 * of the resource type.
 */
const toValidationIssue = ({ code, text, path }: ValidationIssue, index: number) => ({
  severity: 'error',
  code,
  details: { text },
  expression: [`Bundle.entry[${index}].resource${path.replace(/^[A-Za-z]+/, '')}`],
});

/**
 * Builds the OperationOutcome of a transaction Bundle that was rolled back, as JSON text. It lists every entry that
 * caused the rollback.
 */
export function transactionOutcome(
  outcomes: readonly FeedOutcome[],
  requestId: string,
): { readonly status: number; readonly body: string } {
  const causes = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'refused' && outcome.follows !== true ? [{ outcome, index }] : [],
  );
  const statuses = new Set(causes.map(({ outcome }) => outcome.status));
  const [only = 400, ...others] = statuses;
  const issues = causes
    .flatMap(({ outcome, index }) => toIssues(outcome, index))
    .map((issue) => ({ ...issue, diagnostics: `Request id: ${requestId}` }));
  return { status: others.length === 0 ? only : 400, body: JSON.stringify(toOperationOutcome(issues)) };
}

const toIssues = (
  { code, reason, where = 'resource', issues = [] }: RejectedOutcome,
  index: number,
): readonly object[] =>
  issues.length > 0
    ? issues.slice(0, MAX_ISSUES).map((issue) => toValidationIssue(issue, index))
    : [{ severity: 'error', code, details: { text: reason }, expression: [`Bundle.entry[${index}].${where}`] }];

const toOperationOutcome = (issue: readonly object[]) => ({ resourceType: 'OperationOutcome', issue });
