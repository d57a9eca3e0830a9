import { withSavepoints } from '../../database/index.ts';
import { addTally, type ImportTally, newTally } from '../import-report.ts';
import { commitAsynchronously } from '../load/deferred-flush.ts';
import { findRecords } from '../load/records.ts';
import type { PreparedResource } from '../prepare/prepare.ts';
import {
  loadWithIssues,
  type ValidatedLoadDeps,
  type ValidationOutcome,
  validatePrepared,
} from '../validate/load-validated.ts';

/** A Bundle of type transaction in an input file. */
export interface FileTransaction {
  readonly file: string;
  readonly prepared: readonly PreparedResource[];
  /** Counts of the entries of this Bundle so far. */
  readonly tally: ImportTally;
  /**
   * Binaries and Medications, as sent, that are stored with the resources of this Bundle. They come from this Bundle or
   * from other files of the import.
   */
  readonly carried: ReadonlySet<unknown>;
}

type FileTransactionDeps = ValidatedLoadDeps & {
  readonly around: { readonly carried: { readonly stored: Set<unknown> } };
};

/**
 * Stores all entries of a transaction Bundle in one database transaction, or none of them (FHIR R4
 * http.html#transaction). If entries have errors of their own, these are reported and nothing is stored.
 * @param expected patients whose Patient resource may come later in the input
 * @returns `waits` if an entry is about such a patient, so that the whole transaction must be loaded later
 */
export async function loadTransaction(
  deps: FileTransactionDeps,
  transaction: FileTransaction,
  expected: ReadonlySet<string> = new Set(),
): Promise<'done' | 'waits'> {
  const { prepared, tally, carried } = transaction;
  if (tally.refused.length === 0 && mustWait(deps, prepared, expected)) return 'waits';
  const transactionTally = newTally();
  addTally(transactionTally, tally);
  const outcome = await validatePrepared({ ...deps, tally: transactionTally }, prepared);
  if (transactionTally.refused.length === 0 && (await tryStore({ ...deps, tally: transactionTally }, outcome))) {
    addTally(deps.tally, transactionTally);
    for (const value of carried) deps.around.carried.stored.add(value);
  } else {
    await recordUnknownPatients(deps, prepared);
    addTally(deps.tally, toRolledBackTally(transaction, transactionTally));
  }
  deps.progressed();
  return 'done';
}

/**
 * Loads transaction Bundles that were deferred because their patients came later in the input. They may wait for each
 * other's patients, so each is loaded as soon as its patients exist.
 */
export async function loadDeferredTransactions(
  deps: FileTransactionDeps,
  transactions: readonly FileTransaction[],
  expected: ReadonlySet<string>,
): Promise<void> {
  let deferred = transactions;
  for (let before = Number.POSITIVE_INFINITY; deferred.length < before; ) {
    before = deferred.length;
    const remaining: FileTransaction[] = [];
    for (const one of deferred) if ((await loadTransaction(deps, one, expected)) === 'waits') remaining.push(one);
    deferred = remaining;
  }
  for (const one of deferred) await loadTransaction(deps, one);
}

function mustWait(
  { stored }: FileTransactionDeps,
  prepared: readonly PreparedResource[],
  expected: ReadonlySet<string>,
): boolean {
  const bringing = broughtPatients(prepared);
  return prepared.some(
    ({ patient }) => patient !== undefined && !bringing.has(patient) && expected.has(patient) && !stored.has(patient),
  );
}

class ImportRollback extends Error {
  override readonly name = 'TakenBack';
}

/**
 * Stores a transaction Bundle.
 * @returns false if an entry was rejected and the database transaction was rolled back
 */
async function tryStore(deps: FileTransactionDeps, outcome: ValidationOutcome): Promise<boolean> {
  const patients = broughtPatients(outcome.prepared);
  const before = [...patients].map((patient) => [patient, deps.stored.get(patient)] as const);
  try {
    await deps.db.transaction(async (tx) => {
      await commitAsynchronously(tx);
      await loadWithIssues({ ...deps, db: withSavepoints(tx), ready: 'in turn', progressed() {} }, outcome);
      if (deps.tally.refused.length > 0) throw new ImportRollback();
    });
    return true;
  } catch (error) {
    if (!(error instanceof ImportRollback)) throw error;
    for (const [patient, previous] of before) {
      if (previous === undefined) deps.stored.delete(patient);
      else deps.stored.set(patient, previous);
    }
    return false;
  }
}

/**
 * Records which patients of a rolled-back Bundle have no record because of the rollback. Later resources about them are
 * rejected.
 */
async function recordUnknownPatients(
  { db, origin, stored }: FileTransactionDeps,
  prepared: readonly PreparedResource[],
): Promise<void> {
  const patients = [...broughtPatients(prepared)].filter((patient) => !stored.has(patient));
  const known = await findRecords(db, origin, patients);
  for (const patient of patients) if (!known.has(patient)) stored.set(patient, false);
}

const broughtPatients = (prepared: readonly PreparedResource[]): ReadonlySet<string> =>
  new Set(
    prepared.flatMap(({ store, patient }) =>
      store.resource.resourceType === 'Patient' && patient !== undefined ? [patient] : [],
    ),
  );

/**
 * Returns the counts of a rolled-back transaction Bundle. Types that the server doesn't serve stay skipped. All other
 * entries count as rejected or not stored.
 */
function toRolledBackTally(
  { file, prepared, tally: before }: FileTransaction,
  transactionTally: ImportTally,
): ImportTally {
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
