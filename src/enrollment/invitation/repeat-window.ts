import { seconds } from '../../kernel/index.ts';

/**
 * Milliseconds within which a repeated form counts as submitted twice. No second email is sent then, because it would
 * invalidate the link or code in the first email, and people open either of the two.
 */
export const REPEAT_WINDOW = seconds(10);
