import { nested } from '../database/index.ts';
import { commitSoon } from './durable.ts';
import type { Prepared } from './prepare.ts';
import { findRecords } from './records.ts';
import { addTally, newTally, type Tally } from './report.ts';
import { type Judgement, judge, loadJudged, type ValidatedLoadDeps } from './validate/load-validated.ts';

/** A Bundle of type transaction in a file. */
export interface Transaction {
  readonly file: string;
  readonly prepared: readonly Prepared[];
  /** What came of its entries so far. */
  readonly tally: Tally;
  /** Values that go along with others of it, of this Bundle and of the whole input. */
  readonly carried: ReadonlySet<unknown>;
}

type Deps = ValidatedLoadDeps & { readonly around: { readonly carried: { readonly taken: Set<unknown> } } };

/**
 * Stores all of it in one transaction of the database, or nothing: FHIR R4 http.html#transaction. What is wrong by itself is
 * told before anything is tried, and then the rest is not.
 * @param expected patients who come later in this input
 * @returns `waits`: some of it is about such a patient, so that all of it has to wait
 */
export async function loadTransaction(
  deps: Deps,
  transaction: Transaction,
  expected: ReadonlySet<string> = new Set(),
): Promise<'done' | 'waits'> {
  const { prepared, tally, carried } = transaction;
  if (tally.refused.length === 0 && waits(deps, prepared, expected)) return 'waits';
  const own = newTally();
  addTally(own, tally);
  const judgement = await judge({ ...deps, tally: own }, prepared);
  if (own.refused.length === 0 && (await isStored({ ...deps, tally: own }, judgement))) {
    addTally(deps.tally, own);
    for (const value of carried) deps.around.carried.taken.add(value);
  } else {
    await rememberUnknown(deps, prepared);
    addTally(deps.tally, nothingOf(transaction, own));
  }
  deps.progressed();
  return 'done';
}

/** Those that wait for each other’s patients, each as soon as these are there. */
export async function loadWaiting(
  deps: Deps,
  transactions: readonly Transaction[],
  expected: ReadonlySet<string>,
): Promise<void> {
  let waiting = transactions;
  for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
    before = waiting.length;
    const still: Transaction[] = [];
    for (const one of waiting) if ((await loadTransaction(deps, one, expected)) === 'waits') still.push(one);
    waiting = still;
  }
  for (const one of waiting) await loadTransaction(deps, one);
}

function waits({ stored }: Deps, prepared: readonly Prepared[], expected: ReadonlySet<string>): boolean {
  const brought = patientsOf(prepared);
  return prepared.some(
    ({ patient }) => patient !== undefined && !brought.has(patient) && expected.has(patient) && !stored.has(patient),
  );
}

class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

/** @returns false: an entry was refused, and nothing is there */
async function isStored(deps: Deps, judgement: Judgement): Promise<boolean> {
  const patients = patientsOf(judgement.prepared);
  const before = [...patients].map((patient) => [patient, deps.stored.get(patient)] as const);
  try {
    await deps.db.transaction(async (tx) => {
      await commitSoon(tx);
      await loadJudged({ ...deps, db: nested(tx), ready: 'in turn', progressed() {} }, judgement);
      if (deps.tally.refused.length > 0) throw new TakenBack();
    });
    return true;
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    for (const [patient, was] of before) {
      if (was === undefined) deps.stored.delete(patient);
      else deps.stored.set(patient, was);
    }
    return false;
  }
}

/** What others of the input tell of a patient who has no record but for this Bundle is refused for that. */
async function rememberUnknown({ db, origin, stored }: Deps, prepared: readonly Prepared[]): Promise<void> {
  const patients = [...patientsOf(prepared)].filter((patient) => !stored.has(patient));
  const known = await findRecords(db, origin, patients);
  for (const patient of patients) if (!known.has(patient)) stored.set(patient, false);
}

const patientsOf = (prepared: readonly Prepared[]): ReadonlySet<string> =>
  new Set(
    prepared.flatMap(({ store, patient }) =>
      store.resource.resourceType === 'Patient' && patient !== undefined ? [patient] : [],
    ),
  );

/** What is left out of every input is left out of this one; all else was refused, or was not stored for that. */
function nothingOf({ file, prepared, tally: before }: Transaction, own: Tally): Tally {
  const { refused, skipped } = own;
  const resources = prepared.length + before.carried - (refused.length - before.refused.length);
  const because = [...new Set(refused.map(({ at }) => at))];
  return {
    ...newTally(),
    skipped,
    refused,
    notStored: [{ file, resources, because }],
    ...(own.faulty === undefined ? {} : { faulty: 0 }),
  };
}
