import type { Executor } from '../../../database/index.ts';
import { noteSandboxChange } from '../../../enrollment/index.ts';
import { formatList } from '../../../i18n/index.ts';
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
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { parseReason, reasonField, translateReason } from './reason.ts';
import { isAccountActive, requireAccount } from './require-account.ts';

/**
 * Locks a patient's own account. If the account also opens records of other practices, only its access to this record
 * ends, because a practice must not lock out another practice's patient. The path keeps its former name, so that open
 * pages still work.
 */
export const lockAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/deactivate',
  changesAccount: true,
  opensStartAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context, 'self');
    if (!isAccountActive(account)) return undefined;
    const { lock, endOwnAccess } = context.messages.patientAccount;
    const messages = account.opensOtherPractices ? endOwnAccess : lock;
    return renderActionPage(context, {
      title: messages.title(account.displayName),
      intro: account.opensOtherPractices ? html`<p>${endOwnAccess.text}</p>` : lockNotice(context, account),
      fields: reasonField(context, form, errors, messages.reasonHint),
      buttonText: messages.button,
      destructive: true,
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context, 'self');
    const parsedReason = parseReason(context, form);
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

function lockNotice({ pageContext, messages }: PatientAdminContext, { otherPatientNames }: RecordAccount): Html {
  const { text, otherPatients } = messages.patientAccount.lock;
  const names = formatList(pageContext.language, otherPatientNames);
  return html`
<p>${text}</p>
${otherPatientNames.length === 0 ? '' : html`<div class="note"><p>${otherPatients(names)}</p></div>`}`;
}

/**
 * Unlocks an account, or restores its access to this record. A practice can't unlock an account that also opens records
 * of other practices.
 */
export const unlockAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/unlock',
  changesAccount: true,
  opensStartAccount: true,
  async renderForm(context, form, errors) {
    const account = await requireAccount(deps, context, 'self');
    if (isAccountActive(account)) return undefined;
    const { unlock, restoreOwnAccess } = context.messages.patientAccount;
    const messages = account.locked === undefined ? restoreOwnAccess : unlock;
    const title = messages.title(account.displayName);
    if (account.locked !== undefined && account.opensOtherPractices)
      return renderActionPage(context, { title, intro: html`<div class="note"><p>${unlock.operatorOnly}</p></div>` });
    const stop = account.locked ?? account.ended;
    return renderActionPage(context, {
      title,
      intro: html`
<p>${unlock.recordedReason(translateReason(context, stop?.reason ?? ''))}</p>
<p>${messages.text}</p>`,
      fields: reasonField(context, form, errors, unlock.reasonHint),
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    const account = await requireAccount(deps, context, 'self');
    const parsedReason = parseReason(context, form);
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

/** Records the change in the audit log, and notes it if visitors of the sandbox try enrollment with the patient. */
async function auditAccountChange(
  { audit, clock }: PatientAdminDeps,
  tx: Executor,
  { actor, patient }: PatientAdminContext,
  { accountId }: RecordAccount,
  detail: { readonly action: string; readonly reason: string },
): Promise<void> {
  await noteSandboxChange(tx, patient.recordId, clock.now(), false);
  await audit.appendInTransaction(tx, {
    kind: 'account',
    outcome: 'success',
    requestId: actor.requestId,
    accountId,
    recordId: patient.recordId,
    detail: { ...detail, by: actor.accountId },
  });
}
