import { html } from 'ghtml';
import type { Executor } from '../../database/index.ts';
import { endAccessTo } from '../../oauth/index.ts';
import {
  endOwnAccess,
  lockAccountById,
  opensElsewhere,
  restoreOwnAccess,
  unlockAccountById,
} from '../../people/index.ts';
import { accountAt, isOpen } from './account-at.ts';
import type { RecordAccount } from './accounts.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';
import { inWords } from './refusals.ts';

/**
 * Stops a patient's own account. An account that only opens records of this practice is locked. If it also opens
 * records elsewhere, only its access to this record ends, because a practice must not lock out another practice's
 * patient.
 */
export const deactivateAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/deactivate',
  changesAccount: true,
  async ask(context, form, errors) {
    const account = await accountAt(deps, context, 'self');
    if (!isOpen(account)) return undefined;
    return actPage(context, {
      title: `Deactivate the account of ${account.displayName}?`,
      about: account.elsewhere ? ENDS_HERE : locks(account),
      fields: reasonField(
        context.frame,
        form,
        errors,
        'Such as: the patient asked, or somebody else was in the account.',
      ),
      button: 'Deactivate',
      faults: errors,
    });
  },
  async perform(context, form) {
    const account = await accountAt(deps, context, 'self');
    const parsedReason = reasonIn(form);
    if ('faults' in parsedReason) return parsedReason;
    if (!isOpen(account)) return { done: 'changed' };
    return deps.db.transaction(async (tx) => {
      const accountAndRecord = { accountId: account.accountId, recordId: context.patient.recordId };
      const elsewhere = await opensElsewhere(tx, accountAndRecord);
      const done = elsewhere
        ? await endOwnAccess(tx, deps.clock, { ...accountAndRecord, ...parsedReason })
        : await lockAccountById(tx, deps.clock, accountAndRecord.accountId, parsedReason.reason);
      if (!done) return { done: 'changed' };
      if (elsewhere)
        await endAccessTo(tx, deps.clock.now(), { ...accountAndRecord, reason: 'the practice ended this access' });
      await tell(deps, tx, context, account, { action: elsewhere ? 'end-own-access' : 'lock', ...parsedReason });
      return { done: elsewhere ? 'ended' : 'locked' };
    });
  },
});

const ENDS_HERE = html`
<p>This account opens records at other practices too, which stay as they are. What ends is the access to the record here: nobody opens it with this account, and no app reads it.</p>`;

const locks = ({ others }: RecordAccount): string => html`
<p>Nobody can sign in with the account, and no app that was allowed with it reads anything, until you unlock it.</p>
!${others.length === 0 ? '' : html`<div class="note"><p>The account opens the record of ${inWords(others)} too. That stops as well.</p></div>`}`;

/** Reverses a deactivation. A practice can't unlock an account that also opens records elsewhere. */
export const unlockAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/unlock',
  changesAccount: true,
  async ask(context, form, errors) {
    const account = await accountAt(deps, context, 'self');
    if (isOpen(account)) return undefined;
    const title = `Unlock the account of ${account.displayName}?`;
    if (account.locked !== undefined && account.elsewhere) return actPage(context, { title, about: OPERATORS });
    const stop = account.locked ?? account.ended;
    return actPage(context, {
      title,
      about: html`
<p>It was stopped because: ${stop?.reason === '' ? 'no reason was given' : (stop?.reason ?? '')}.</p>
<p>!${account.locked === undefined ? RESTORES : UNLOCKS}</p>`,
      fields: reasonField(context.frame, form, errors, 'Such as: spoke with the patient at the desk.'),
      button: 'Unlock',
      faults: errors,
    });
  },
  async perform(context, form) {
    const account = await accountAt(deps, context, 'self');
    const parsedReason = reasonIn(form);
    if ('faults' in parsedReason) return parsedReason;
    const accountAndRecord = { accountId: account.accountId, recordId: context.patient.recordId };
    return deps.db.transaction(async (tx) => {
      if (account.locked !== undefined && (await opensElsewhere(tx, accountAndRecord))) return { done: 'changed' };
      const restored = await restoreOwnAccess(tx, accountAndRecord);
      const unlocked = account.locked !== undefined && (await unlockAccountById(tx, accountAndRecord.accountId));
      if (!restored && !unlocked) return { done: 'changed' };
      await tell(deps, tx, context, account, { action: unlocked ? 'unlock' : 'restore-own-access', ...parsedReason });
      return { done: restored ? 'restored' : 'unlocked' };
    });
  },
});

const OPERATORS = html`
<div class="note"><p>This account opens records at other practices too: the operator of this server has to unlock it.</p></div>`;
const UNLOCKS =
  'The person can sign in again, and the apps that they let in can read again. If somebody else was in the account, ask the person to choose a new password and to look at their connected apps first.';
const RESTORES = 'The account opens this record again. Apps have to be connected anew.';

const tell = (
  { audit }: PatientsDeps,
  tx: Executor,
  { by, patient }: AtPatient,
  { accountId }: RecordAccount,
  detail: { readonly action: string; readonly reason: string },
): Promise<void> =>
  audit.recordWithin(tx, {
    kind: 'account',
    outcome: 'success',
    requestId: by.requestId,
    accountId,
    recordId: patient.recordId,
    detail: { ...detail, by: by.accountId },
  });
