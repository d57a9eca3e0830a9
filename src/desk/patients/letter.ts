import { html } from 'ghtml';
import { letterPage, type MadeInvitation } from '../../enrollment/index.ts';
import type { AtPatient, Outcome } from './acts.ts';
import type { PatientsDeps } from './deps.ts';

/**
 * Shows the letter that was just created, once, because its code is stored only as a hash. If another invitation has
 * replaced this one meanwhile, such as after a second click, the patient's page is shown instead.
 */
export async function showLetter(
  { enrollments }: Pick<PatientsDeps, 'enrollments'>,
  { path, frame: pageContext, patient }: AtPatient,
  invitation: MadeInvitation,
): Promise<Outcome> {
  const letter = await enrollments.letter(invitation);
  if (letter === undefined) return { done: 'changed' };
  const header = html`
<p>Printing it another time makes a new code, and this letter can’t be used any more. The letter works only together with a six-digit code: don’t put both into one envelope.</p>
<ul class="acts">
  <li><a class="button" href="${path}/invitations/${invitation.invitationId}/code">Give the code</a></li>
  <li><a href="${path}">Back to ${patient.name}</a></li>
</ul>`;
  return { page: letterPage(letter, pageContext, header) };
}
