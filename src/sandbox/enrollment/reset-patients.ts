import type { AuditLog } from '../../audit/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import {
  listDueSandboxPatients,
  lockDueSandboxPatient,
  lockRecordEnrollment,
  type SandboxPatient,
} from '../../enrollment/index.ts';
import {
  closeAccount,
  listSandboxVisitorAccounts,
  removeSandboxAccess,
  type SandboxVisitorAccount,
} from '../../identity/index.ts';
import type { RecordId } from '../../kernel/index.ts';
import { endAccessThroughAccount, endAllGrantsOfAccount } from '../../oauth/index.ts';
import { findScenario, type PatientStartDeps, returnToStart } from './patient-start.ts';

export interface SandboxResetDeps extends PatientStartDeps {
  readonly db: Database;
  readonly audit: Pick<AuditLog, 'appendInTransaction'>;
}

/**
 * Returns the patients for enrollment to their start whom a visitor changed a while ago. Each patient is one
 * transaction. If one fails, the others are still reset, and the first error is thrown at the end.
 */
export async function resetDuePatients(deps: SandboxResetDeps): Promise<void> {
  const failures: unknown[] = [];
  for (const { recordId } of await listDueSandboxPatients(deps.db, deps.clock.now()))
    await deps.db.transaction((tx) => resetPatient(tx, deps, recordId)).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Does nothing if the patient isn't due any more, because another process has reset it. */
async function resetPatient(tx: Executor, deps: SandboxResetDeps, recordId: RecordId): Promise<void> {
  await lockRecordEnrollment(tx, recordId);
  const patient = await lockDueSandboxPatient(tx, recordId, deps.clock.now());
  if (patient === undefined) return;
  const startAccount = findScenario(patient)?.start.status === 'locked' ? patient.accountId : undefined;
  for (const account of await listSandboxVisitorAccounts(tx, recordId, startAccount))
    await endVisitorAccount(tx, deps, patient, account);
  await returnToStart(tx, deps, patient);
  const detail = { action: 'sandbox-reset', automatic: true };
  await deps.audit.appendInTransaction(tx, { kind: 'enrollment', outcome: 'success', recordId, detail });
}

const ENDED_FOR = 'the test patient returned to its start';

/**
 * Closes the account that a visitor created, with its sessions, grants and tokens. An account that may belong to a real
 * person, because it opens other records or once opened one of a live practice, only loses this record.
 */
async function endVisitorAccount(
  tx: Executor,
  { clock, audit }: SandboxResetDeps,
  { recordId }: SandboxPatient,
  { accountId, onlyThisRecord }: SandboxVisitorAccount,
): Promise<void> {
  const now = clock.now();
  if (onlyThisRecord) await closeAccount(tx, { now, endAppAccess: endAllGrantsOfAccount }, accountId);
  else {
    await endAccessThroughAccount(tx, now, { accountId, recordId, reason: ENDED_FOR });
    await removeSandboxAccess(tx, accountId, recordId);
  }
  const detail = { action: onlyThisRecord ? 'sandbox-close' : 'sandbox-end-access', automatic: true };
  await audit.appendInTransaction(tx, { kind: 'account', outcome: 'success', accountId, recordId, detail });
}
