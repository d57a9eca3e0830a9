import { html } from 'ghtml';
import { type By, EnrollmentFault, type Enrollments, type Letter, lettersPage } from '../../../enrollment/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import type { Frame } from '../../../words/index.ts';
import { AT_A_TIME } from './pages.ts';

export interface WantedLetters {
  readonly practiceId: PracticeId;
  readonly bulkId: string;
  readonly visitor: Buffer | undefined;
  /** Index of the batch, starting at 0. */
  readonly part: number;
  /** Path of the page to return to. */
  readonly back: string;
}

/**
 * Renders one batch of letters for printing. Each letter gets a new code here, because codes are stored only as hashes.
 */
export async function printLetters(
  enrollments: Enrollments,
  actor: By,
  { practiceId, bulkId, visitor, part, back }: WantedLetters,
  pageContext: Frame,
): Promise<string> {
  const rows = (await enrollments.bulkReport(bulkId, practiceId, visitor)).filter(({ letter }) => letter);
  const batch = rows.slice(part * AT_A_TIME, (part + 1) * AT_A_TIME);
  const letters: Letter[] = [];
  for (const { invitationId = '' } of batch) {
    const letter = await letterOf(enrollments, actor, invitationId);
    if (letter !== undefined) letters.push(letter);
  }
  const unprintable = batch.length - letters.length;
  const unprintableNote =
    unprintable === 0
      ? ''
      : html`<p>${unprintable} more can’t be printed: used, cancelled or expired, or something changed on the chart.</p>`;
  const header = html`!${unprintableNote}<p>Each works only together with a six-digit code, which you give from the patient’s page.</p><p><a href="${back}">Back</a></p>`;
  return lettersPage(letters, pageContext, header);
}

async function letterOf(enrollments: Enrollments, actor: By, invitationId: string): Promise<Letter | undefined> {
  try {
    return await enrollments.letter(await enrollments.resend(actor, invitationId));
  } catch (error) {
    if (error instanceof EnrollmentFault) return undefined;
    throw error;
  }
}
