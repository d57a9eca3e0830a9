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
    if (status !== 'not-enrolled' && status !== 'invited') return undefined;
    const cancelNote = status === 'invited' ? html`<p>The open invitation will be canceled.</p>` : '';
    return renderActionPage(context, {
      title: `${name} doesn’t want an account`,
      intro: html`<p>Bulk invitations will skip this patient. You can undo this if the patient changes their mind.</p>${cancelNote}`,
      fields: reasonField(context.pageContext, form, errors, 'For example, “has no computer”.'),
      buttonText: 'Save decision',
      errors,
    });
  },
  async perform(context, form) {
    const parsedReason = parseReason(form);
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
    return renderActionPage(context, {
      title: `Allow invitations to ${context.patient.name} again?`,
      intro: html`<p>You can then invite this patient again.</p>`,
      buttonText: 'Allow invitations',
      errors,
    });
  },
  async perform(context) {
    if (context.patient.status !== 'declined') return { done: 'changed' };
    await enrollments.undoDecline(context.actor, context.patient.recordId);
    return { done: 'undeclined' };
  },
});
