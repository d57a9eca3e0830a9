import type { Executor } from '../../../database/index.ts';
import {
  endSelfRepresentation,
  hasAccessAtOtherPractice,
  lockAccountById,
  restoreSelfRepresentation,
  unlockAccountById,
} from '../../../identity/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { endAccessThroughAccount } from '../../../oauth/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { RecordAccount } from '../record-accounts.ts';
import { renderActionPage } from './action-page.ts';
import { formatList } from './enrollment-errors.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { parseReason, reasonField } from './reason.ts';
import { isAccountActive, requireAccount } from './require-account.ts';

/**
 * Stops a patient's own account. An account that only opens records of this practice is locked. If the account also
 * opens records of other practices, only its access to this record ends, because a practice must not lock out another
 * practice's patient.
 */
export const deactivateAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/deactivate',
  changesAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context, 'self');
    if (!isAccountActive(account)) return undefined;
    return renderActionPage(context, {
      title: `Deactivate the account of ${account.displayName}?`,
      intro: account.opensOtherPractices ? ACCESS_ENDS_NOTICE : lockNotice(account),
      fields: reasonField(
        context.pageContext,
        form,
        errors,
        'For example, “patient asked” or “someone else used the account”.',
      ),
      buttonText: 'Deactivate account',
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context, 'self');
    const parsedReason = parseReason(form);
    if ('errors' in parsedReason) return parsedReason;
    if (!isAccountActive(account)) return { done: 'changed' };
    return deps.db.transaction(async (tx) => {
      const accountAndRecord = { accountId: account.accountId, recordId: context.patient.recordId };
      const elsewhere = await hasAccessAtOtherPractice(tx, accountAndRecord);
      const done = elsewhere
        ? await endSelfRepresentation(tx, deps.clock, { ...accountAndRecord, ...parsedReason })
        : await lockAccountById(tx, deps.clock, accountAndRecord.accountId, parsedReason.reason);
      if (!done) return { done: 'changed' };
      if (elsewhere)
        await endAccessThroughAccount(tx, deps.clock.now(), {
          ...accountAndRecord,
          reason: 'the practice ended this access',
        });
      await auditAccountChange(deps, tx, context, account, {
        action: elsewhere ? 'end-own-access' : 'lock',
        ...parsedReason,
      });
      return { done: elsewhere ? 'ended' : 'locked' };
    });
  },
});

const ACCESS_ENDS_NOTICE = html`
<p>This account also opens records at other practices. Those are not affected. Only the access to this record ends. The account can no longer open it, and its apps can no longer read it.</p>`;

const lockNotice = ({ otherPatientNames }: RecordAccount): Html => html`
<p>Until you unlock the account, no one can sign in with it, and the apps it connected can’t read data.</p>
${otherPatientNames.length === 0 ? '' : html`<div class="note"><p>This account also opens the record of ${formatList(otherPatientNames)}. That access stops too.</p></div>`}`;

/** Reverses a deactivation. A practice can't unlock an account that also opens records of other practices. */
export const unlockAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/unlock',
  changesAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context, 'self');
    if (isAccountActive(account)) return undefined;
    const title = `Unlock the account of ${account.displayName}?`;
    if (account.locked !== undefined && account.opensOtherPractices)
      return renderActionPage(context, { title, intro: OPERATOR_ONLY_NOTICE });
    const stop = account.locked ?? account.ended;
    return renderActionPage(context, {
      title,
      intro: html`
<p>Recorded reason: ${stop?.reason === '' ? 'none' : (stop?.reason ?? '')}.</p>
<p>${account.locked === undefined ? RESTORE_NOTICE : UNLOCK_NOTICE}</p>`,
      fields: reasonField(
        context.pageContext,
        form,
        errors,
        'For example, “spoke with the patient at the front desk”.',
      ),
      buttonText: 'Unlock account',
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context, 'self');
    const parsedReason = parseReason(form);
    if ('errors' in parsedReason) return parsedReason;
    const accountAndRecord = { accountId: account.accountId, recordId: context.patient.recordId };
    return deps.db.transaction(async (tx) => {
      if (account.locked !== undefined && (await hasAccessAtOtherPractice(tx, accountAndRecord)))
        return { done: 'changed' };
      const restored = await restoreSelfRepresentation(tx, accountAndRecord);
      const unlocked = account.locked !== undefined && (await unlockAccountById(tx, accountAndRecord.accountId));
      if (!restored && !unlocked) return { done: 'changed' };
      await auditAccountChange(deps, tx, context, account, {
        action: unlocked ? 'unlock' : 'restore-own-access',
        ...parsedReason,
      });
      return { done: restored ? 'restored' : 'unlocked' };
    });
  },
});

const OPERATOR_ONLY_NOTICE = html`
<div class="note"><p>This account also opens records at other practices. Only the operator of this server can unlock it.</p></div>`;
const UNLOCK_NOTICE =
  'The person can sign in again, and their connected apps can read data again. If someone else used the account, first ask the person to choose a new password and check their connected apps.';
const RESTORE_NOTICE = 'The account can open this record again. Apps must be connected again.';

const auditAccountChange = (
  { audit }: PatientAdminDeps,
  tx: Executor,
  { actor, patient }: PatientAdminContext,
  { accountId }: RecordAccount,
  detail: { readonly action: string; readonly reason: string },
): Promise<void> =>
  audit.appendInTransaction(tx, {
    kind: 'account',
    outcome: 'success',
    requestId: actor.requestId,
    accountId,
    recordId: patient.recordId,
    detail: { ...detail, by: actor.accountId },
  });
