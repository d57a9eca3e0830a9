import type { Executor } from '../../database/index.ts';
import {
  addOwnRecord,
  addRepresentation,
  addRepresentedRecord,
  createPatientAccount,
  createRepresentativeAccount,
  findProfileByEmail,
  type NewAccount,
  type NewPasskey,
  requestEmailConfirmation,
} from '../../identity/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import { getRecordEnrollmentStatus, lockRecordEnrollment } from '../invitation/enrollment-status.ts';
import { isMinor } from '../invitation/rules.ts';
import type { EnrollmentPageDeps } from './deps.ts';
import { notifyOthers } from './notification-emails.ts';
import type { OpenedInvitation } from './opened-invitation.ts';
import { type EnrollmentStepKey, recordUsedBy, type StoredAccountChoices, useStep } from './step-store.ts';

/**
 * The reason why enrollment wasn't completed. `over`: another browser completed it first, or too much time has passed
 * since the identity questions were answered.
 */
export type CompletionRejection = 'over' | 'name-taken' | 'passkey-refused' | 'already-enrolled' | 'not-theirs';

/** Thrown inside the transaction that completes enrollment. The transaction is then rolled back. */
export class EnrollmentCompletionError extends Error {
  override readonly name = 'FinishFault';
  readonly rejection: CompletionRejection;
  constructor(rejection: CompletionRejection) {
    super(rejection);
    this.rejection = rejection;
  }
}

export type NewCredential =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'passkey'; readonly passkey: NewPasskey; readonly name: string };

interface EnrollmentCompletion {
  readonly key: EnrollmentStepKey;
  readonly requestId: string;
}

/**
 * Creates the account with access to the record. One transaction also uses up the invitation, queues the emails and
 * writes the audit events. Throws `EnrollmentCompletionError`.
 */
export function createEnrolledAccount(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  finish: EnrollmentCompletion & { readonly answers: StoredAccountChoices; readonly secret: NewCredential },
): Promise<AccountId> {
  const { secret } = finish;
  return completeEnrollment(deps, opened, finish, secret.kind, async (tx) => {
    const accountId = await insertEnrolledAccount(tx, deps, opened, finish);
    const { email } = finish.answers;
    if (email !== undefined && (await mayConfirmEmail(tx, opened, email)))
      await requestEmailConfirmation(tx, deps, { accountId, kind: 'patient', email });
    if (secret.kind === 'password') return accountId;
    if (await deps.passkeys.savePasskey(tx, accountId, secret.passkey, secret.name)) return accountId;
    throw new EnrollmentCompletionError('passkey-refused');
  });
}

/**
 * Adds the record to the person's existing account. One transaction also uses up the invitation, queues the emails and
 * writes the audit events. Throws `EnrollmentCompletionError`.
 */
export const addRecordToAccount = (
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  finish: EnrollmentCompletion & { readonly accountId: AccountId },
): Promise<AccountId> =>
  completeEnrollment(deps, opened, finish, 'account', async (tx) => {
    const { accountId } = finish;
    const { recordId, relatedPersonId } = opened.invitation;
    const joined =
      relatedPersonId === undefined
        ? await addOwnRecord(tx, { accountId, recordId, young: isMinor(opened.chart) })
        : await addRepresentedRecord(tx, { accountId, recordId, relatedPersonId });
    if (!joined) throw new EnrollmentCompletionError('not-theirs');
    return accountId;
  });

/**
 * Tells whether a confirmation email may go to the entered address. Enrollment at a sandbox practice never sends email
 * to an address that an account already has, because sandbox users could send email to real people that way.
 */
const mayConfirmEmail = async (tx: Executor, { chart }: OpenedInvitation, email: string): Promise<boolean> =>
  chart.practiceKind === 'live' || (await findProfileByEmail(tx, email)) === undefined;

async function completeEnrollment(
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  { key, requestId }: EnrollmentCompletion,
  by: 'password' | 'passkey' | 'account',
  open: (tx: Executor) => Promise<AccountId>,
): Promise<AccountId> {
  const { invitationId, recordId, kind } = opened.invitation;
  return deps.db.transaction(async (tx) => {
    await lockRecordEnrollment(tx, recordId);
    if (!(await useStep(tx, key, by !== 'account'))) throw new EnrollmentCompletionError('over');
    if (kind === 'patient' && (await getRecordEnrollmentStatus(tx, recordId)).enrolled)
      throw new EnrollmentCompletionError('already-enrolled');
    const accountId = await open(tx);
    await recordUsedBy(tx, invitationId, accountId);
    await notifyOthers(tx, deps, opened, accountId);
    const detail = { action: 'enroll', whom: kind, by, invitation: invitationId };
    await deps.audit.appendInTransaction(tx, {
      kind: 'enrollment',
      outcome: 'success',
      requestId,
      accountId,
      recordId,
      detail,
    });
    return accountId;
  });
}

async function insertEnrolledAccount(
  tx: Executor,
  deps: EnrollmentPageDeps,
  opened: OpenedInvitation,
  { answers, secret }: { readonly answers: StoredAccountChoices; readonly secret: NewCredential },
): Promise<AccountId> {
  const { recordId, relatedPersonId, name, email } = opened.invitation;
  const account: NewAccount = {
    username: answers.username,
    password: secret.kind === 'password' ? secret.password : undefined,
    displayName: name,
    published: false,
    // The person opened the link that was sent to this address, so the address counts as confirmed.
    email,
    language: answers.language,
  };
  if (relatedPersonId === undefined) {
    const accountId = await createPatientAccount(tx, deps, { ...account, recordId });
    if (accountId === undefined) throw new EnrollmentCompletionError('name-taken');
    return accountId;
  }
  const accountId = await createRepresentativeAccount(tx, deps, account);
  if (accountId === undefined) throw new EnrollmentCompletionError('name-taken');
  if (!(await addRepresentation(tx, { accountId, recordId, relatedPersonId })))
    throw new EnrollmentCompletionError('not-theirs');
  return accountId;
}
