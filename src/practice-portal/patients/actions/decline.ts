import { html } from '../../../kernel/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import type { PatientAction } from './patient-action.ts';
import { parseReason, reasonField } from './reason.ts';

/** Records that the patient doesn't want an account, so that the practice doesn't invite the patient again. */
export const declineAction = ({ enrollments }: Pick<PatientAdminDeps, 'enrollments'>): PatientAction => ({
  path: 'decline',
  errorField: 'reason',
  async renderForm(context, form, errors) {
    const { status, name } = context.patient;
    const messages = context.messages.patientAccount.decline;
    if (status !== 'not-enrolled' && status !== 'invited') return undefined;
    const cancelNote = status === 'invited' ? html`<p>${messages.cancels}</p>` : '';
    return renderActionPage(context, {
      title: messages.title(name),
      intro: html`<p>${messages.text}</p>${cancelNote}`,
      fields: reasonField(context, form, errors, messages.reasonHint),
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context, form) {
    const parsedReason = parseReason(context, form);
    if ('errors' in parsedReason) return parsedReason;
    if (context.patient.status !== 'not-enrolled' && context.patient.status !== 'invited') return { done: 'changed' };
    await enrollments.decline(context.actor, context.patient.recordId, parsedReason.reason);
    return { done: 'declined' };
  },
});

export const undoDeclineAction = ({ enrollments }: Pick<PatientAdminDeps, 'enrollments'>): PatientAction => ({
  path: 'undo-decline',
  async renderForm(context, _form, errors) {
    if (context.patient.status !== 'declined') return undefined;
    const messages = context.messages.patientAccount.undoDecline;
    return renderActionPage(context, {
      title: messages.title(context.patient.name),
      intro: html`<p>${messages.text}</p>`,
      buttonText: messages.button,
      errors,
    });
  },
  async perform(context) {
    if (context.patient.status !== 'declined') return { done: 'changed' };
    await enrollments.undoDecline(context.actor, context.patient.recordId);
    return { done: 'undeclined' };
  },
});
