import { seconds } from '../../kernel/index.ts';

/**
 * So soon after another the same form was sent twice, by a tap too many: a second mail would make the first one's link or
 * code worthless, and people open either.
 */
export const AT_ONCE = seconds(10);
