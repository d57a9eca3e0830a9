import { Problem } from '../kernel/index.ts';
import { type AccessGrant, requirePracticeApiEnabled } from './grant.ts';
import { coversAll } from './scope.ts';
import { labelKey } from './security-labels.ts';

/**
 * Throws 403 if the grant now allows less than when the request began: the patient withdrew something, or the app or
 * the practice was restricted. A grant that now allows more is accepted.
 */
export function requireUnreducedGrant(before: AccessGrant, now: AccessGrant): void {
  // If the token cache returned the same object again, nothing has changed.
  if (before === now) return;
  if (before.practiceEnabled) requirePracticeApiEnabled(now);
  if (UNREDUCED_CHECKS.every((isKept) => isKept(before, now))) return;
  throw new Problem('scope-denied', {
    status: 403,
    message: 'Access was reduced while this request was running. Retry the request.',
  });
}

/**
 * Checks that compare a grant before and after. Each is true if the grant lost nothing of one kind, such as scopes or
 * practices.
 */
const UNREDUCED_CHECKS: readonly ((before: AccessGrant, now: AccessGrant) => boolean)[] = [
  (before, now) => coversAll(now.scopes, before.scopes),
  (before, now) => includesAll(now.apis, before.apis),
  (before, now) => includesAll(now.practices, before.practices),
  (before, now) => includesAll(before.withheld.map(labelKey), now.withheld.map(labelKey)),
  (before, now) => before.record === undefined || before.record.recordId === now.record?.recordId,
  (before, now) => before.fhirUser === undefined || fhirUserReference(before) === fhirUserReference(now),
];

const includesAll = <Value>(all: readonly Value[], some: readonly Value[]): boolean =>
  some.every((one) => all.includes(one));

const fhirUserReference = ({ fhirUser }: AccessGrant): string => `${fhirUser?.type}/${fhirUser?.id}`;
