import { html } from 'ghtml';
import { actPage } from './act-page.ts';
import type { Act } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';

/** Records that the patient doesn't want an account, so that they aren't invited again. */
export const declineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'decline',
  field: 'reason',
  async ask(context, form, errors) {
    const { status, name } = context.patient;
    if (status !== 'not-enrolled' && status !== 'invited') return undefined;
    const cancelNote = status === 'invited' ? '<p>The invitation that is out is cancelled.</p>' : '';
    return actPage(context, {
      title: `${name} wants no account`,
      about: html`<p>They are left out when many are invited at once. It can be undone if they change their mind.</p>!${cancelNote}`,
      fields: reasonField(context.frame, form, errors, 'Such as: has no computer.'),
      button: 'Note it',
      faults: errors,
    });
  },
  async perform(context, form) {
    const parsedReason = reasonIn(form);
    if ('faults' in parsedReason) return parsedReason;
    if (context.patient.status !== 'not-enrolled' && context.patient.status !== 'invited') return { done: 'changed' };
    await enrollments.decline(context.by, context.patient.recordId, parsedReason.reason);
    return { done: 'declined' };
  },
});

export const undoDeclineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'undo-decline',
  async ask(context, _form, errors) {
    if (context.patient.status !== 'declined') return undefined;
    return actPage(context, {
      title: `${context.patient.name} wants an account after all`,
      about: '<p>They can be invited again.</p>',
      button: 'Undo “Declined”',
      faults: errors,
    });
  },
  async perform(context) {
    if (context.patient.status !== 'declined') return { done: 'changed' };
    await enrollments.undoDecline(context.by, context.patient.recordId);
    return { done: 'undeclined' };
  },
});
