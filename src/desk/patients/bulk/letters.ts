import { html } from 'ghtml';
import { type By, EnrollmentFault, type Enrollments, type Letter, lettersPage } from '../../../enrollment/index.ts';
import type { PracticeId } from '../../../kernel/index.ts';
import type { Frame } from '../../../words/index.ts';
import { AT_A_TIME } from './pages.ts';

export interface WantedLetters {
  readonly practiceId: PracticeId;
  readonly bulkId: string;
  readonly visitor: Buffer | undefined;
  /** Which of them, from 0. */
  readonly part: number;
  /** Path that one comes back to. */
  readonly back: string;
}

/** The letters of a part of a file's patients. Their codes are made now, for nobody has seen those of before. */
export async function printLetters(
  enrollments: Enrollments,
  by: By,
  { practiceId, bulkId, visitor, part, back }: WantedLetters,
  frame: Frame,
): Promise<string> {
  const rows = (await enrollments.bulkReport(bulkId, practiceId, visitor)).filter(({ letter }) => letter);
  const wanted = rows.slice(part * AT_A_TIME, (part + 1) * AT_A_TIME);
  const letters: Letter[] = [];
  for (const { invitationId = '' } of wanted) {
    const letter = await letterOf(enrollments, by, invitationId);
    if (letter !== undefined) letters.push(letter);
  }
  const over = wanted.length - letters.length;
  const left =
    over === 0
      ? ''
      : html`<p>${over} more can’t be printed: used, cancelled or expired, or something changed on the chart.</p>`;
  const above = html`!${left}<p>Each works only together with a six-digit code, which you give from the patient’s page.</p><p><a href="${back}">Back</a></p>`;
  return lettersPage(letters, frame, above);
}

async function letterOf(enrollments: Enrollments, by: By, invitationId: string): Promise<Letter | undefined> {
  try {
    return await enrollments.letter(await enrollments.resend(by, invitationId));
  } catch (error) {
    if (error instanceof EnrollmentFault) return undefined;
    throw error;
  }
}
