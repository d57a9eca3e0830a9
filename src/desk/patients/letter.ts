import { html } from 'ghtml';
import { letterPage, type MadeInvitation } from '../../enrollment/index.ts';
import type { AtPatient, Outcome } from './acts.ts';
import type { PatientsDeps } from './deps.ts';

/**
 * The letter that was made just now, to be printed: its code is stored nowhere. Another invitation may have replaced it
 * meanwhile, such as that of a second click: then the patient's page shows the one that is open.
 */
export async function showLetter(
  { enrollments }: Pick<PatientsDeps, 'enrollments'>,
  { path, frame, patient }: AtPatient,
  made: MadeInvitation,
): Promise<Outcome> {
  const letter = await enrollments.letter(made);
  if (letter === undefined) return { done: 'changed' };
  const above = html`
<p>Printing it another time makes a new code, and this letter can’t be used any more. The letter works only together with a six-digit code: don’t put both into one envelope.</p>
<ul class="acts">
  <li><a class="button" href="${path}/invitations/${made.invitationId}/code">Give the code</a></li>
  <li><a href="${path}">Back to ${patient.name}</a></li>
</ul>`;
  return { page: letterPage(letter, frame, above) };
}
