import { endRepresentation } from '../../../identity/index.ts';
import { html } from '../../../kernel/index.ts';
import { endAccessThroughAccount } from '../../../oauth/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import type { PatientAction } from './patient-action.ts';
import { parseReason, reasonField } from './reason.ts';
import { requireAccount } from './require-account.ts';

/**
 * Ends a representative's access to the patient's record. The representative keeps the account and access to other
 * records.
 */
export const endRepresentationAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'accounts/:accountId/end',
  changesAccount: true,
  async renderForm(context, form, errors) {
    const { displayName, ended } = await requireAccount(deps, context, 'representative');
    if (ended !== undefined) return undefined;
    const messages = context.messages.patientAccount.endRepresentation;
    return renderActionPage(context, {
      title: messages.title(displayName, context.patient.name),
      intro: html`
<p>${messages.text(displayName)}</p>`,
      fields: reasonField(context, form, errors, messages.reasonHint),
      buttonText: messages.button,
      destructive: true,
      errors,
    });
  },
  async perform(context, form) {
    const { accountId } = await requireAccount(deps, context, 'representative');
    const parsedReason = parseReason(context, form);
    if ('errors' in parsedReason) return parsedReason;
    const { recordId } = context.patient;
    return deps.db.transaction(async (tx) => {
      if (!(await endRepresentation(tx, deps.clock, { accountId, recordId, ...parsedReason })))
        return { done: 'changed' };
      const reason = 'this person no longer acts for the patient';
      await endAccessThroughAccount(tx, deps.clock.now(), { accountId, recordId, reason });
      await deps.audit.appendInTransaction(tx, {
        kind: 'account',
        outcome: 'success',
        requestId: context.actor.requestId,
        accountId,
        recordId,
        detail: { action: 'end-representation', ...parsedReason, by: context.actor.accountId },
      });
      return { done: 'ended' };
    });
  },
});
