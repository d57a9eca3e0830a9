/**
 * Number of wrong answers to the identity questions after which an invitation fails. A new verification code doesn't
 * reset the count.
 */
export const MAX_WRONG_ANSWERS = 5;

/**
 * SQL condition: invitation `i` can be used at time `$1`. Statements that use up an invitation or count a wrong answer
 * contain this condition, so that the check and the change are one step.
 */
export const OPEN_INVITATION = `(i.used_at is null and i.cancelled_at is null and i.declined_at is null
    and i.failures < ${MAX_WRONG_ANSWERS} and i.expires_at > $1 and i.kind in ('patient', 'representative'))`;
