import type { Issue } from '../../validation/index.ts';

/** Why an entry was not written: a status of HTTP, a code of the value set issue-type, and words for whoever sent it. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: number;
  readonly code: string;
  readonly reason: string;
  /** Where in the entry, as `request.url`; undefined: the resource. */
  readonly where?: string;
  /** Of a batch it is kept: it may be accepted later, or will be when what it waits for is there. */
  readonly keep?: 'kept' | 'waiting';
  /** What validation found, which says more than the reason. */
  readonly issues?: readonly Issue[];
  /** For nothing but that others were: whoever mends those mends this. */
  readonly follows?: true;
}

export interface Done {
  readonly kind: 'created' | 'updated' | 'unchanged' | 'stale' | 'deleted' | 'absent' | 'carried';
  /** `Type/id`; undefined: it is in records under ids of these, as often as something there refers to it. */
  readonly key?: string;
  readonly version?: number;
  readonly lastUpdated?: Date;
  /** What the sender should know, though nothing is wrong. */
  readonly note?: string;
  /** What validation found, though it was written. */
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

/** The same, with the place in the entry that it is about. */
export const located = (where: string, fault: Refused): Refused => ({ ...fault, where });

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

/** FHIR R4 §3.1.0.11.2: an answer for each entry, in their order. JSON text. */
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

/** What is told of an entry that was written. */
const hintsOf = ({ note, issues = [] }: Done, index: number): readonly object[] => [
  ...(note === undefined ? [] : [{ severity: 'information', code: 'informational', details: { text: note } }]),
  ...issues.slice(0, MOST_ISSUES).map((issue) => ({ ...validationIssue(issue, index), severity: 'warning' })),
];

/** Of one entry: whoever mends these sees the rest. */
const MOST_ISSUES = 10;

/** Where it is in the Bundle: the path of an issue begins with the type. */
const validationIssue = ({ code, text, path }: Issue, index: number) => ({
  severity: 'error',
  code,
  details: { text },
  expression: [`Bundle.entry[${index}].resource${path.replace(/^[A-Za-z]+/, '')}`],
});

/** Of a transaction of which nothing was written: every entry that was in the way, and why. JSON text. */
export function transactionOutcome(
  outcomes: readonly Outcome[],
  requestId: string,
): { readonly status: number; readonly body: string } {
  const wrong = outcomes.flatMap((outcome, index) =>
    outcome.kind === 'refused' && outcome.follows !== true ? [{ outcome, index }] : [],
  );
  const statuses = new Set(wrong.map(({ outcome }) => outcome.status));
  const [only = 400, ...others] = statuses;
  const issues = wrong
    .flatMap(({ outcome, index }) => issuesOf(outcome, index))
    .map((issue) => ({ ...issue, diagnostics: `Request id: ${requestId}` }));
  return { status: others.length === 0 ? only : 400, body: JSON.stringify(outcomeOf(issues)) };
}

const issuesOf = ({ code, reason, where = 'resource', issues = [] }: Refused, index: number): readonly object[] =>
  issues.length > 0
    ? issues.slice(0, MOST_ISSUES).map((issue) => validationIssue(issue, index))
    : [{ severity: 'error', code, details: { text: reason }, expression: [`Bundle.entry[${index}].${where}`] }];

const outcomeOf = (issue: readonly object[]) => ({ resourceType: 'OperationOutcome', issue });
