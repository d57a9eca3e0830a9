import {
  type EnrollmentActor,
  EnrollmentError,
  type Enrollments,
  type InvitationLetter,
  lettersPage,
} from '../../../enrollment/index.ts';
import { formatNumber, getMessages, type PageContext } from '../../../i18n/index.ts';
import { type Html, html, type PracticeId } from '../../../kernel/index.ts';
import { LETTERS_PER_BATCH } from './pages.ts';

export interface LetterBatchRequest {
  readonly practiceId: PracticeId;
  readonly bulkId: string;
  readonly visitor: Buffer | undefined;
  /** Index of the batch of letters, starting at 0. */
  readonly batchIndex: number;
  /** Path of the page that the page of letters links back to. */
  readonly back: string;
}

/**
 * Renders one batch of letters for printing. Each letter gets a new code, because the earlier code is stored only as a
 * hash and can't be printed.
 */
export async function printLetters(
  enrollments: Enrollments,
  actor: EnrollmentActor,
  { practiceId, bulkId, visitor, batchIndex, back }: LetterBatchRequest,
  pageContext: PageContext,
): Promise<Html> {
  const rows = (await enrollments.listBulkReport(bulkId, practiceId, visitor)).filter(({ letter }) => letter);
  const batch = rows.slice(batchIndex * LETTERS_PER_BATCH, (batchIndex + 1) * LETTERS_PER_BATCH);
  const letters: InvitationLetter[] = [];
  for (const { invitationId = '' } of batch) {
    const letter = await remakeLetter(enrollments, actor, invitationId);
    if (letter !== undefined) letters.push(letter);
  }
  const { language } = pageContext;
  const { letters: messages } = getMessages(language).practicePortal.bulkInvitations;
  const unprintable = batch.length - letters.length;
  const unprintableNote =
    unprintable === 0 ? '' : html`<p>${messages.unprintable(formatNumber(language, unprintable))}</p>`;
  const header = html`${unprintableNote}<p>${messages.needCodes}</p><p><a href="${back}">${messages.back}</a></p>`;
  return lettersPage(letters, pageContext, header);
}

async function remakeLetter(
  enrollments: Enrollments,
  actor: EnrollmentActor,
  invitationId: string,
): Promise<InvitationLetter | undefined> {
  try {
    return await enrollments.createLetter(await enrollments.resend(actor, invitationId));
  } catch (error) {
    if (error instanceof EnrollmentError) return undefined;
    throw error;
  }
}
