import { html } from 'ghtml';
import { actPage } from './act-page.ts';
import type { Act } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';

/** Records that the patient doesn't want an account, so that they aren't invited again. */
export const declineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'decline',
  field: 'reason',
  async ask(at, form, errors) {
    const { status, name } = at.patient;
    if (status !== 'not-enrolled' && status !== 'invited') return undefined;
    const cancelNote = status === 'invited' ? '<p>The invitation that is out is cancelled.</p>' : '';
    return actPage(at, {
      title: `${name} wants no account`,
      about: html`<p>They are left out when many are invited at once. It can be undone if they change their mind.</p>!${cancelNote}`,
      fields: reasonField(at.frame, form, errors, 'Such as: has no computer.'),
      button: 'Note it',
      faults: errors,
    });
  },
  async perform(at, form) {
    const reason = reasonIn(form);
    if ('faults' in reason) return reason;
    if (at.patient.status !== 'not-enrolled' && at.patient.status !== 'invited') return { done: 'changed' };
    await enrollments.decline(at.by, at.patient.recordId, reason.reason);
    return { done: 'declined' };
  },
});

export const undoDeclineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'undo-decline',
  async ask(at, _form, errors) {
    if (at.patient.status !== 'declined') return undefined;
    return actPage(at, {
      title: `${at.patient.name} wants an account after all`,
      about: '<p>They can be invited again.</p>',
      button: 'Undo “Declined”',
      faults: errors,
    });
  },
  async perform(at) {
    if (at.patient.status !== 'declined') return { done: 'changed' };
    await enrollments.undoDecline(at.by, at.patient.recordId);
    return { done: 'undeclined' };
  },
});
