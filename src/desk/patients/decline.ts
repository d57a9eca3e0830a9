import { html } from 'ghtml';
import { actPage } from './act-page.ts';
import type { Act } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { reasonField, reasonIn } from './reason.ts';

/** The patient wants no account: nobody asks them again. */
export const declineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'decline',
  field: 'reason',
  async ask(at, form, faults) {
    const { status, name } = at.patient;
    if (status !== 'not-enrolled' && status !== 'invited') return undefined;
    const open = status === 'invited' ? '<p>The invitation that is out is cancelled.</p>' : '';
    return actPage(at, {
      title: `${name} wants no account`,
      about: html`<p>They are left out when many are invited at once. It can be undone if they change their mind.</p>!${open}`,
      fields: reasonField(at.frame, form, faults, 'Such as: has no computer.'),
      button: 'Note it',
      faults,
    });
  },
  async perform(at, form) {
    const given = reasonIn(form);
    if ('faults' in given) return given;
    if (at.patient.status !== 'not-enrolled' && at.patient.status !== 'invited') return { done: 'changed' };
    await enrollments.decline(at.by, at.patient.recordId, given.reason);
    return { done: 'declined' };
  },
});

export const undoDeclineAct = ({ enrollments }: Pick<PatientsDeps, 'enrollments'>): Act => ({
  path: 'undo-decline',
  async ask(at, _form, faults) {
    if (at.patient.status !== 'declined') return undefined;
    return actPage(at, {
      title: `${at.patient.name} wants an account after all`,
      about: '<p>They can be invited again.</p>',
      button: 'Undo “Declined”',
      faults,
    });
  },
  async perform(at) {
    if (at.patient.status !== 'declined') return { done: 'changed' };
    await enrollments.undoDecline(at.by, at.patient.recordId);
    return { done: 'undeclined' };
  },
});
