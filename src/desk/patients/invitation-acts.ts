import { html } from 'ghtml';
import type { Invitation } from '../../enrollment/index.ts';
import { dayOf } from '../../words/index.ts';
import { notFound } from '../roles.ts';
import { actPage } from './act-page.ts';
import type { Act, AtPatient } from './acts.ts';
import type { PatientsDeps } from './deps.ts';
import { chartOf } from './invite.ts';
import { showLetter } from './letter.ts';
import { addressFor } from './masked.ts';

/** Renews an invitation: emails it with a new link, or makes another letter with a new code. */
export const resendAct = (deps: PatientsDeps): Act => ({
  path: 'invitations/:invitationId/resend',
  async ask(context, _form, errors) {
    const { name, email, state } = await invitationAt(deps, context);
    if (state !== 'open') return undefined;
    const [title, about, button] =
      email === undefined
        ? [
            `Print the letter to ${name} again`,
            'The new letter has a new code. The letter that was printed before can’t be used any more: throw it away.',
            'Make a new letter',
          ]
        : [
            `E-mail the invitation to ${name} again`,
            `It goes to ${addressFor(context.session, email)} once more, with a new link. The link that was sent before can’t be used any more.`,
            'E-mail it again',
          ];
    return actPage(context, { title, about: html`<p>${about}</p>`, button, faults: errors });
  },
  async perform(context) {
    const { invitationId } = await invitationAt(deps, context);
    const renewed = await deps.enrollments.resend(context.by, invitationId);
    return renewed.letterCode === undefined ? { done: 'resent' } : showLetter(deps, context, renewed);
  },
});

export const cancelAct = (deps: PatientsDeps): Act => ({
  path: 'invitations/:invitationId/cancel',
  async ask(context, _form, errors) {
    const { name, createdAt, email, state } = await invitationAt(deps, context);
    if (state !== 'open') return undefined;
    const { timeZone } = await chartOf(deps, context);
    const about = html`
<p>The ${email === undefined ? 'letter' : `e-mail to ${addressFor(context.session, email)}`} of ${dayOf('en', createdAt, timeZone)} can’t be used any more, and neither can its code. You can invite ${name} anew at any time.</p>`;
    return actPage(context, {
      title: `Cancel the invitation of ${name}?`,
      about,
      button: 'Cancel the invitation',
      faults: errors,
    });
  },
  async perform(context) {
    const { invitationId } = await invitationAt(deps, context);
    await deps.enrollments.cancel(context.by, invitationId);
    return { done: 'cancelled' };
  },
});

/**
 * Finds the invitation named in the address.
 * @throws {Problem} `not-found` also for an invitation of another patient or practice
 */
export async function invitationAt(
  { enrollments }: Pick<PatientsDeps, 'enrollments'>,
  { job, patient, params }: AtPatient,
): Promise<Invitation> {
  const invitation = await enrollments.find(job.practiceId, params['invitationId'] ?? '');
  if (invitation === undefined || invitation.recordId !== patient.recordId) throw notFound();
  return invitation;
}
