import type { Issue } from '../../validation/index.ts';

/**
 * Reason why an entry was not written: an HTTP status, a code of the value set issue-type, and a text for the sender.
 */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** Path within the entry, such as `request.url`; undefined: the resource. */
  readonly where?: string;
  /**
   * Whether a batch stores the entry for later: `kept` if it may be accepted later, `waiting` if it will be once a
   * missing resource arrives. undefined: it is not stored.
   */
  readonly keep?: 'kept' | 'waiting';
  /** Validation issues, which say more than the reason. */
  readonly issues?: readonly Issue[];
  /** Set when the only cause is that other entries were rejected, so that fixing those also fixes this one. */
  readonly follows?: true;
}

export interface Done {
  readonly kind: 'created' | 'updated' | 'unchanged' | 'stale' | 'deleted' | 'absent' | 'carried';
  /** `Type/id`; undefined for an inlined resource, which has a different id in each record that refers to it. */
  readonly key?: string;
  readonly version?: number;
  readonly lastUpdated?: Date;
  /** Information for the sender; not an error. */
  readonly note?: string;
  /** Validation issues of a resource that was written despite them. */
  readonly issues?: readonly Issue[];
}

export type Outcome = Refused | Done;

export const refused = (status: number, code: string, reason: string, keep?: Refused['keep']): Refused => ({
  kind: 'refused',
  status,
  code,
  reason,
  ...(keep === undefined ? {} : { keep }),
});

/** Adds the path in the entry to a rejection. */
export const located = (where: string, rejection: Refused): Refused => ({ ...rejection, where });

const STATUS: Readonly<Record<Done['kind'], string>> = {
  created: '201 Created',
  updated: '200 OK',
  unchanged: '200 OK',
  stale: '200 OK',
  deleted: '204 No Content',
  absent: '204 No Content',
  carried: '200 OK',
};
const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

/** Builds the response Bundle as JSON text, with one response per entry, in the same order. FHIR R4 §3.1.0.11.2. */
export const responseBundle = (type: 'transaction' | 'batch', outcomes: readonly Outcome[]): string =>
  JSON.stringify({
    resourceType: 'Bundle',
    type: `${type}-response`,
    entry: outcomes.map((outcome, index) => ({ response: responseOf(outcome, index) })),
  });

function responseOf(outcome: Outcome, index: number): object {
  if (outcome.kind === 'refused') {
    const { status } = outcome;
    return { status: `${status} ${NAMES[status] ?? 'Refused'}`, outcome: outcomeOf(issuesOf(outcome, index)) };
  }
  const { key, version, lastUpdated } = outcome;
  const hints = hintsOf(outcome, index);
  const status = STATUS[outcome.kind];
  return {
    status,
    ...(key === undefined || status.startsWith('204') ? {} : { location: `${key}/_history/${version}` }),
    ...(version === undefined ? {} : { etag: `W/"${version}"` }),
    ...(lastUpdated === undefined ? {} : { lastModified: lastUpdated.toISOString() }),
    ...(hints.length === 0 ? {} : { outcome: outcomeOf(hints) }),
  };
}

/** Information and warnings about an entry that was written. */
const hintsOf = ({ note, issues = [] }: Done, index: number): readonly object[] => [
  ...(note === undefined ? [] : [{ severity: 'information', code: 'informational', details: { text: note } }]),
  ...issues.slice(0, MOST_ISSUES).map((issue) => ({ ...validationIssue(issue, index), severity: 'warning' })),
];

/** Maximum number of issues reported per entry. The rest appears once these are fixed. */
const MOST_ISSUES = 10;

/** Locates an issue in the Bundle. The leading type of its path is replaced by the path of the entry. */
const validationIssue = ({ code, text, path }: Issue, index: number) => ({
  severity: 'error',
  code,
  details: { text },
  expression: [`Bundle.entry[${index}].resource${path.replace(/^[A-Za-z]+/, '')}`],
});

/** Builds the OperationOutcome of a transaction that was rolled back, with every entry that caused it. JSON text. */
export function transactionOutcome(
  outcomes: readonly Outcome[],
  requestId: string,
): { readonly status: number; readonly body: string } {
  const causes = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'refused' && outcome.follows !== true ? [{ outcome, index }] : [],
  );
  const statuses = new Set(causes.map(({ outcome }) => outcome.status));
  const [only = 400, ...others] = statuses;
  const issues = causes
    .flatMap(({ outcome, index }) => issuesOf(outcome, index))
    .map((issue) => ({ ...issue, diagnostics: `Request id: ${requestId}` }));
  return { status: others.length === 0 ? only : 400, body: JSON.stringify(outcomeOf(issues)) };
}

const issuesOf = ({ code, reason, where = 'resource', issues = [] }: Refused, index: number): readonly object[] =>
  issues.length > 0
    ? issues.slice(0, MOST_ISSUES).map((issue) => validationIssue(issue, index))
    : [{ severity: 'error', code, details: { text: reason }, expression: [`Bundle.entry[${index}].${where}`] }];

const outcomeOf = (issue: readonly object[]) => ({ resourceType: 'OperationOutcome', issue });
