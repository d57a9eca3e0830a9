import { Problem } from '../../../kernel/index.ts';
import { notFound } from '../../roles.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { listRecordAccounts, type RecordAccount } from '../record-accounts.ts';
import type { PatientAdminContext } from './patient-action.ts';

/**
 * Returns the account whose id is in the path. It must have access to this patient's record, now or in the past.
 * @throws {Problem} `not-found` for any other account, `not-changeable` for a shared sandbox account
 */
export async function requireAccount(
  { db }: Pick<PatientAdminDeps, 'db'>,
  { patient, params }: PatientAdminContext,
  relationship?: RecordAccount['relationship'],
): Promise<RecordAccount> {
  const account = (await listRecordAccounts(db, patient.recordId)).find(
    ({ accountId }) => accountId === params['accountId'],
  );
  if (account === undefined || (relationship ?? account.relationship) !== account.relationship) throw notFound();
  if (!account.published) return account;
  const message = 'This is a shared sandbox account. It can’t be changed, locked or closed.';
  throw new Problem('not-changeable', { status: 403, message });
}

/** Whether the account can open the patient's record now. */
export const isAccountActive = ({ ended, locked }: RecordAccount): boolean =>
  ended === undefined && locked === undefined;
