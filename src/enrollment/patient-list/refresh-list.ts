import { type Executor, statement } from '../../database/index.ts';
import type { RecordId } from '../../kernel/index.ts';

/**
 * Number of changed records with which one call brings the list up to date: about 50 ms. There are more after an upgrade
 * to the first release with the list, and while many patients are loaded.
 */
const CHANGES_AT_ONCE = 1000;

const refresh = statement(
  'enrollment.patient-list.refresh',
  { pending: 'bool' },
  `select refresh_patient_list(${CHANGES_AT_ONCE}) as pending`,
);
const updateRecords = statement('enrollment.patient-list.update', {}, 'select from update_patient_list($1::int8[])');

/**
 * Brings the list of patients up to date with changes that were committed before.
 * @returns whether there are still changes that the list doesn't have
 */
export const refreshPatientList = async (db: Executor): Promise<boolean> =>
  (await db.query(refresh))[0]?.pending === true;

/** Brings the list of patients up to date with all changes. */
export async function refreshWholePatientList(db: Executor): Promise<void> {
  while (await refreshPatientList(db));
}

/** Brings the rows of these records up to date with the transaction's own changes. */
export const updatePatientList = async (tx: Executor, recordIds: readonly RecordId[]): Promise<void> =>
  void (await tx.query(updateRecords, [recordIds]));
