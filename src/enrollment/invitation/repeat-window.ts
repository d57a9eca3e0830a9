import { seconds } from '../../kernel/index.ts';

/**
 * Milliseconds within which a second submission of a form counts as an accidental repetition. A repetition sends no
 * second email, because that would invalidate the link or code in the first email, and people may open either of the
 * two.
 */
export const REPEAT_WINDOW = seconds(10);
