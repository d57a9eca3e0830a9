import { Problem } from '../kernel/index.ts';
import { type Grant, requireEnabled } from './grant.ts';
import { labelKey } from './labels.ts';
import { coversAll } from './scope.ts';

/**
 * Throws 403 if the grant shrank while the request was running: the patient withdrew something, or the app or the
 * practice was restricted. A wider grant is accepted.
 */
export function requireNoLess(begun: Grant, now: Grant): void {
  // The token cache returned the same object, so nothing has changed.
  if (begun === now) return;
  if (begun.practiceEnabled) requireEnabled(now);
  if (KEPT.every((isKept) => isKept(begun, now))) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'What this access token allows has become less while this was answered. Ask again: the answer is what it allows now.',
  });
}

/** Each check holds when nothing of its kind was lost. */
const KEPT: readonly ((begun: Grant, now: Grant) => boolean)[] = [
  (begun, now) => coversAll(now.scopes, begun.scopes),
  (begun, now) => isAmong(now.apis, begun.apis),
  (begun, now) => isAmong(now.practices, begun.practices),
  (begun, now) => isAmong(begun.withheld.map(labelKey), now.withheld.map(labelKey)),
  (begun, now) => begun.record === undefined || begun.record.recordId === now.record?.recordId,
  (begun, now) => begun.fhirUser === undefined || nameOf(begun) === nameOf(now),
];

const isAmong = <Value>(all: readonly Value[], some: readonly Value[]): boolean =>
  some.every((one) => all.includes(one));

const nameOf = ({ fhirUser }: Grant): string => `${fhirUser?.type}/${fhirUser?.id}`;
