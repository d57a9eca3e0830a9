import { isObject, textAt } from '../../kernel/index.ts';
import type { ImportEntry } from '../import/entry.ts';
import { collectInlined, isInlinedType } from '../references/inlined.ts';
import { type FeedOutcome, type RejectedOutcome, reject } from './outcome.ts';

const INLINED: FeedOutcome = { kind: 'carried', note: 'It is stored with the resources that refer to it.' };
const REFERRER_UNCHANGED: FeedOutcome = {
  kind: 'carried',
  note: 'The resources that refer to it already exist and were not changed.',
};
const NOT_REFERRED_TO = reject(
  422,
  'business-rule',
  'No resource of this Bundle that could be written refers to it. Send it together with a resource that refers to it.',
);
const ALL_REJECTED =
  'All resources that refer to it were rejected. It is stored only with a resource that refers to it.';

/**
 * Returns the outcome of a Binary or Medication, which is stored only with the resources that refer to it. If all
 * referring entries are rejected and at least one of them is stored for a retry, the Binary or Medication is stored for
 * the retry too.
 * @param referring outcomes of the entries that refer to the Binary or Medication
 * @param isLedTo whether an entry that created nothing refers to the Binary or Medication, directly or indirectly. Such
 * an entry is a conditional create that found an existing resource
 */
export function inlinedOutcome(referring: readonly FeedOutcome[], isLedTo: boolean): FeedOutcome {
  if (referring.some(({ kind }) => kind !== 'refused')) return INLINED;
  if (isLedTo) return REFERRER_UNCHANGED;
  if (referring.length === 0) return NOT_REFERRED_TO;
  const retryStates = referring.map((one) => (one as RejectedOutcome).retention);
  const retryState = retryStates.find((one) => one === 'waiting') ?? retryStates.find((one) => one !== undefined);
  return { ...reject(422, 'business-rule', ALL_REJECTED, retryState), follows: true };
}

/**
 * Finds the Binaries and Medications of a Bundle that the resources refer to, directly or through other Binaries and
 * Medications.
 */
export function findReachable(entries: readonly ImportEntry[], resources: readonly unknown[]): ReadonlySet<unknown> {
  const { find } = collectInlined(entries.filter(({ value }) => isInlinedType(textAt(value, 'resourceType'))));
  const found = new Set<unknown>(resources);
  // A Set also iterates over values that are added during the iteration, so this loop finds indirect references too.
  for (const value of found) {
    for (const name of findReferenceTexts(value)) {
      const entry = find(name);
      if (entry !== undefined) found.add(entry.value);
    }
  }
  return found;
}

/** Returns the texts of the references and attachment URLs in a value, at any depth. */
function findReferenceTexts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(findReferenceTexts);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' ? (name === 'reference' || name === 'url' ? [member] : []) : findReferenceTexts(member),
  );
}
