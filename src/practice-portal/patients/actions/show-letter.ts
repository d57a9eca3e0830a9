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
  { patientPath, pageContext, patient }: PatientAdminContext,
  invitation: CreatedInvitation,
): Promise<PatientActionResult> {
  const letter = await enrollments.createLetter(invitation);
  if (letter === undefined) return { done: 'changed' };
  const header = html`
<p>The letter works only with a separate six-digit code. Don’t put both in one envelope. If you print the letter again later, it gets a new code and this letter no longer works.</p>
<ul class="acts">
  <li><a class="button" href="${patientPath}/invitations/${invitation.invitationId}/code">Give code</a></li>
  <li><a href="${patientPath}">Back to ${patient.name}</a></li>
</ul>`;
  return { page: letterPage(letter, pageContext, header) };
}
