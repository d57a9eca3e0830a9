/** Maximum wrong answers per invitation, over all of its codes. */
export const MAX_WRONG_ANSWERS = 5;

/**
 * SQL condition: invitation `i` can be used at time `$1`. Every statement that uses up an invitation or counts a wrong
 * answer contains it.
 */
export const OPEN_INVITATION = `(i.used_at is null and i.cancelled_at is null and i.declined_at is null
    and i.failures < ${MAX_WRONG_ANSWERS} and i.expires_at > $1 and i.kind in ('patient', 'representative'))`;
