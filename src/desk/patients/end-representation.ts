import { html } from 'ghtml';
import { endAccessTo } from '../../oauth/index.ts';
import { endRepresentation } from '../../people/index.ts';
import { accountAt } from './account-at.ts';
import { actPage } from './act-page.ts';
import type { Act } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';

/**
 * Ends a representative's access to the patient's record. The representative's account and its access to other records
 * remain.
 */
export const endRepresentationAct = (deps: PatientsDeps): Act => ({
  path: 'accounts/:accountId/end',
  changesAccount: true,
  async ask(context, form, errors) {
    const { displayName, ended } = await accountAt(deps, context, 'representative');
    if (ended !== undefined) return undefined;
    return actPage(context, {
      title: `End the access of ${displayName} to the record of ${context.patient.name}?`,
      about: html`
<p>${displayName} no longer sees this record, and neither do the apps that they let in. Their own account stays.</p>`,
      fields: reasonField(context.frame, form, errors, 'Such as: custody has changed, or the patient asked.'),
      button: 'End the access',
      faults: errors,
    });
  },
  async perform(context, form) {
    const { accountId } = await accountAt(deps, context, 'representative');
    const parsedReason = reasonIn(form);
    if ('faults' in parsedReason) return parsedReason;
    const { recordId } = context.patient;
    return deps.db.transaction(async (tx) => {
      if (!(await endRepresentation(tx, deps.clock, { accountId, recordId, ...parsedReason })))
        return { done: 'changed' };
      const reason = 'this person no longer acts for the patient';
      await endAccessTo(tx, deps.clock.now(), { accountId, recordId, reason });
      await deps.audit.recordWithin(tx, {
        kind: 'account',
        outcome: 'success',
        requestId: context.by.requestId,
        accountId,
        recordId,
        detail: { action: 'end-representation', ...parsedReason, by: context.by.accountId },
      });
      return { done: 'ended' };
    });
  },
});
