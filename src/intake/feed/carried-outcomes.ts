import { carriedIn, isCarried } from '../carried.ts';
import type { Entry } from '../entry.ts';
import { isObject, textAt } from '../json-value.ts';
import { type Outcome, type Refused, refused } from './outcome.ts';

const CARRIED: Outcome = { kind: 'carried', note: 'It is kept with what refers to it.' };
const THERE_ALREADY: Outcome = {
  kind: 'carried',
  note: 'What refers to it is there already, and was left as it is.',
};
const NOT_REFERRED_TO = refused(
  422,
  'business-rule',
  'Nothing of this Bundle that could be written refers to it: it is kept with what does. Send them together.',
);
const ALL_REFUSED = 'All that refers to it was refused: it is kept with what does.';

/**
 * Outcome of an entry that is inlined into the resources that refer to it. If those are stored to be retried, so is the
 * entry, because they need it then.
 * @param referring outcomes of the entries that refer to it
 * @param isLedTo whether a resource that exists already refers to it, directly or indirectly
 */
export function carriedOutcome(referring: readonly Outcome[], isLedTo: boolean): Outcome {
  if (referring.some(({ kind }) => kind !== 'refused')) return CARRIED;
  if (isLedTo) return THERE_ALREADY;
  if (referring.length === 0) return NOT_REFERRED_TO;
  const retryStates = referring.map((one) => (one as Refused).keep);
  const retryState = retryStates.find((one) => one === 'waiting') ?? retryStates.find((one) => one !== undefined);
  return { ...refused(422, 'business-rule', ALL_REFUSED, retryState), follows: true };
}

/** Finds the inlined entries that the resources refer to, directly or through other inlined entries. */
export function ledTo(entries: readonly Entry[], resources: readonly unknown[]): ReadonlySet<unknown> {
  const { find } = carriedIn(entries.filter(({ value }) => isCarried(textAt(value, 'resourceType'))));
  const found = new Set<unknown>(resources);
  // A Set iterates over values that are added during the iteration.
  for (const value of found) {
    for (const name of namesIn(value)) {
      const entry = find(name);
      if (entry !== undefined) found.add(entry.value);
    }
  }
  return found;
}

/** References and attachment URLs in the value, at any depth. */
function namesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (name === 'reference' || name === 'url' ? [member] : []) : namesIn(member),
  );
}
