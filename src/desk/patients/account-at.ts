import { Problem } from '../../kernel/index.ts';
import { notFound } from '../roles.ts';
import { accountsOf, type RecordAccount } from './accounts.ts';
import type { AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';

/**
 * The account in the address, if it opens this patient's record or did. Throws `not-found` for any other, and
 * `not-changeable` for one whose password everyone knows.
 */
export async function accountAt(
  { db }: Pick<PatientsDeps, 'db'>,
  { patient, params }: AtPatient,
  relationship?: RecordAccount['relationship'],
): Promise<RecordAccount> {
  const account = (await accountsOf(db, patient.recordId)).find(({ accountId }) => accountId === params['accountId']);
  if (account === undefined || (relationship ?? account.relationship) !== account.relationship) throw notFound();
  if (!account.published) return account;
  const message = 'This is an account of the sandbox that everyone may use: it can’t be changed, locked or closed.';
  throw new Problem('not-changeable', { status: 403, message });
}

/** Whether the patient's own account opens their record now. */
export const isOpen = ({ ended, locked }: RecordAccount): boolean => ended === undefined && locked === undefined;
