import { seconds } from '../../kernel/index.ts';

/**
 * Milliseconds within which a repeated form counts as submitted twice. A second email would invalidate the link or code
 * in the first, and people open either of the two.
 */
export const REPEAT_WINDOW = seconds(10);
