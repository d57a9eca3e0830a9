import { Problem } from '../kernel/index.ts';
import { type Grant, requireEnabled } from './grant.ts';
import { labelKey } from './labels.ts';
import { coversAll } from './scope.ts';

/**
 * Throws 403 if the grant shrank while the request was running: the patient withdrew something, or the app or the
 * practice was restricted. A wider grant is accepted.
 */
export function requireNoLess(before: Grant, now: Grant): void {
  // The token cache returned the same object, so nothing has changed.
  if (before === now) return;
  if (before.practiceEnabled) requireEnabled(now);
  if (KEPT.every((isKept) => isKept(before, now))) return;
  throw new Problem('scope-denied', {
    status: 403,
    message:
      'What this access token allows has become less while this was answered. Ask again: the answer is what it allows now.',
  });
}

/** Each check holds when nothing of its kind was lost. */
const KEPT: readonly ((before: Grant, now: Grant) => boolean)[] = [
  (before, now) => coversAll(now.scopes, before.scopes),
  (before, now) => isAmong(now.apis, before.apis),
  (before, now) => isAmong(now.practices, before.practices),
  (before, now) => isAmong(before.withheld.map(labelKey), now.withheld.map(labelKey)),
  (before, now) => before.record === undefined || before.record.recordId === now.record?.recordId,
  (before, now) => before.fhirUser === undefined || nameOf(before) === nameOf(now),
];

const isAmong = <Value>(all: readonly Value[], some: readonly Value[]): boolean =>
  some.every((one) => all.includes(one));

const nameOf = ({ fhirUser }: Grant): string => `${fhirUser?.type}/${fhirUser?.id}`;
