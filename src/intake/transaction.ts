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
  /** Counts of its entries so far. */
  readonly tally: Tally;
  /** Values that were inlined into its resources, from this Bundle and from the whole import. */
  readonly carried: ReadonlySet<unknown>;
}

type Deps = ValidatedLoadDeps & { readonly around: { readonly carried: { readonly taken: Set<unknown> } } };

/**
 * Stores all entries in one database transaction, or none (FHIR R4 http.html#transaction). Entries with errors of their
 * own are reported before anything is stored, and then nothing is.
 * @param expected pending patients, who come later in this input
 * @returns `waits` when an entry is about a pending patient, so that the whole transaction has to be deferred
 */
export async function loadTransaction(
  deps: Deps,
  transaction: Transaction,
  expected: ReadonlySet<string> = new Set(),
): Promise<'done' | 'waits'> {
  const { prepared, tally, carried } = transaction;
  if (tally.refused.length === 0 && waits(deps, prepared, expected)) return 'waits';
  const transactionTally = newTally();
  addTally(transactionTally, tally);
  const outcome = await judge({ ...deps, tally: transactionTally }, prepared);
  if (transactionTally.refused.length === 0 && (await isStored({ ...deps, tally: transactionTally }, outcome))) {
    addTally(deps.tally, transactionTally);
    for (const value of carried) deps.around.carried.taken.add(value);
  } else {
    await rememberUnknown(deps, prepared);
    addTally(deps.tally, nothingOf(transaction, transactionTally));
  }
  deps.progressed();
  return 'done';
}

/** Loads deferred transactions that wait for each other's patients, each one as soon as its patients exist. */
export async function loadWaiting(
  deps: Deps,
  transactions: readonly Transaction[],
  expected: ReadonlySet<string>,
): Promise<void> {
  let deferred = transactions;
  for (let before = Number.POSITIVE_INFINITY; deferred.length < before; ) {
    before = deferred.length;
    const remaining: Transaction[] = [];
    for (const one of deferred) if ((await loadTransaction(deps, one, expected)) === 'waits') remaining.push(one);
    deferred = remaining;
  }
  for (const one of deferred) await loadTransaction(deps, one);
}

function waits({ stored }: Deps, prepared: readonly Prepared[], expected: ReadonlySet<string>): boolean {
  const bringing = patientsOf(prepared);
  return prepared.some(
    ({ patient }) => patient !== undefined && !bringing.has(patient) && expected.has(patient) && !stored.has(patient),
  );
}

class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

/** @returns false if an entry was rejected and the transaction was rolled back */
async function isStored(deps: Deps, outcome: Judgement): Promise<boolean> {
  const patients = patientsOf(outcome.prepared);
  const before = [...patients].map((patient) => [patient, deps.stored.get(patient)] as const);
  try {
    await deps.db.transaction(async (tx) => {
      await commitSoon(tx);
      await loadJudged({ ...deps, db: nested(tx), ready: 'in turn', progressed() {} }, outcome);
      if (deps.tally.refused.length > 0) throw new TakenBack();
    });
    return true;
  } catch (error) {
    if (!(error instanceof TakenBack)) throw error;
    for (const [patient, previous] of before) {
      if (previous === undefined) deps.stored.delete(patient);
      else deps.stored.set(patient, previous);
    }
    return false;
  }
}

/**
 * Marks patients who would only have had a record through this Bundle. Other resources about them are rejected for that
 * reason.
 */
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

/**
 * Counts of a rolled-back transaction: skipped types stay skipped, and all other entries are rejected or not stored.
 */
function nothingOf({ file, prepared, tally: before }: Transaction, transactionTally: Tally): Tally {
  const { refused, skipped } = transactionTally;
  const resources = prepared.length + before.carried - (refused.length - before.refused.length);
  const because = [...new Set(refused.map(({ at }) => at))];
  return {
    ...newTally(),
    skipped,
    refused,
    notStored: [{ file, resources, because }],
    ...(transactionTally.faulty === undefined ? {} : { faulty: 0 }),
  };
}
