import { RECORD_ERASED, REJECTED_PATIENT, UNKNOWN_PATIENT, WRONG_PATIENT_REASONS } from '../load/load.ts';
import { OTHER_SOURCE } from '../load/store-errors.ts';
import { MERGE_REASONS } from '../merge/merge-patients.ts';
import { AMBIGUOUS_SUBJECT, NO_PATIENT, TWO_PATIENTS, UNRESOLVED_SUBJECT } from '../references/compartment.ts';
import { PRACTICE_MERGE_REASONS, UNKNOWN_SURVIVOR } from './patient-links.ts';
import type { RejectedFeedEntry } from './rejected-entries.ts';
import { unknownIdentifier } from './resolve-references.ts';

/** The problem of a rejected entry as its practice sees it. The reason has the details, for the sender. */
type RejectionProblem =
  | 'waiting-for-patient'
  | 'waiting-for-data'
  | 'unknown-patient'
  | 'unclear-patient'
  | 'wrong-patient'
  | 'other-source'
  | 'not-merged'
  | 'erased'
  | 'invalid';

const PROBLEMS: ReadonlyMap<string, RejectionProblem> = new Map<string, RejectionProblem>([
  ...withProblem('unknown-patient', [
    UNKNOWN_PATIENT,
    REJECTED_PATIENT,
    UNKNOWN_SURVIVOR,
    unknownIdentifier('Patient'),
  ]),
  ...withProblem('unclear-patient', [NO_PATIENT, UNRESOLVED_SUBJECT, AMBIGUOUS_SUBJECT, TWO_PATIENTS]),
  ...withProblem('wrong-patient', WRONG_PATIENT_REASONS),
  ...withProblem('other-source', [OTHER_SOURCE]),
  ...withProblem('not-merged', [...MERGE_REASONS, ...PRACTICE_MERGE_REASONS]),
  ...withProblem('erased', [RECORD_ERASED]),
]);

function withProblem(problem: RejectionProblem, reasons: readonly string[]) {
  return reasons.map((reason) => [reason, problem] as const);
}

/** Returns what kind of problem an entry was rejected for. Only entries that are retried automatically are waiting. */
export function classifyRejection({ reason, waits }: Pick<RejectedFeedEntry, 'reason' | 'waits'>): RejectionProblem {
  const problem = PROBLEMS.get(reason) ?? 'invalid';
  if (!waits) return problem;
  return problem === 'unknown-patient' ? 'waiting-for-patient' : 'waiting-for-data';
}
