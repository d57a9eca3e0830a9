import { type CreatedInvitation, letterPage } from '../../../enrollment/index.ts';
import { html } from '../../../kernel/index.ts';
import type { PatientAdminDeps } from '../deps.ts';
import type { PatientActionResult, PatientAdminContext } from './patient-action.ts';

/**
 * Shows a letter that was just created. It can be shown only once, because its code is stored only as a hash. If
 * another invitation has replaced the letter's invitation meanwhile, such as after a second click, the patient's page
 * is shown instead.
 */
export async function showLetter(
  { enrollments }: Pick<PatientAdminDeps, 'enrollments'>,
  { patientPath, pageContext, messages, patient }: PatientAdminContext,
  invitation: CreatedInvitation,
): Promise<PatientActionResult> {
  const letter = await enrollments.createLetter(invitation);
  if (letter === undefined) return { done: 'changed' };
  const { needsCode, giveCode } = messages.patientInvitation.letterPage;
  const header = html`
<p>${needsCode}</p>
<ul class="actions">
  <li><a class="button secondary" href="${patientPath}/invitations/${invitation.invitationId}/code">${giveCode}</a></li>
  <li><a href="${patientPath}">${messages.patientAccount.backTo(patient.name)}</a></li>
</ul>`;
  return { page: letterPage(letter, pageContext, header) };
}
