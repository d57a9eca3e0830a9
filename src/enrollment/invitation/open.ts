/** Wrong answers, over all of its codes; then it is over. */
export const MOST_FAILURES = 5;

/** SQL: whether the invitation `i` can be used at the time `$1`, by any statement that uses it up or counts against it. */
export const OPEN = `(i.used_at is null and i.cancelled_at is null and i.declined_at is null
    and i.failures < ${MOST_FAILURES} and i.expires_at > $1 and i.kind in ('patient', 'representative'))`;
