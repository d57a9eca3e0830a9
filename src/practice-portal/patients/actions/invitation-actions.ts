import type { Invitation } from '../../../enrollment/index.ts';
import { formatLongDate } from '../../../i18n/index.ts';
import { html } from '../../../kernel/index.ts';
import { notFound } from '../../roles.ts';
import { maskForSession } from '../contact-format.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderActionPage } from './action-page.ts';
import { requireChart } from './invite.ts';
import type { PatientAction, PatientAdminContext } from './patient-action.ts';
import { showLetter } from './show-letter.ts';

/** Renews an invitation: emails a new link to the same address, or makes another letter with a new code. */
export const resendInvitationAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'invitations/:invitationId/resend',
  async renderForm(context, _form, errors) {
    const { name, email, state } = await requireInvitation(deps, context);
    if (state !== 'open') return undefined;
    const messages = context.messages.patientInvitation.resend;
    const [title, about, button] =
      email === undefined
        ? [messages.letterTitle(name), messages.letterText, messages.letterButton]
        : [messages.emailTitle(name), messages.emailText(maskForSession(context.session, email)), messages.emailButton];
    return renderActionPage(context, { title, intro: html`<p>${about}</p>`, buttonText: button, errors });
  },
  async perform(context) {
    const { invitationId } = await requireInvitation(deps, context);
    const renewed = await deps.enrollments.resend(context.actor, invitationId);
    return renewed.letterCode === undefined ? { done: 'resent' } : showLetter(deps, context, renewed);
  },
});

export const cancelInvitationAction = (deps: PatientAdminDeps): PatientAction => ({
  path: 'invitations/:invitationId/cancel',
  async renderForm(context, _form, errors) {
    const { name, createdAt, email, state } = await requireInvitation(deps, context);
    if (state !== 'open') return undefined;
    const { timeZone } = await requireChart(deps, context);
    const messages = context.messages.patientInvitation.cancel;
    const day = formatLongDate(context.pageContext.language, createdAt, timeZone);
    const effect =
      email === undefined ? messages.letter(day) : messages.email(maskForSession(context.session, email), day);
    return renderActionPage(context, {
      title: messages.title(name),
      intro: html`
<p>${effect} ${messages.again(name)}</p>`,
      buttonText: messages.button,
      destructive: true,
      errors,
    });
  },
  async perform(context) {
    const { invitationId } = await requireInvitation(deps, context);
    await deps.enrollments.cancel(context.actor, invitationId);
    return { done: 'cancelled' };
  },
});

/**
 * Finds the invitation whose id is in the path.
 * @throws {Problem} `not-found` also for an invitation of another patient or practice
 */
export async function requireInvitation(
  { enrollments }: Pick<PatientAdminDeps, 'enrollments'>,
  { job, patient, params }: PatientAdminContext,
): Promise<Invitation> {
  const invitation = await enrollments.find(job.practiceId, params['invitationId'] ?? '');
  if (invitation === undefined || invitation.recordId !== patient.recordId) throw notFound();
  return invitation;
}
