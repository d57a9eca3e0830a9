import type { Executor } from '../../database/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import {
  addAccount,
  addRepresentation,
  addRepresentative,
  findPersonByEmail,
  type NewAccount,
  type NewPasskey,
} from '../../people/index.ts';
import { isYoung } from '../invitation/rules.ts';
import { settleRecord, standingOf } from '../invitation/standing.ts';
import type { EnrollDeps } from './deps.ts';
import { joinFor, joinOwn } from './join.ts';
import { tellOthers } from './mails.ts';
import type { Opened } from './opened.ts';
import { keepUser, type StepAnswers, type StepKey, useStep } from './step-store.ts';

/** Why enrollment wasn't completed. `over`: another browser completed it first, or the proof expired. */
export type FinishRefusal = 'over' | 'name-taken' | 'passkey-refused' | 'already-enrolled' | 'not-theirs';

/** Thrown inside the transaction to roll it back. */
export class FinishFault extends Error {
  override readonly name = 'FinishFault';
  readonly refusal: FinishRefusal;
  constructor(refusal: FinishRefusal) {
    super(refusal);
    this.refusal = refusal;
  }
}

export type Secret =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'passkey'; readonly passkey: NewPasskey; readonly name: string };

interface Finish {
  readonly key: StepKey;
  readonly requestId: string;
}

/**
 * Creates the account in one transaction: the invitation is used up, the account gets access to the record, and all
 * emails and audit events are written.
 */
export function makeAccount(
  deps: EnrollDeps,
  opened: Opened,
  finish: Finish & { readonly answers: StepAnswers; readonly secret: Secret },
): Promise<AccountId> {
  const { secret } = finish;
  return completeEnrollment(deps, opened, finish, secret.kind, async (tx) => {
    const accountId = await newAccount(tx, deps, opened, finish);
    const { email } = finish.answers;
    if (email !== undefined && (await mayConfirmEmail(tx, opened, email)))
      await deps.confirmEmail(tx, accountId, email);
    if (secret.kind === 'password') return accountId;
    if (await deps.passkeys.keepPasskey(tx, accountId, secret.passkey, secret.name)) return accountId;
    throw new FinishFault('passkey-refused');
  });
}

/**
 * Adds the record to the person's existing account, in one transaction as above. Throws `EnrollmentCompletionError`.
 */
export const joinAccount = (
  deps: EnrollDeps,
  opened: Opened,
  finish: Finish & { readonly accountId: AccountId },
): Promise<AccountId> =>
  completeEnrollment(deps, opened, finish, 'account', async (tx) => {
    const { accountId } = finish;
    const { recordId, relatedPersonId } = opened.invitation;
    const joined =
      relatedPersonId === undefined
        ? await joinOwn(tx, { accountId, recordId, young: isYoung(opened.chart) })
        : await joinFor(tx, { accountId, recordId, relatedPersonId });
    if (!joined) throw new FinishFault('not-theirs');
    return accountId;
  });

/** Sandbox users must not be able to send email to real people: the owner of the address may be one. */
const mayConfirmEmail = async (tx: Executor, { chart }: Opened, email: string): Promise<boolean> =>
  chart.practiceKind === 'live' || (await findPersonByEmail(tx, email)) === undefined;

async function completeEnrollment(
  deps: EnrollDeps,
  opened: Opened,
  { key, requestId }: Finish,
  by: 'password' | 'passkey' | 'account',
  open: (tx: Executor) => Promise<AccountId>,
): Promise<AccountId> {
  const { invitationId, recordId, kind } = opened.invitation;
  return deps.db.transaction(async (tx) => {
    await settleRecord(tx, recordId);
    if (!(await useStep(tx, key, by !== 'account'))) throw new FinishFault('over');
    if (kind === 'patient' && (await standingOf(tx, recordId)).enrolled) throw new FinishFault('already-enrolled');
    const accountId = await open(tx);
    await keepUser(tx, invitationId, accountId);
    await tellOthers(tx, deps, opened, accountId);
    const detail = { action: 'enroll', whom: kind, by, invitation: invitationId };
    await deps.audit.recordWithin(tx, {
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

async function newAccount(
  tx: Executor,
  deps: EnrollDeps,
  opened: Opened,
  { answers, secret }: { readonly answers: StepAnswers; readonly secret: Secret },
): Promise<AccountId> {
  const { recordId, relatedPersonId, name, email } = opened.invitation;
  const account: NewAccount = {
    username: answers.username,
    password: secret.kind === 'password' ? secret.password : undefined,
    displayName: name,
    published: false,
    // The person opened the link that was sent to this address, so it is confirmed.
    email,
    language: answers.language,
  };
  if (relatedPersonId === undefined) {
    const accountId = await addAccount(tx, deps, { ...account, recordId });
    if (accountId === undefined) throw new FinishFault('name-taken');
    return accountId;
  }
  const accountId = await addRepresentative(tx, deps, account);
  if (accountId === undefined) throw new FinishFault('name-taken');
  if (!(await addRepresentation(tx, { accountId, recordId, relatedPersonId }))) throw new FinishFault('not-theirs');
  return accountId;
}
